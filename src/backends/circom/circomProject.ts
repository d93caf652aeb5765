/**
 * A readable Circom project of a program: circuit, templates, weights, input and the scripts from compiling to verifying.
 * Weights are constants of the circuit; inputs are private unless asked otherwise; outputs are public.
 */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { Program } from "../../program/program.ts";
import { validateProgram } from "../../program/validate.ts";
import { elementCount } from "../../tensor/shape.ts";
import { planCircuit } from "../r1cs/circuitPlan.ts";
import { bitLength } from "../r1cs/gadgets/bits.ts";
import { UniqueNames } from "../uniqueNames.ts";
import { CIRCOM_WORDS } from "./circomWords.ts";
import type { Emission } from "./emission.ts";
import { emitOperator, unexportable } from "./emitOperator.ts";
import { BITS } from "./library/bits.ts";
import { LAYERS } from "./library/layers.ts";
import { REQUANTISE } from "./library/requantise.ts";
import { VALUES } from "./library/values.ts";
import { projectScripts } from "./projectScripts.ts";

export interface CircomOptions {
  readonly input: "public" | "private";
}

/** Text by path inside the project. */
export type ProjectFiles = ReadonlyMap<string, string>;

export interface CircomProject {
  readonly files: ProjectFiles;
  /** By input of the program: the signal's name, as `input.json` has it. */
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
}

const PRAGMA = "pragma circom 2.1.6;\n";
const PER_LINE = 16;

/** @throws TensorproofError `program.*`, `export.unsupported` with all operators that cannot be written */
export function circomProject(program: Program, options: CircomOptions): CircomProject {
  validateProgram(program);
  const plan = planCircuit(program, { input: options.input, weights: "public", output: "public" }, 1);
  const refused = unexportable(plan);
  if (refused.length > 0) {
    const list = refused.map(({ operator, reason }) => `"${operator}": ${reason}`).join("; ");
    throw new TensorproofError("export.unsupported", `Circom cannot express ${list}`, { details: refused });
  }
  const names = new UniqueNames(CIRCOM_WORDS);
  const signals = program.tensors.map(({ name }) => names.of(name));
  const functions: string[] = [];
  const body: string[] = [];
  const table = (name: string, values: readonly bigint[]): string => {
    const own = names.of(name);
    functions.push(functionText(own, values));
    return `${own}()`;
  };
  const constants = new Map<number, string>();
  const emission: Emission = {
    plan,
    names,
    signals,
    constantCall: (id) => {
      const known = constants.get(id);
      if (known !== undefined) return known;
      const { name, data } = program.constants[id];
      const call = table(name, Array.from(data, BigInt));
      constants.set(id, call);
      return call;
    },
    table,
    line: (text) => body.push(text === "" ? "" : `    ${text}`),
  };
  const outputNames = program.outputs.map((id) => names.of(`out_${signals[id]}`));
  for (const id of program.inputs) {
    const { shape, range } = program.tensors[id];
    emission.line(`// [${shape}], integers from ${range.lo} to ${range.hi}`);
    emission.line(`signal input ${signals[id]}[${elementCount(shape)}];`);
  }
  program.outputs.forEach((id, i) => {
    const { shape } = program.tensors[id];
    emission.line(`// [${shape}]`);
    emission.line(`signal output ${outputNames[i]}[${elementCount(shape)}];`);
  });
  for (const id of program.inputs) {
    const { shape, range } = program.tensors[id];
    const bits = Math.max(1, bitLength(BigInt(range.hi - range.lo)));
    emission.line(`InRange(${elementCount(shape)}, ${bits}, ${range.lo}, ${range.hi})(${signals[id]});`);
  }
  for (const operator of program.operators) emitOperator(emission, operator);
  emission.line("");
  program.outputs.forEach((id, i) => {
    emission.line(`${outputNames[i]} <== ${signals[id]};`);
  });
  const inputNames = program.inputs.map((id) => signals[id]);
  const shown = options.input === "public" ? ` {public [${inputNames.join(", ")}]}` : "";
  const includes = ["bits", "layers", "requantise", "values"].map((name) => `include "lib/${name}.circom";`);
  const files = new Map<string, string>([
    [
      "circuit.circom",
      [
        PRAGMA,
        ...includes,
        'include "weights.circom";',
        "",
        `// ${program.name.replace(/\s+/g, " ")}`,
        "template Model() {",
        ...body,
        "}",
        "",
        `component main${shown} = Model();`,
        "",
      ].join("\n"),
    ],
    ["weights.circom", `${PRAGMA}\n${functions.join("\n")}`],
    ["lib/bits.circom", BITS],
    ["lib/layers.circom", LAYERS],
    ["lib/requantise.circom", REQUANTISE],
    ["lib/values.circom", VALUES],
    ...projectScripts(program, inputNames, outputNames),
  ]);
  return { files, inputNames, outputNames };
}

function functionText(name: string, values: readonly bigint[]): string {
  const rows: string[] = [];
  for (let at = 0; at < values.length; at += PER_LINE)
    rows.push(`        ${values.slice(at, at + PER_LINE).join(", ")}`);
  return `function ${name}() {\n    return [\n${rows.join(",\n")}\n    ];\n}\n`;
}

/** The text of `input.json` for one sample. @param inputs by input of the program */
export function circomInput(
  { inputNames }: Pick<CircomProject, "inputNames">,
  inputs: readonly Int32Array[],
): string {
  const entries = inputNames.map((name, i) => [name, Array.from(inputs[i], String)]);
  return `${JSON.stringify(Object.fromEntries(entries))}\n`;
}
