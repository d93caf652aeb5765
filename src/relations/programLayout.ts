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
 * The shape in which each input is stored: that in which operators read it, if they agree. It saves padding for flattened
 * images. Reshapes take the elements in order, whatever shape they are told the input has; an output must have its own.
 */
export function storedShapes(program: ProgramStructure, roots: readonly TensorId[]): (readonly number[])[] {
  const read = program.inputs.map(() => new Map<string, readonly number[]>());
  for (const operator of program.operators) {
    if (operator.kind === "reshape") continue;
    for (const id of operatorInputs(operator)) {
      const { shape } = program.tensors[id];
      read[roots[id]]?.set(shape.join(), shape);
    }
  }
  const outputs = new Set(program.outputs);
  return program.inputs.map((input) => {
    const [shape] = read[input].values();
    return read[input].size === 1 && !outputs.has(input) ? shape : program.tensors[input].shape;
  });
}
