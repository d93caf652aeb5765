import type { Shape } from "../../tensor/shape.ts";
import type { RealId, RealProgram } from "../realProgram.ts";
import { runStep, type StepValues } from "./step.ts";

/** Every value of the program on these samples; `inputs` in the program's order. */
export function runReal(
  program: RealProgram,
  inputs: readonly Float32Array[],
  batch: number,
): ReadonlyMap<RealId, StepValues> {
  const values = new Map<RealId, StepValues>();
  const shapes = new Map<RealId, Shape>();
  program.inputs.forEach(({ id, shape }, index) => {
    values.set(id, { sums: inputs[index], result: inputs[index] });
    shapes.set(id, shape);
  });
  const need = <T>(found: T | undefined, id: RealId): T => {
    if (found === undefined) throw new RangeError(`value ${id} is read before it is computed`);
    return found;
  };
  const known = {
    of: (id: RealId) => need(values.get(id), id).result,
    shapeOf: (id: RealId) => need(shapes.get(id), id),
    batch,
  };
  for (const step of program.steps) {
    values.set(step.id, runStep(step, known));
    shapes.set(step.id, step.shape);
  }
  return values;
}
