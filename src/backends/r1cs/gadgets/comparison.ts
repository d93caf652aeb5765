/** Comparisons of bits with constants, and of values with each other. */
import { affine, type Circuit, enforceZero, multiply, subtract } from "../circuit.ts";
import { inverse, residue } from "../scalarField.ts";
import { type Binding, bitLength, bitsOf } from "./bits.ts";

/** 1 if the value is not 0, else 0: two constraints. */
function isNonZero<E>(circuit: Circuit<E>, value: E): E {
  const inverted = circuit.wire((read) => {
    const rest = residue(read(value));
    return rest === 0n ? 0n : inverse(rest);
  });
  const result = multiply(circuit, value, inverted);
  // With result 0 the value must be 0; with result 1 it has an inverse.
  circuit.enforce(value, affine(circuit, result, -1n, 1n), circuit.constant(0n));
  return result;
}

function not<E>(circuit: Circuit<E>, bit: E): E {
  return affine(circuit, bit, -1n, 1n);
}

/** 1 if any of these bits is 1: at most two constraints, however many they are. */
function anyOf<E>(circuit: Circuit<E>, bits: readonly E[]): E {
  if (bits.length === 1) return bits[0];
  const sum = circuit.sum(bits.map((of) => ({ factor: 1n, of })));
  if (bits.length > 2) return isNonZero(circuit, sum);
  const both = multiply(circuit, bits[0], bits[1]);
  return circuit.sum([
    { factor: 1n, of: sum },
    { factor: -1n, of: both },
  ]);
}

/**
 * 1 if the integer with these bits is greater than a constant ≥ 0, else 0; null where it never is. From the lowest bit on:
 * a bit against 0 makes it greater, a bit against 1 must be set for it to stay so. Runs of equal bits cost two constraints
 * at most.
 */
export function isGreaterThanConstant<E>(
  circuit: Circuit<E>,
  bits: readonly E[],
  constant: bigint,
): E | null {
  if (constant >> BigInt(bits.length) > 0n) return null;
  let greater: E | null = null;
  for (let at = 0; at < bits.length; ) {
    const digit = (constant >> BigInt(at)) & 1n;
    const start = at;
    while (at < bits.length && ((constant >> BigInt(at)) & 1n) === digit) at++;
    const run = bits.slice(start, at);
    if (digit === 0n) greater = anyOf(circuit, greater === null ? run : [...run, greater]);
    else if (greater !== null) {
      const misses: E[] = [...run, greater].map((bit: E) => not(circuit, bit));
      greater = not(circuit, anyOf(circuit, misses));
    }
  }
  return greater;
}

/** Proves 0 ≤ value ≤ largest. */
export function enforceAtMost<E>(circuit: Circuit<E>, value: E, largest: bigint, binding: Binding): E[] {
  const bits = bitsOf(circuit, value, bitLength(largest), binding);
  const above = isGreaterThanConstant(circuit, bits, largest);
  if (above !== null) enforceZero(circuit, above);
  return bits;
}

/** 1 if the value, which must lie in [lo, hi], is at least 0, else 0. The caller answers for the range's being true. */
export function isNonNegative<E>(
  circuit: Circuit<E>,
  value: E,
  { lo, hi }: { readonly lo: bigint; readonly hi: bigint },
  binding: Binding,
): E {
  if (lo >= 0n) return circuit.constant(1n);
  if (hi < 0n) return circuit.constant(0n);
  const magnitude = Math.max(bitLength(hi), bitLength(-lo - 1n));
  const shifted = affine(circuit, value, 1n, 1n << BigInt(magnitude));
  return bitsOf(circuit, shifted, magnitude + 1, binding)[magnitude];
}

/** `whenSet` where the bit is 1, else `whenClear`, as one wire: one constraint. */
export function select<E>(circuit: Circuit<E>, bit: E, whenSet: E, whenClear: E): E {
  const difference = subtract(circuit, whenSet, whenClear);
  const chosen = circuit.wire((read) => read(whenClear) + read(bit) * read(difference));
  circuit.enforce(difference, bit, subtract(circuit, chosen, whenClear));
  return chosen;
}
