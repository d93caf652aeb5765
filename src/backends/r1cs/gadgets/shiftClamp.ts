/**
 * y = min(max(floor(x / 2^shift), lo), hi): requantisation, ReLU and rescaling alike. For x of n bits, sign included: n
 * constraints for the bits (one more where they are bound by a sum) and for each bound that can be passed one product and
 * at most a few for the comparison; a bound of 0 is compared by the sign bit alone.
 */
import { affine, type Circuit, materialise, multiply } from "../circuit.ts";
import { type Binding, bitLength, bitsOf, weighted } from "./bits.ts";
import { isGreaterThanConstant } from "./comparison.ts";

export interface BigRange {
  readonly lo: bigint;
  readonly hi: bigint;
}

/** floor(x / 2^shift) as bits: z = base + Σ 2^i bits[i]. */
export interface ShiftedBits<E> {
  readonly bits: readonly E[];
  /** 0, or −2^(bits − 1) where x can be negative. */
  readonly base: bigint;
}

/** @param range what x lies in; proven as far as the bits go, which may be beyond it */
export function shiftedBits<E>(
  circuit: Circuit<E>,
  x: E,
  range: BigRange,
  shift: number,
  binding: Binding,
): ShiftedBits<E> {
  const bigShift = BigInt(shift);
  const highest = range.hi >> bigShift;
  const lowest = range.lo >> bigShift;
  if (lowest >= 0n) {
    const bits = bitsOf(circuit, x, shift + bitLength(highest), binding);
    return { bits: bits.slice(shift), base: 0n };
  }
  const magnitude = Math.max(bitLength(highest < 0n ? 0n : highest), bitLength(-lowest - 1n));
  const base = -(1n << BigInt(magnitude));
  const bits = bitsOf(circuit, affine(circuit, x, 1n, -(base << bigShift)), shift + magnitude + 1, binding);
  return { bits: bits.slice(shift), base };
}

/** The integer that the bits stand for. */
export function shiftedValue<E>(circuit: Circuit<E>, { bits, base }: ShiftedBits<E>): E {
  return weighted(circuit, bits, 0, base);
}

/** @param range of z, so that bounds that cannot be passed cost nothing */
export function clampBits<E>(circuit: Circuit<E>, shifted: ShiftedBits<E>, range: BigRange, to: BigRange): E {
  const { bits, base } = shifted;
  if (to.hi <= range.lo) return circuit.constant(to.hi);
  if (to.lo >= range.hi) return circuit.constant(to.lo);
  let y = shiftedValue(circuit, shifted);
  if (to.lo > range.lo) {
    const reaches = isGreaterThanConstant(circuit, bits, to.lo - base - 1n) ?? circuit.constant(0n);
    y = affine(circuit, multiply(circuit, affine(circuit, y, 1n, -to.lo), reaches), 1n, to.lo);
  }
  if (to.hi < range.hi) {
    const exceeds = isGreaterThanConstant(circuit, bits, to.hi - base) ?? circuit.constant(0n);
    const below = affine(circuit, exceeds, -1n, 1n);
    y = affine(circuit, multiply(circuit, affine(circuit, y, -1n, to.hi), below), -1n, to.hi);
  }
  return to.lo > range.lo || to.hi < range.hi ? y : materialise(circuit, y);
}

export interface ShiftClamp {
  readonly shift: number;
  readonly to: BigRange;
}

/** Whether y = x for every x in the range, which then costs nothing. */
export function isIdentity({ shift, to }: ShiftClamp, range: BigRange): boolean {
  return shift === 0 && to.lo <= range.lo && to.hi >= range.hi;
}

/** y for an x that lies in the range; the caller answers for that. A single wire, unless it is x itself or a constant. */
export function shiftClamp<E>(
  circuit: Circuit<E>,
  x: E,
  range: BigRange,
  step: ShiftClamp,
  binding: Binding,
): E {
  const { shift, to } = step;
  if (isIdentity(step, range)) return x;
  const bigShift = BigInt(shift);
  const reached = { lo: range.lo >> bigShift, hi: range.hi >> bigShift };
  if (reached.lo === reached.hi || to.hi <= reached.lo || to.lo >= reached.hi) {
    if (reached.lo < to.lo) return circuit.constant(to.lo);
    if (reached.lo > to.hi) return circuit.constant(to.hi);
    return circuit.constant(reached.lo);
  }
  return clampBits(circuit, shiftedBits(circuit, x, range, shift, binding), reached, to);
}
