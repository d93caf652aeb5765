/**
 * The fields F and K: docs/spec/01-notation-field-encodings.md, 1.2 and 1.3.
 *
 * An element of F is a bigint in [0, p). An element of K is (c0, c1, c2, c3) = c0 + c1·i + c2·u + c3·i·u, with i² = −1 and
 * u² = 2 + i.
 */
export const p: bigint = 2n ** 31n - 1n;

export type F = bigint;
export type K = readonly [F, F, F, F];

/** The element of F that an integer stands for, also a negative one. */
export function residue(integer: bigint | number): F {
  const rest = BigInt(integer) % p;
  return rest < 0n ? rest + p : rest;
}

/** a^exponent in F, exponent ≥ 0. */
export function powerF(a: F, exponent: bigint): F {
  let result = 1n;
  let square = a;
  for (let rest = exponent; rest > 0n; rest /= 2n) {
    if (rest % 2n === 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

/** 1 / a in F, a not 0. */
export function inverseF(a: F): F {
  if (a % p === 0n) throw new RangeError("0 has no inverse");
  return powerF(a, p - 2n);
}

export const ZERO: K = [0n, 0n, 0n, 0n];
export const ONE: K = [1n, 0n, 0n, 0n];
/** e_0 … e_3, the basis of K over F. */
export const BASIS: readonly K[] = [ONE, [0n, 1n, 0n, 0n], [0n, 0n, 1n, 0n], [0n, 0n, 0n, 1n]];

/** An integer as an element of K. */
export function k(integer: bigint | number): K {
  return [residue(integer), 0n, 0n, 0n];
}

export function add(a: K, b: K): K {
  return [(a[0] + b[0]) % p, (a[1] + b[1]) % p, (a[2] + b[2]) % p, (a[3] + b[3]) % p];
}

export function negate(a: K): K {
  return [residue(-a[0]), residue(-a[1]), residue(-a[2]), residue(-a[3])];
}

export function subtract(a: K, b: K): K {
  return add(a, negate(b));
}

export function multiply(a: K, b: K): K {
  const y0 = a[2] * b[2] - a[3] * b[3];
  const y1 = a[2] * b[3] + a[3] * b[2];
  return [
    residue(a[0] * b[0] - a[1] * b[1] + 2n * y0 - y1),
    residue(a[0] * b[1] + a[1] * b[0] + 2n * y1 + y0),
    residue(a[0] * b[2] - a[1] * b[3] + a[2] * b[0] - a[3] * b[1]),
    residue(a[0] * b[3] + a[1] * b[2] + a[2] * b[1] + a[3] * b[0]),
  ];
}

/** a · x for an element x of F. */
export function scale(a: K, x: F): K {
  return [(a[0] * x) % p, (a[1] * x) % p, (a[2] * x) % p, (a[3] * x) % p];
}

export function equal(a: K, b: K): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

export function isZero(a: K): boolean {
  return equal(a, ZERO);
}

export function sum(values: readonly K[]): K {
  return values.reduce(add, ZERO);
}

export function product(values: readonly K[]): K {
  return values.reduce(multiply, ONE);
}

/** a^exponent in K, exponent ≥ 0. */
export function power(a: K, exponent: bigint | number): K {
  let result = ONE;
  let square = a;
  for (let rest = BigInt(exponent); rest > 0n; rest /= 2n) {
    if (rest % 2n === 1n) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

/** 1 / a in K, a not 0. */
export function inverse(a: K): K {
  if (isZero(a)) throw new RangeError("0 has no inverse");
  return power(a, p ** 4n - 2n);
}
