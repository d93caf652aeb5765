/**
 * A program as a Noir package: the model, one statement for each operator, and a `main` that shows and binds what the
 * visibilities say. The backend proves exactly what `export --to noir` writes, with a statement bound to it.
 */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { type ConstantId, operatorInputs, type Program } from "../../program/program.ts";
import { validateProgram } from "../../program/validate.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import { elementCount } from "../../tensor/shape.ts";
import { type CircuitPlan, planCircuit } from "../r1cs/circuitPlan.ts";
import { commonLines } from "../r1cs/operators/commonLines.ts";
import { UniqueNames } from "../uniqueNames.ts";
import type { Emission } from "./emission.ts";
import { emitOperator } from "./emitOperator.ts";
import { lineRange } from "./emitRounding.ts";
import { ELEMENTS } from "./library/elements.ts";
import { LAYERS } from "./library/layers.ts";
import { ROUNDING } from "./library/rounding.ts";
import { SPONGE } from "./library/sponge.ts";
import { type MainNames, mainText } from "./mainFunction.ts";
import { NOIR_WORDS } from "./noirWords.ts";

export interface NoirOptions {
  readonly visibilities: Visibilities;
  readonly batch: number;
  /** Whether the first public value is the digest of a statement. */
  readonly bindsStatement: boolean;
}

export interface NoirProject {
  readonly plan: CircuitPlan;
  /** Text by path inside the package. */
  readonly files: ReadonlyMap<string, string>;
  readonly names: MainNames;
}

/** Hints are computed with unsigned integers of 128 bits. */
const MAX_BITS = 120n;

const MANIFEST = `[package]
name = "model"
type = "bin"
authors = [""]
compiler_version = ">=1.0.0"

[dependencies]
`;

/** @throws TensorproofError `program.*`, `backend.unsupported` with all operators that cannot be written */
export function noirProject(program: Program, options: NoirOptions): NoirProject {
  validateProgram(program);
  const plan = planCircuit(program, options.visibilities, options.batch);
  const refused = unsupported(plan);
  if (refused.length > 0) {
    const list = refused.map(({ operator, reason }) => `"${operator}": ${reason}`).join("; ");
    throw new TensorproofError("backend.unsupported", `Noir cannot express ${list}`, { details: refused });
  }
  const words = new UniqueNames(NOIR_WORDS);
  const globals = new UniqueNames([]);
  const tensors = program.tensors.map(({ name }) => words.of(name.toLowerCase()));
  const constants = program.constants.map(({ name }) =>
    plan.hidesWeights ? words.of(name.toLowerCase()) : globals.of(name.toUpperCase()),
  );
  const tables: string[] = [];
  const model: string[] = [];
  const emission: Emission = {
    plan,
    names: words,
    tensors,
    constant: (id) => (plan.hidesWeights ? `w.${constants[id]}` : `weights::${constants[id]}`),
    table: (name, values, type = "Field") => {
      const own = globals.of(name.toUpperCase());
      tables.push(globalText(own, values, type));
      return `tables::${own}`;
    },
    line: (text) => model.push(text === "" ? "" : `    ${text}`),
  };
  for (const operator of program.operators) emitOperator(emission, operator);
  const names: MainNames = {
    tensors,
    constants,
    outputs: program.outputs.map((id) => words.of(`out_${tensors[id]}`)),
    samples: program.outputs.map((id) => words.of(`one_${tensors[id]}`)),
  };
  const weights = plan.hidesWeights
    ? []
    : program.constants.map(({ data }, id: ConstantId) =>
        globalText(constants[id], Array.from(data, BigInt), "Field"),
      );
  const files = new Map<string, string>([
    ["Nargo.toml", MANIFEST],
    ["src/main.nr", mainText(plan, names, model, options)],
    ["src/elements.nr", ELEMENTS],
    ["src/layers.nr", LAYERS],
    ["src/rounding.nr", ROUNDING],
    ["src/sponge.nr", SPONGE],
    ["src/weights.nr", `// Weights and biases, row-major.\n${weights.join("")}`],
    ["src/tables.nr", `// Tables of functions, and orders of elements.\n${tables.join("")}`],
  ]);
  return { plan, files, names };
}

const PER_LINE = 16;

function globalText(name: string, values: readonly bigint[], type: "Field" | "u32"): string {
  const rows: string[] = [];
  for (let at = 0; at < values.length; at += PER_LINE)
    rows.push(`    ${values.slice(at, at + PER_LINE).join(", ")},`);
  return `\npub global ${name}: [${type}; ${values.length}] = [\n${rows.join("\n")}\n];\n`;
}

function unsupported(plan: CircuitPlan): { readonly operator: string; readonly reason: string }[] {
  const { program, ranges } = plan;
  return program.operators.flatMap((operator) => {
    const { name } = operator;
    const ids = [...operatorInputs(operator), operator.output];
    if (ids.some((id) => elementCount(program.tensors[id].shape) === 0))
      return [{ operator: name, reason: "a tensor has no elements" }];
    if (operator.kind !== "rescale") return [];
    const lines = commonLines(operator, ranges[operator.input]);
    if (lines === null) return [];
    const { lo, hi } = lineRange(lines, ranges[operator.input], BigInt(operator.lo));
    const limit = 1n << MAX_BITS;
    return lo < -limit || hi > limit
      ? [{ operator: name, reason: `its multiples need more than ${MAX_BITS} bits` }]
      : [];
  });
}
