import { type Interval, intervalHull, uniformInterval } from "./interval.ts";
import { outputInterval } from "./outputInterval.ts";
import { type IntRange, operatorInputs, type Program } from "./program.ts";

/** What can really occur, given the actual weights. Secret like the weights themselves: publish only rounded outward. */
export interface ActiveRanges {
  /** By TensorId: the hull over all elements, for every input in the declared range. */
  readonly tensors: readonly IntRange[];
}

/**
 * Interval analysis with the actual weights over every input in the declared ranges: element by element in dense networks,
 * channel by channel in convolutional ones. By TensorId.
 *
 * @throws TensorproofError `program.invalid` where a function's domain does not cover what inputs can reach
 */
export function activeIntervals(program: Program): Interval[] {
  const intervals: Interval[] = program.inputs.map((id) => uniformInterval(program.tensors[id].range, 1));
  for (const operator of program.operators) {
    const inputs = operatorInputs(operator).map((id) => intervals[id]);
    intervals[operator.output] = outputInterval(program, operator, inputs);
  }
  return intervals;
}

/**
 * The hulls of `activeIntervals`.
 * @throws TensorproofError `program.invalid`
 */
export function activeRanges(program: Program): ActiveRanges {
  return { tensors: activeIntervals(program).map(intervalHull) };
}
