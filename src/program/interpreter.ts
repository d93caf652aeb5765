import { TensorproofError } from "../errors/tensorproofError.ts";
import { elementCount } from "../tensor/shape.ts";
import type { Program } from "./program.ts";
import { runOperator } from "./run/operator.ts";

/** All integers of one run over a batch. A tensor of shape S holds batch · |S| integers, sample after sample. */
export interface ProgramRun {
  /** By TensorId. A reshape shares its input's array: treat all as read-only. */
  readonly tensors: readonly Int32Array[];
  /** The program's outputs, in its order. */
  readonly outputs: readonly Int32Array[];
}

function checkInputs(program: Program, inputs: readonly Int32Array[], batch: number): void {
  if (!Number.isInteger(batch) || batch < 1)
    throw new RangeError(`expected a batch of at least 1, got ${batch}`);
  if (inputs.length !== program.inputs.length) {
    throw new TensorproofError(
      "input.count",
      `expected ${program.inputs.length} inputs, got ${inputs.length}`,
    );
  }
  inputs.forEach((values, index) => {
    const { name, shape, range } = program.tensors[program.inputs[index]];
    const where = `input "${name}"`;
    const size = elementCount(shape);
    if (values.length !== batch * size) {
      const expected = `${batch} × ${size} integers (a batch of [${shape}])`;
      throw new TensorproofError("input.shape", `${where}: expected ${expected}, got ${values.length}`, {
        where,
      });
    }
    for (let j = 0; j < values.length; j++) {
      if (values[j] >= range.lo && values[j] <= range.hi) continue;
      const position = `sample ${Math.floor(j / size)}, element ${j % size}`;
      const message = `${where}: ${values[j]} (${position}) lies outside the declared range [${range.lo}, ${range.hi}]`;
      throw new TensorproofError("input.range", message, { where });
    }
  });
}

/**
 * Runs a valid program (`validateProgram`) on a batch of samples, exactly. What it computes is what every proof claims.
 *
 * @param inputs one array per program input, batch · size integers each, within the declared range
 * @throws TensorproofError `input.count`, `input.shape` or `input.range`
 */
export function runProgram(program: Program, inputs: readonly Int32Array[], batch: number): ProgramRun {
  checkInputs(program, inputs, batch);
  const tensors: Int32Array[] = [...inputs];
  for (const operator of program.operators) {
    tensors[operator.output] = runOperator(program, operator, tensors, batch);
  }
  return { tensors, outputs: program.outputs.map((id) => tensors[id]) };
}
