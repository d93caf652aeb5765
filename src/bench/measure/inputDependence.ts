/** The guard against models whose answer is a constant: a proof about them says nothing about the input. */
import { runProgram } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import { elementCount } from "../../tensor/shape.ts";
import { guardError } from "./guardError.ts";

const PROBES = 16;

/** Repeatable numbers over the declared range of every input (xorshift32); nothing of a proof uses them. */
function probe(program: Program, seed: number): Int32Array[] {
  let state = 0x9e3779b9 ^ (seed + 1);
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return program.inputs.map((id) => {
    const { shape, range } = program.tensors[id];
    return Int32Array.from(
      { length: elementCount(shape) },
      () => range.lo + Math.floor(next() * (range.hi - range.lo + 1)),
    );
  });
}

function outputsOf(program: Program, inputs: readonly Int32Array[]): string {
  return runProgram(program, inputs, 1).outputs.join(";");
}

/** @param outputs of different inputs, each in any form. @throws TensorproofError `guard.constantOutput` */
export function requireDifferentOutputs([first, ...others]: readonly string[]): void {
  if (others.some((output) => output !== first)) return;
  throw guardError(
    "constantOutput",
    `${others.length} other inputs give the very same output: it does not depend on the input`,
  );
}

/**
 * @param samples integers of single samples, by sample and input; at most 16 of them are run
 * @throws TensorproofError `guard.constantOutput`
 */
export function requireInputDependence(program: Program, samples: readonly (readonly Int32Array[])[]): void {
  const random = Array.from({ length: PROBES }, (_, seed) => probe(program, seed));
  const all = [...samples.slice(0, PROBES), ...random];
  requireDifferentOutputs(all.map((inputs) => outputsOf(program, inputs)));
}
