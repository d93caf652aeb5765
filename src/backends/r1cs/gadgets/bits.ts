/** Bits of an integer, each constrained to 0 or 1: what puts a value in a range. */
import { affine, type Circuit, enforceZero, type Term } from "../circuit.ts";

/** How a value is bound to its bits. */
export type Binding =
  /** One more constraint, in which the value occurs once: for long combinations. */
  | "sum"
  /** The lowest bit is what the others leave of the value: no further constraint, but the value occurs twice. */
  | "lowest";

/** Σ 2^(i + exponent) · bits[i], of the bits from `from` on, which counts 2^exponent. */
export function weighted<E>(circuit: Circuit<E>, bits: readonly E[], from = 0, constant = 0n): E {
  const terms: Term<E>[] = bits.slice(from).map((of, i) => ({ factor: 1n << BigInt(i), of }));
  return circuit.sum(terms, constant);
}

/** The number of bits that every integer from 0 to `largest` fits. */
export function bitLength(largest: bigint): number {
  let bits = 0;
  while (largest >> BigInt(bits) > 0n) bits++;
  return bits;
}

/**
 * The bits of a value, lowest first. Proves 0 ≤ value < 2^count, for which 2^count must be less than r/2: count
 * constraints, and one more for `sum` (or for count 0).
 */
export function bitsOf<E>(circuit: Circuit<E>, value: E, count: number, binding: Binding): E[] {
  if (count > 250) throw new RangeError(`expected at most 250 bits, got ${count}`);
  const firstWire = binding === "sum" || count === 0 ? 0 : 1;
  const bits: E[] = [];
  let left = 0n;
  for (let i = firstWire; i < count; i++) {
    const previous = bits.at(-1);
    // What the bits so far leave of the value, so that a deviation in one of them would be made up for by the next.
    const bit = circuit.wire((read) => {
      left = previous === undefined ? read(value) : left - (read(previous) << BigInt(i - 1));
      return (left >> BigInt(i)) & 1n;
    });
    enforceBit(circuit, bit);
    bits.push(bit);
  }
  const rest = circuit.sum([
    { factor: 1n, of: value },
    ...bits.map((of, i) => ({ factor: -(1n << BigInt(i + firstWire)), of })),
  ]);
  if (firstWire === 0) enforceZero(circuit, rest);
  else {
    enforceBit(circuit, rest);
    bits.unshift(rest);
  }
  return bits;
}

/** bit · (bit − 1) = 0 */
export function enforceBit<E>(circuit: Circuit<E>, bit: E): void {
  circuit.enforce(bit, affine(circuit, bit, 1n, -1n), circuit.constant(0n));
}
