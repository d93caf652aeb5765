/**
 * What both readers of a circuit know before it is built, so that they decide alike: for each tensor of the program the
 * range that is proven for it, and how long its expressions can be.
 */
import { activeIntervals } from "../../program/activeRanges.ts";
import { type Interval, intervalHull } from "../../program/interval.ts";
import {
  operatorConstants,
  operatorInputs,
  type Program,
  type ProgramConstant,
  type ProgramOperator,
  type TensorId,
} from "../../program/program.ts";
import { runOperator } from "../../program/run/operator.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import type { Binding } from "./gadgets/bits.ts";
import type { BigRange } from "./gadgets/shiftClamp.ts";
import { wantedElements } from "./wantedElements.ts";

export interface CircuitPlan {
  readonly program: Program;
  readonly visibilities: Visibilities;
  readonly batch: number;
  readonly hidesWeights: boolean;
  /** By TensorId: holds for every input in the declared range and, with hidden weights, for all weights in theirs. */
  readonly ranges: readonly BigRange[];
  /** The same element by element; null with hidden weights, which could be others. */
  readonly intervals: readonly Interval[] | null;
  /**
   * By TensorId, for each element of one sample 1 where it depends on the inputs and an output depends on it. Only those need
   * constraints. Null with hidden weights, of which none is known to be zero.
   */
  readonly wanted: readonly Uint8Array[] | null;
  /** By TensorId: bounds the number of terms of an expression of this tensor. */
  readonly lengths: readonly number[];
  /** By TensorId: the values of a tensor that no input reaches, of one sample; undefined for all others. */
  readonly fixed: readonly (Int32Array | undefined)[];
}

/** Longer expressions occur once in what binds them to their bits. */
const SHORT = 32;
/** Expressions that are read as often as a sum reads its inputs are given a wire of their own beyond this length. */
export const MAX_SUMMAND_LENGTH = 2;
/** The same for those that a comparison or a product reads. */
export const MAX_OPERAND_LENGTH = 16;

/** What is proven to hold for an element, counted within its sample. */
export function elementRange({ intervals, ranges }: CircuitPlan, id: TensorId, element: number): BigRange {
  if (intervals === null) return ranges[id];
  const { lo, hi } = intervals[id];
  const at = element % lo.length;
  return { lo: BigInt(lo[at]), hi: BigInt(hi[at]) };
}

/** Whether an element, counted within its sample, needs constraints. */
export function isWanted({ wanted }: CircuitPlan, id: TensorId, element: number): boolean {
  return wanted === null || wanted[id][element] === 1;
}

export function bindingOf(length: number): Binding {
  return length > SHORT ? "sum" : "lowest";
}

/** The most weights that one output adds up: known to be zero, they do not count. */
function longestSum({ shape, data }: ProgramConstant, hidesWeights: boolean): number {
  if (data.length === 0) return 0;
  const fanIn = data.length / shape[0];
  if (hidesWeights) return fanIn;
  let longest = 0;
  for (let start = 0; start < data.length; start += fanIn) {
    let count = 0;
    for (let at = start; at < start + fanIn; at++) if (data[at] !== 0) count++;
    longest = Math.max(longest, count);
  }
  return longest;
}

function outputLength(
  program: Program,
  operator: ProgramOperator,
  lengths: readonly number[],
  hidesWeights: boolean,
): number {
  const inputs = operatorInputs(operator).map((id) => lengths[id]);
  const longest = Math.max(0, ...inputs);
  switch (operator.kind) {
    case "matmul":
    case "conv": {
      const sum = longestSum(program.constants[operator.weight], hidesWeights);
      return sum * Math.min(longest, MAX_SUMMAND_LENGTH);
    }
    case "combine":
      return inputs.reduce((sum, length) => sum + length, 0);
    case "windowSum":
      return operator.size * Math.min(longest, MAX_SUMMAND_LENGTH);
    case "batchMatMul":
      return program.tensors[operator.left].shape.at(-1) ?? 1;
    case "gather":
      return program.tensors[operator.table].shape[operator.batchAxes];
    case "take":
    case "transpose":
    case "concat":
    case "reshape":
      return longest;
    // A function that changes nothing passes its input on.
    case "requantise":
      return operator.shift === 0 ? Math.max(1, longest) : 1;
    default:
      return 1;
  }
}

/** @throws TensorproofError `program.invalid` where a domain does not cover what inputs can reach */
export function planCircuit(program: Program, visibilities: Visibilities, batch: number): CircuitPlan {
  const hidesWeights = visibilities.weights !== "public";
  const declared = program.tensors.map(({ range }) => range);
  const intervals = hidesWeights ? null : activeIntervals(program);
  const ranges = (intervals?.map(intervalHull) ?? declared).map(({ lo, hi }) => ({
    lo: BigInt(lo),
    hi: BigInt(hi),
  }));
  const wanted = intervals === null ? null : wantedElements(program, intervals);
  const lengths: number[] = program.tensors.map(() => 1);
  for (const operator of program.operators)
    lengths[operator.output] = outputLength(program, operator, lengths, hidesWeights);
  const fixed = fixedTensors(program, hidesWeights);
  return { program, visibilities, batch, hidesWeights, ranges, intervals, wanted, lengths, fixed };
}

/** What follows from constants alone. */
function fixedTensors(program: Program, hidesWeights: boolean): (Int32Array | undefined)[] {
  const fixed: (Int32Array | undefined)[] = program.tensors.map(() => undefined);
  for (const operator of program.operators) {
    if (hidesWeights && operatorConstants(operator).length > 0) continue;
    const values = operatorInputs(operator).map((id) => fixed[id]);
    if (values.includes(undefined)) continue;
    fixed[operator.output] = runOperator(program, operator, fixed as readonly Int32Array[], 1);
  }
  return fixed;
}
