/**
 * Gives every tensor of a program the axes under which it is stored and evaluated. Reshapes are wiring: they alias their
 * input ("root"), whose axes are those of its producer, so that row-major order is the same under both shapes.
 */
import { TensorproofError } from "../errors/tensorproofError.ts";
import type { MatMul, TensorId } from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";

export interface ProgramLayout {
  /** The tensor that a tensor aliases, itself if none. */
  readonly root: readonly TensorId[];
  /** Axes of each root, batch first; other entries equal their root's. */
  readonly axes: readonly (readonly number[])[];
}

/** How a matmul's input axes divide into rows and contraction. */
export interface ContractionSplit {
  readonly rowAxes: readonly number[];
  readonly contractionAxes: readonly number[];
}

export function layoutProgram(program: ProgramStructure, batch: number): ProgramLayout {
  const root: TensorId[] = program.tensors.map((_, id) => id);
  const axes: (readonly number[])[] = [];
  for (const id of program.inputs)
    axes[id] = [batch, ...inputShape(program, id).filter((length) => length > 1)];
  for (const operator of program.operators) {
    const from = operator.input;
    const to = operator.output;
    switch (operator.kind) {
      case "reshape":
        root[to] = root[from];
        axes[to] = axes[from];
        break;
      case "requantise":
        axes[to] = axes[from];
        break;
      case "argmax":
        axes[to] = axes[from].slice(0, -1);
        break;
      case "matmul":
        axes[to] = [
          ...splitContraction(program, operator, axes[from]).rowAxes,
          program.constants[operator.weight].shape[0],
        ];
    }
  }
  return { root, axes };
}

export function splitContraction(
  program: ProgramStructure,
  operator: MatMul,
  axes: readonly number[],
): ContractionSplit {
  const length = program.constants[operator.weight].shape[1];
  // From the largest split on, so that length-1 axes fall to the rows.
  for (let first = axes.length; first >= 1; first--) {
    const product = axes.slice(first).reduce((total, n) => total * n, 1);
    if (product === length) return { rowAxes: axes.slice(0, first), contractionAxes: axes.slice(first) };
  }
  throw layoutError(
    operator.name,
    `multiplies along ${length} values of a tensor laid out as [${axes.slice(1)}]`,
  );
}

export function layoutError(node: string, problem: string): TensorproofError {
  return new TensorproofError(
    "program.unsupportedLayout",
    `${node}: ${problem}; such a reshape between operators cannot be proven yet. Reshape the model so that the operator reads whole trailing axes.`,
    { where: node },
  );
}

/** An input is stored in the shape in which the first matmul reads it, which saves padding for flattened images. */
function inputShape(program: ProgramStructure, input: TensorId): readonly number[] {
  const aliases = new Set([input]);
  for (const operator of program.operators) {
    if (!aliases.has(operator.input)) continue;
    if (operator.kind === "reshape") aliases.add(operator.output);
    else return program.tensors[operator.input].shape;
  }
  return program.tensors[input].shape;
}
