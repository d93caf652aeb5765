/** What reshapes alias: they are wiring, so a tensor and its reshapes are stored once. */
import { operatorInputs, type TensorId } from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";

/** The tensor that each tensor is a reshape of, itself if none. */
export function rootTensors(program: ProgramStructure): TensorId[] {
  const root: TensorId[] = program.tensors.map((_, id) => id);
  for (const operator of program.operators) {
    if (operator.kind === "reshape") root[operator.output] = root[operator.input];
  }
  return root;
}

/**
 * The shape in which an input is stored: that in which operators read it, if they agree. It saves padding for flattened
 * images. Reshapes take the elements in order, whatever shape they are told the input has; an output must have its own.
 */
export function storedShape(
  program: ProgramStructure,
  roots: readonly TensorId[],
  input: TensorId,
): readonly number[] {
  if (program.outputs.includes(input)) return program.tensors[input].shape;
  const shapes = new Map<string, readonly number[]>();
  const note = (id: TensorId): void => {
    if (roots[id] !== input) return;
    const { shape } = program.tensors[id];
    shapes.set(shape.join(), shape);
  };
  for (const operator of program.operators) {
    if (operator.kind !== "reshape") for (const id of operatorInputs(operator)) note(id);
  }
  const [shape] = shapes.values();
  return shapes.size === 1 ? shape : program.tensors[input].shape;
}
