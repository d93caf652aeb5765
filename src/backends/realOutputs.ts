import type { Program } from "../program/program.ts";

/** What a program's outputs stand for. @param outputs by output of the program */
export function realOutputs(program: Program, outputs: readonly Int32Array[]): Float64Array[] {
  return program.outputs.map((id, i) => {
    const { scale, zeroPoint } = program.tensors[id].quant;
    return Float64Array.from(outputs[i], (q) => scale * (q - zeroPoint));
  });
}
