import { elementCount } from "../../tensor/shape.ts";
import { accumulatorRange, functionRange } from "../declaredRanges.ts";
import { intervalHull, matMulInterval, shiftInterval, uniformInterval } from "../interval.ts";
import { roundRangeOutward } from "../intRange.ts";
import type {
  IntFunction,
  IntRange,
  Program,
  ProgramConstant,
  ProgramOperator,
  ProgramTensor,
} from "../program.ts";
import { randomIntegers } from "./randomIntegers.ts";

function randomConstant(
  name: string,
  shape: readonly number[],
  range: IntRange,
  random: (bound: number) => number,
): ProgramConstant {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = Int32Array.from({ length: size }, () => range.lo + random(range.hi - range.lo + 1));
  return { name, shape, range, quant: { scale: 2 ** -random(12), zeroPoint: 0 }, data };
}

function randomFunction(domain: IntRange, random: (bound: number) => number): IntFunction {
  if (random(2) === 0)
    return { domain, map: { kind: "clamp", lo: random(2) === 0 ? 0 : -50, hi: 20 + random(200) } };
  const size = domain.hi - domain.lo + 1;
  return {
    domain,
    map: { kind: "values", values: Int32Array.from({ length: size }, () => random(300) - 150) },
  };
}

/** A valid program of a reshape and `numLayers` random layers, ending in an argmax; every operator kind occurs. */
export function randomProgram(seed: number, numLayers = 3): Program {
  const random = randomIntegers(seed);
  const tensors: ProgramTensor[] = [];
  const constants: ProgramConstant[] = [];
  const operators: ProgramOperator[] = [];
  const declare = (name: string, shape: readonly number[], range: IntRange): number => {
    tensors.push({ name, shape, range, quant: { scale: 2 ** -random(12), zeroPoint: 0 } });
    return tensors.length - 1;
  };

  const rows = 1 + random(3);
  let length = 1 + random(9);
  const inputRange = [
    { lo: 0, hi: 255 },
    { lo: -128, hi: 127 },
    { lo: 3, hi: 17 },
    { lo: -9, hi: -2 },
  ][random(4)];
  let current = declare("input", [length * rows], inputRange);
  tensors.push({ ...tensors[current], name: "rows", shape: [rows, length] });
  operators.push({ kind: "reshape", name: "reshape", input: current, output: current + 1 });
  current++;

  for (let layer = 0; layer < numLayers; layer++) {
    const numOutputs = 1 + random(9);
    const weightRange = random(2) === 0 ? { lo: -127, hi: 127 } : { lo: -2047, hi: 2047 };
    const weight = randomConstant(`weight ${layer}`, [numOutputs, length], weightRange, random);
    const weightId = constants.push(weight) - 1;
    const hasBias = random(3) > 0;
    const bias = hasBias
      ? randomConstant(`bias ${layer}`, [numOutputs], { lo: -4096, hi: 4095 }, random)
      : null;
    const biasId = bias === null ? null : constants.push(bias) - 1;
    const range = accumulatorRange(length, tensors[current].range, weight.range, bias?.range ?? null);
    const output = declare(`accumulator ${layer}`, [rows, numOutputs], range);
    const name = `matmul ${layer}`;
    operators.push({ kind: "matmul", name, input: current, weight: weightId, bias: biasId, output });

    const shift = 8 + random(4);
    const input = uniformInterval(tensors[current].range, rows * length);
    const reached = intervalHull(shiftInterval(matMulInterval(input, weight, bias), shift));
    const f = randomFunction(roundRangeOutward(reached), random);
    const next = declare(`activation ${layer}`, [rows, numOutputs], functionRange(f));
    const operator = { kind: "requantise", shift, rounding: "half-up", function: f } as const;
    operators.push({ ...operator, name: `requantise ${layer}`, input: output, output: next });
    current = next;
    length = numOutputs;
  }

  tensors.push({
    name: "class",
    shape: [rows],
    range: { lo: 0, hi: length - 1 },
    quant: { scale: 1, zeroPoint: 0 },
  });
  operators.push({ kind: "argmax", name: "argmax", input: current, output: current + 1 });
  const outputs = random(2) === 0 ? [current + 1] : [current + 1, current];
  return {
    version: 1,
    name: `random ${seed}`,
    mode: "pow2",
    tensors,
    constants,
    operators,
    inputs: [0],
    outputs,
  };
}

/** Integers in the declared range of one of the program's inputs, the bounds more often than by chance. */
export function randomInput(program: Program, batch: number, seed: number, input = 0): Int32Array {
  const random = randomIntegers(seed);
  const { shape, range } = program.tensors[input];
  return Int32Array.from({ length: elementCount(shape) * batch }, () => {
    const choice = random(6);
    if (choice < 2) return choice === 0 ? range.lo : range.hi;
    return range.lo + random(range.hi - range.lo + 1);
  });
}
