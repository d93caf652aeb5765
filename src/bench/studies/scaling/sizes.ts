/** Sizes that grow by about the same factor each time. */
import { TensorproofError } from "../../../errors/tensorproofError.ts";

export interface SizeRange {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

/** Networks and batches beyond it are built in memory before anything can refuse them. */
const LARGEST = 2 ** 26;
const FEWEST = 3;
const MOST_STEPS = 100;

/**
 * Whole numbers from `from` to `to`, both included, at most `steps` of them.
 * @throws TensorproofError `scale.range`
 */
export function sizesOf({ from, to, steps }: SizeRange): readonly number[] {
  const refuse = (message: string): never => {
    throw new TensorproofError("scale.range", message, { where: "--from, --to" });
  };
  if (from < 1 || to > LARGEST) refuse(`sizes lie between 1 and ${LARGEST}, got ${from} to ${to}`);
  if (from >= to) refuse(`--from ${from} is not below --to ${to}: sizes grow`);
  if (steps < FEWEST || steps > MOST_STEPS)
    refuse(`a law needs ${FEWEST} sizes or more, and ${MOST_STEPS} are the most: --steps was ${steps}`);
  const all = Array.from({ length: steps }, (_, i) => Math.round(from * (to / from) ** (i / (steps - 1))));
  const sizes = [...new Set(all)];
  if (sizes.length < FEWEST)
    refuse(`between ${from} and ${to} there are only ${sizes.length} sizes; a law needs ${FEWEST} or more`);
  return sizes;
}
