/** The base field of BN254 and its quadratic extension, as far as sums of curve points need them. */
export const BASE_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

function reduce(value: bigint): bigint {
  const rest = value % BASE_ORDER;
  return rest < 0n ? rest + BASE_ORDER : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % BASE_ORDER;
    square = (square * square) % BASE_ORDER;
  }
  return result;
}

export interface PointField<F> {
  readonly one: F;
  add(a: F, b: F): F;
  subtract(a: F, b: F): F;
  multiply(a: F, b: F): F;
  /** Of a value other than 0. */
  inverse(a: F): F;
  /** In Montgomery form to the base 2^256, little-endian, as `.ptau` files hold coordinates. */
  write(view: DataView, at: number, value: F): void;
  readonly bytes: number;
}

const MONTGOMERY: bigint = (1n << 256n) % BASE_ORDER;
const WORD = 0xffffffffffffffffn;

function writeMontgomery(view: DataView, at: number, value: bigint): void {
  let rest = (value * MONTGOMERY) % BASE_ORDER;
  for (let word = 0; word < 4; word++, rest >>= 64n) view.setBigUint64(at + 8 * word, rest & WORD, true);
}

export const BASE_FIELD: PointField<bigint> = {
  one: 1n,
  add: (a, b) => reduce(a + b),
  subtract: (a, b) => reduce(a - b),
  multiply: (a, b) => (a * b) % BASE_ORDER,
  inverse: (a) => power(a, BASE_ORDER - 2n),
  write: writeMontgomery,
  bytes: 32,
};

/** a + b·u with u² = −1. */
export interface Quadratic {
  readonly a: bigint;
  readonly b: bigint;
}

export const QUADRATIC_FIELD: PointField<Quadratic> = {
  one: { a: 1n, b: 0n },
  add: (x, y) => ({ a: reduce(x.a + y.a), b: reduce(x.b + y.b) }),
  subtract: (x, y) => ({ a: reduce(x.a - y.a), b: reduce(x.b - y.b) }),
  multiply: (x, y) => ({ a: reduce(x.a * y.a - x.b * y.b), b: reduce(x.a * y.b + x.b * y.a) }),
  inverse: ({ a, b }) => {
    const norm = power(reduce(a * a + b * b), BASE_ORDER - 2n);
    return { a: reduce(a * norm), b: reduce(-b * norm) };
  },
  write: (view, at, { a, b }) => {
    writeMontgomery(view, at, a);
    writeMontgomery(view, at + 32, b);
  },
  bytes: 64,
};
