/**
 * The rule of conv and the window rule: docs/spec/10-program.md, 10.3.
 */
import type { Conv, Declaration, SpatialAxis } from "./program.ts";
import { sameShape, valid } from "./programChecks.ts";
import type { Derived } from "./programRules.ts";
import { addRanges, hull, multiplyRanges, scaleRange, ZERO_RANGE } from "./ranges.ts";
import { floorDivide } from "./rescaleValue.ts";

const MAX_STEP = 2 ** 31 - 1;
const MAX_PAD = 2 ** 16;
const MAX_SPATIAL_AXES = 3;

/** Number of windows along an axis of a length. */
export function windows(axis: SpatialAxis, length: number, size: number, where: string): number {
  for (const step of [size, axis.stride, axis.dilation])
    valid(step >= 1 && step <= MAX_STEP, `${where}: window`);
  for (const pad of [axis.padBegin, axis.padEnd]) valid(pad <= MAX_PAD, `${where}: padding`);
  const span = BigInt(axis.dilation) * BigInt(size - 1) + 1n;
  const rest = BigInt(length + axis.padBegin + axis.padEnd) - span;
  const result = floorDivide(rest, BigInt(axis.stride)) + 1n;
  valid(result >= 1n, `${where}: no window`);
  return Number(result);
}

export function convRule(
  operator: Conv,
  x: Declaration,
  w: Declaration,
  bias: Declaration | undefined,
  where: string,
): Derived {
  const n = x.shape.length - 1;
  valid(n >= 1 && n <= MAX_SPATIAL_AXES, `${where}: number of axes`);
  valid(w.shape.length === n + 2, `${where}: weight`);
  valid(operator.spatial.length === n, `${where}: spatial axes`);
  const { groups } = operator;
  const [channels, outChannels, inner] = [x.shape[n]!, w.shape[0]!, w.shape[n + 1]!];
  valid(groups >= 1 && groups <= MAX_STEP, `${where}: groups`);
  valid(channels === groups * inner && outChannels % groups === 0, `${where}: groups`);
  valid(bias === undefined || sameShape(bias.shape, [outChannels]), `${where}: bias`);
  const positions = operator.spatial.map((axis, i) => windows(axis, x.shape[i]!, w.shape[i + 1]!, where));
  const padded = operator.spatial.some((axis) => axis.padBegin > 0 || axis.padEnd > 0);
  const range = padded ? hull(x.range, ZERO_RANGE) : x.range;
  const terms = w.shape.slice(1).reduce((product, length) => product * BigInt(length), 1n);
  const products = scaleRange(multiplyRanges(range, w.range), terms);
  return { shape: [...positions, outChannels], range: addRanges(products, bias?.range ?? ZERO_RANGE) };
}
