/** `main` of a package: what a verifier sees, in the order of the public signals, and what ties it to the model. */
import type { IntRange, TensorId } from "../../program/program.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { CircuitPlan } from "../r1cs/circuitPlan.ts";
import { COMMITTED, type Committed, isCommitted } from "../r1cs/publicSignals.ts";
import { numPacks, packingOf } from "./commitment.ts";
import { naturalBits } from "./emission.ts";
import type { NoirOptions } from "./noirProject.ts";

export interface MainNames {
  /** By TensorId; inputs of the program are parameters of `main` under these names. */
  readonly tensors: readonly string[];
  /** By ConstantId: globals, or fields of `Weights`. */
  readonly constants: readonly string[];
  /** By output of the program, of the whole batch and of one sample. */
  readonly outputs: readonly string[];
  readonly samples: readonly string[];
}

/** Parameters of `main` that are neither inputs nor weights. */
export const DIGEST = "digest";
export const WEIGHTS = "w";
export const COMMITMENT_NAMES: Readonly<Record<Committed, string>> = {
  weights: "commitment_w",
  input: "commitment_x",
  output: "commitment_y",
};
export const SALT_NAMES: Readonly<Record<Committed, string>> = {
  weights: "salt_w",
  input: "salt_x",
  output: "salt_y",
};

interface Row {
  readonly expression: string;
  readonly size: number;
  readonly range: IntRange;
}

function checkRange({ expression, range }: Row): string {
  const bits = naturalBits(BigInt(range.hi) - BigInt(range.lo));
  return `${expression}.for_each(|x| in_range::<${bits}>(x, ${range.lo}, ${range.hi}));`;
}

function commitmentLines(what: Committed, rows: readonly Row[]): string[] {
  const count = 1 + rows.reduce((sum, { range, size }) => sum + numPacks(range, size), 0);
  const sponge = `sponge_${COMMITMENT_NAMES[what].slice(-1)}`;
  return [
    "",
    `// The commitment of the ${what}.`,
    `let mut ${sponge} = Sponge::new(${count});`,
    `${sponge}.absorb(${SALT_NAMES[what]});`,
    ...rows.map(({ expression, range }) => {
      const { width, each } = packingOf(range);
      return `${sponge}.absorb_packed::<${width}, ${each}, _>(${expression}, ${range.lo});`;
    }),
    `assert(${sponge}.finish() == ${COMMITMENT_NAMES[what]});`,
  ];
}

export function mainText(
  plan: CircuitPlan,
  names: MainNames,
  model: readonly string[],
  { visibilities, bindsStatement }: NoirOptions,
): string {
  const { program, batch, hidesWeights } = plan;
  const sizeOf = (id: TensorId): number => elementCount(program.tensors[id].shape);
  const rowsOf = (ids: readonly TensorId[], expressions: readonly string[]): Row[] =>
    ids.map((id, i) => ({
      expression: expressions[i],
      size: batch * sizeOf(id),
      range: program.tensors[id].range,
    }));
  const inputs = rowsOf(
    program.inputs,
    program.inputs.map((id) => names.tensors[id]),
  );
  const outputs = rowsOf(program.outputs, names.outputs);
  const weights = program.constants.map(({ data, range }, id) => ({
    expression: `w.${names.constants[id]}`,
    size: data.length,
    range,
  }));
  const rows = { weights, input: inputs, output: outputs };
  const committed = COMMITTED.filter((what) => isCommitted(visibilities, what));

  const shown = visibilities.input === "public" ? "pub " : "";
  const parameters = [
    ...(bindsStatement ? [`${DIGEST}: pub Field`] : []),
    ...committed.map((what) => `${COMMITMENT_NAMES[what]}: pub Field`),
    ...inputs.map(({ expression, size }) => `${expression}: ${shown}[Field; ${size}]`),
    ...(hidesWeights ? [`${WEIGHTS}: Weights`] : []),
    ...committed.map((what) => `${SALT_NAMES[what]}: Field`),
  ];
  const tuple = (parts: readonly string[]): string =>
    parts.length === 1 ? parts[0] : `(${parts.join(", ")})`;
  const outputTypes = (samples: number): string =>
    tuple(program.outputs.map((id) => `[Field; ${samples * sizeOf(id)}]`));
  const returns = visibilities.output === "public" ? ` -> pub ${outputTypes(batch)}` : "";

  const body: string[] = [];
  body.push(...inputs.map(checkRange));
  if (hidesWeights) body.push(...weights.map(checkRange));
  body.push(...sampleLines(plan, names, tuple));
  for (const what of committed) body.push(...commitmentLines(what, rows[what]));
  if (returns !== "") body.push("", tuple(names.outputs));

  const modelParameters = [
    ...program.inputs.map((id) => `${names.tensors[id]}: [Field; ${sizeOf(id)}]`),
    ...(hidesWeights ? [`${WEIGHTS}: Weights`] : []),
  ];
  const text = [...model, ...body].join("\n");
  const rounding = ["at_least", "at_most", "in_range", "is_natural", "look_up", "quotient", "shift", "step"];
  const used = rounding.filter((name) => text.includes(`${name}::<`));
  return [
    `// ${program.name.replace(/\s+/g, " ")}`,
    ...["elements", "layers", "rounding", "sponge", "tables", "weights"].map((name) => `mod ${name};`),
    "",
    ...(used.length === 0 ? [] : [`use rounding::{${used.join(", ")}};`]),
    ...(committed.length === 0 ? [] : ["use sponge::Sponge;"]),
    "",
    ...(hidesWeights ? [weightsStruct(plan, names), ""] : []),
    `fn model(${modelParameters.join(", ")}) -> ${outputTypes(1)} {`,
    ...model,
    "",
    `    ${tuple(program.outputs.map((id) => names.tensors[id]))}`,
    "}",
    "",
    `fn main(\n${parameters.map((parameter) => `    ${parameter},\n`).join("")})${returns} {`,
    ...body.map((line) => (line === "" ? "" : `    ${line}`)),
    "}",
    "",
  ].join("\n");
}

function weightsStruct({ program }: CircuitPlan, { constants }: MainNames): string {
  const fields = program.constants.map(({ data }, id) => `    ${constants[id]}: [Field; ${data.length}],`);
  return ["struct Weights {", ...fields, "}"].join("\n");
}

/** The model on each sample; its outputs one sample after the other. */
function sampleLines(
  { program, batch, hidesWeights }: CircuitPlan,
  { tensors, outputs, samples: own }: MainNames,
  tuple: (parts: readonly string[]) => string,
): string[] {
  const inputs = program.inputs.map((id) => tensors[id]);
  const weights = hidesWeights ? [WEIGHTS] : [];
  if (batch === 1) return [`let ${tuple(outputs)} = model(${[...inputs, ...weights].join(", ")});`];
  const sizes = program.outputs.map((id) => elementCount(program.tensors[id].shape));
  const parts = inputs.map((name) => `elements::sample(${name}, sample)`);
  return [
    ...outputs.map((name, i) => `let mut ${name} = [0; ${batch * sizes[i]}];`),
    `for sample in 0..${batch} {`,
    `    let ${tuple(own)} = model(${[...parts, ...weights].join(", ")});`,
    ...outputs.flatMap((name, i) => [
      `    for i in 0..${sizes[i]} {`,
      `        ${name}[sample * ${sizes[i]} + i] = ${own[i]}[i];`,
      "    }",
    ]),
    "}",
  ];
}
