/**
 * The circuit of a batch: public wires first, then inputs and hidden weights, each sample's operators, and what ties outputs
 * and commitments to the public wires.
 */
import type { IntRange, TensorId } from "../../program/program.ts";
import { elementCount } from "../../tensor/shape.ts";
import { affine, type Circuit, enforceZero, multiply, subtract } from "./circuit.ts";
import { type CircuitPlan, isWanted } from "./circuitPlan.ts";
import { commitment } from "./commitments.ts";
import { enforceAtMost } from "./gadgets/comparison.ts";
import { COMMITTED, type Committed, isCommitted } from "./publicSignals.ts";
import { sampleTensors } from "./sampleTensors.ts";
import { signedInteger } from "./scalarField.ts";

/** What is known of one run; only the witness reads it. */
export interface RunValues {
  readonly signals: readonly bigint[];
  readonly salts: Readonly<Record<Committed, bigint>>;
  /** By input of the program, batch · size integers each. */
  readonly inputs: readonly Int32Array[];
}

export interface CircuitReader<E> {
  readonly circuit: Circuit<E>;
  /** Null while only the structure is asked for. */
  readonly run: RunValues | null;
  /** Called when a part is complete: inputs, weights, each operator by its name, outputs. */
  readonly onPart?: (name: string) => void;
}

export interface BuiltCircuit<E> {
  readonly numPublic: number;
  /** By output of the program, of the whole batch. */
  readonly outputs: readonly (readonly E[])[];
}

export function buildCircuit<E>(
  plan: CircuitPlan,
  { circuit, run, onPart }: CircuitReader<E>,
): BuiltCircuit<E> {
  const { program, visibilities, batch } = plan;
  const known = (read: (values: RunValues) => bigint | number): E =>
    circuit.wire(() => {
      if (run === null) throw new TypeError("the structure of a circuit has no values");
      return BigInt(read(run));
    });
  let numPublic = 0;
  const publicWire = (): E => {
    const index = numPublic++;
    return known(({ signals }) => signedInteger(signals[index]));
  };
  const sizeOf = (id: TensorId): number => elementCount(program.tensors[id].shape);
  const publicTensors = (ids: readonly TensorId[], isPublic: boolean): E[][] | null =>
    isPublic ? ids.map((id) => Array.from({ length: batch * sizeOf(id) }, publicWire)) : null;

  const digest = publicWire();
  const commitments = COMMITTED.map((what) => (isCommitted(visibilities, what) ? publicWire() : null));
  const publicInputs = publicTensors(program.inputs, visibilities.input === "public");
  const publicOutputs = publicTensors(program.outputs, visibilities.output === "public");
  // A signal that no constraint reads could be exchanged in a proof.
  multiply(circuit, digest, digest);

  const inputs =
    publicInputs ??
    program.inputs.map((id, i) => {
      const { range } = program.tensors[id];
      const isRead = (j: number): boolean =>
        visibilities.input === "committed" || isWanted(plan, id, j % sizeOf(id));
      const wireOf = (_: unknown, j: number): E =>
        isRead(j) ? known((values) => values.inputs[i][j]) : circuit.constant(BigInt(range.lo));
      return Array.from({ length: batch * sizeOf(id) }, wireOf).map((value, j) =>
        isRead(j) ? inRange(circuit, value, range) : value,
      );
    });
  onPart?.("inputs");
  const weights = plan.hidesWeights
    ? program.constants.map(({ data, range }) =>
        Array.from(data, (value) =>
          inRange(
            circuit,
            circuit.wire(() => BigInt(value)),
            range,
          ),
        ),
      )
    : null;
  onPart?.("weights");
  const outputs: E[][] = program.outputs.map(() => []);
  for (let sample = 0; sample < batch; sample++) {
    const tensors = sampleTensors(
      { circuit, plan, weights, inputs, ...(onPart === undefined ? {} : { onPart }) },
      sample,
    );
    program.outputs.forEach((id, i) => {
      for (const value of tensors[id] ?? []) outputs[i].push(value);
    });
  }
  publicOutputs?.forEach((wires, i) => {
    for (const [j, wire] of wires.entries()) enforceZero(circuit, subtract(circuit, outputs[i][j], wire));
  });

  const ranges = (ids: readonly TensorId[]): IntRange[] => ids.map((id) => program.tensors[id].range);
  const rows = {
    weights: { values: weights ?? [], ranges: program.constants.map(({ range }) => range) },
    input: { values: inputs, ranges: ranges(program.inputs) },
    output: { values: outputs, ranges: ranges(program.outputs) },
  };
  COMMITTED.forEach((what, i) => {
    const signal = commitments[i];
    if (signal === null) return;
    const { values, ranges: declared } = rows[what];
    const salt = known(({ salts }) => salts[what]);
    const bound = commitment(
      circuit,
      salt,
      values.map((row, j) => ({ range: declared[j], values: row })),
    );
    enforceZero(circuit, subtract(circuit, bound, signal));
  });
  onPart?.("outputs");
  return { numPublic, outputs };
}

function inRange<E>(circuit: Circuit<E>, value: E, range: IntRange): E {
  const lo = BigInt(range.lo);
  enforceAtMost(circuit, affine(circuit, value, 1n, -lo), BigInt(range.hi) - lo, "lowest");
  return value;
}
