/**
 * Rules of requantise and rescale: docs/spec/10-program.md, 10.3.
 */
import type { Declaration, FunctionOnDomain, Multiplier, Rescale } from "./program.ts";
import { largest, MAX_INTEGER, noWrap, valid } from "./programChecks.ts";
import type { Derived } from "./programRules.ts";
import { rangeOf } from "./ranges.ts";
import { clamp, rescaleValue } from "./rescaleValue.ts";

const MAX_SHIFT = 29;
const MAX_DOMAIN = 2n ** 16n;

/** f(lo) … f(hi) over the domain. */
export function functionValues({ domain, map }: FunctionOnDomain): bigint[] {
  if (map.kind === "values") return [...map.values];
  const values: bigint[] = [];
  for (let z = domain.lo; z <= domain.hi; z++) values.push(clamp(z, map.lo, map.hi));
  return values;
}

export function requantiseRule(shift: number, fn: FunctionOnDomain, x: Declaration, where: string): Derived {
  const { domain, map } = fn;
  valid(shift <= MAX_SHIFT, `${where}: shift`);
  valid(domain.lo === 0n || isPowerOf2(-domain.lo), `${where}: low end of the domain`);
  valid(isPowerOf2(domain.hi + 1n), `${where}: high end of the domain`);
  valid(domain.hi - domain.lo + 1n <= MAX_DOMAIN, `${where}: size of the domain`);
  if (map.kind === "clamp") valid(map.lo <= map.hi, `${where}: bounds`);
  noWrap(x.range, shift === 0 ? 0n : 2n ** BigInt(shift - 1), where);
  noWrap({ lo: 0n, hi: 2n ** BigInt(shift) * (largest(domain) + 1n) }, 0n, where);
  const range =
    map.kind === "values"
      ? rangeOf(map.values)
      : { lo: clamp(domain.lo, map.lo, map.hi), hi: clamp(domain.hi, map.lo, map.hi) };
  return { shape: x.shape, range };
}

function isPowerOf2(value: bigint): boolean {
  let power = 1n;
  while (power < value) power *= 2n;
  return power === value;
}

export function rescaleRule(operator: Rescale, x: Declaration, where: string): Derived {
  const { multipliers } = operator;
  const several = multipliers.length === x.shape[x.shape.length - 1];
  valid(multipliers.length === 1 || several, `${where}: number of multipliers`);
  for (const multiplier of multipliers) valid(validMultiplier(operator, multiplier), `${where}: multiplier`);
  for (const bound of [operator.zeroPoint, operator.lo, operator.hi]) {
    valid(bound >= -MAX_INTEGER, `${where}: bounds`);
  }
  const span = operator.hi - operator.lo;
  valid(span >= 0n && span <= 255n, `${where}: bounds`);
  noWrap(x.range, largest(x.range), where);
  const ends = multipliers.flatMap((multiplier) =>
    [x.range.lo, x.range.hi].map((end) => rescaleValue(operator, multiplier, end)),
  );
  return { shape: x.shape, range: rangeOf(ends) };
}

function validMultiplier({ rounding }: Rescale, { multiplier, shift }: Multiplier): boolean {
  if (rounding === "float-half-even") {
    return multiplier > 0 && multiplier < 2 ** 31 && Math.fround(multiplier) === multiplier;
  }
  const inRange = multiplier >= 1 && multiplier <= 2 ** 31 - 1;
  return rounding === "divide-half-away" ? inRange : inRange && shift >= -31 && shift <= 30;
}
