/** Statements and tensors as --json shows them. */
import type { Statement, StatementValue } from "../engine/statement.ts";
import type { Program, QuantParams } from "../program/program.ts";

export interface TensorJson {
  readonly name: string;
  /** Samples first. */
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly integers: readonly number[];
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function tensorJson(
  { name, shape, quant }: { name: string; shape: readonly number[]; quant: QuantParams },
  integers: Int32Array,
  batch: number,
): TensorJson {
  const data = Array.from(integers, (q) => quant.scale * (q - quant.zeroPoint));
  return { name, shape: [batch, ...shape], data, integers: Array.from(integers) };
}

export function outputsJson(program: Program, outputs: readonly Int32Array[], batch: number): TensorJson[] {
  return program.outputs.map((id, i) => tensorJson(program.tensors[id], outputs[i], batch));
}

/** The public values among those given. */
export function publicValuesJson(values: readonly StatementValue[], batch: number): TensorJson[] {
  return values.flatMap((value) => (value.values === null ? [] : [tensorJson(value, value.values, batch)]));
}

export function statementJson(statement: Statement): unknown {
  const { batch, visibilities, weightSlot, securityBits } = statement;
  const values = (list: readonly StatementValue[]): unknown[] =>
    list.map((value) => ({
      name: value.name,
      shape: [batch, ...value.shape],
      range: value.range,
      quant: value.quant,
      public: value.values !== null,
    }));
  return {
    modelCommitment: hex(statement.modelIdentity),
    programHash: hex(statement.programHash),
    batch,
    visibilities,
    inputs: values(statement.inputs),
    outputs: values(statement.outputs),
    weightSlot:
      weightSlot === null
        ? null
        : {
            epochRoot: hex(weightSlot.epochRoot),
            certificate: hex(weightSlot.certificates),
            slot: weightSlot.slot,
          },
    inputCommitment: statement.inputCommitment === null ? null : hex(statement.inputCommitment),
    outputCommitment: statement.outputCommitment === null ? null : hex(statement.outputCommitment),
    context: new TextDecoder().decode(statement.context),
    securityBits,
  };
}

/** One line per tensor, long ones shortened. */
export function tensorsText(tensors: readonly Omit<TensorJson, "integers">[]): string {
  const MAX_SHOWN = 16;
  return tensors
    .map(({ name, shape, data }) => {
      const shown = data.slice(0, MAX_SHOWN).map((value) => Number(value.toPrecision(6)));
      const rest = data.length > MAX_SHOWN ? `, … ${data.length - MAX_SHOWN} more` : "";
      return `${name} [${shape.join(", ")}]: ${shown.join(", ")}${rest}`;
    })
    .join("\n");
}
