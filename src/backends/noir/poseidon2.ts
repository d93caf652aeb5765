/**
 * Poseidon2 (Grassi, Khovratovich, Schofnegger, 2023) over the scalar field of BN254, four elements wide: the permutation
 * that Noir offers as `std::hash::poseidon2_permutation`, so that what a circuit commits to can be computed outside of it.
 */
import { Grain, type PoseidonShape } from "../r1cs/poseidon/grain.ts";
import { FIELD_ORDER } from "../r1cs/scalarField.ts";

const WIDTH = 4;
const SHAPE: PoseidonShape = { width: WIDTH, fullRounds: 8, partialRounds: 56 };
/** The diagonal of the inner matrix less 1, as the authors' reference instance has it. */
const DIAGONAL = [
  0x10dc6e9c006ea38b04b1e03b4bd9490c0d03f98929ca1d7fb56821fd19d3b6e7n,
  0x0c28145b6a44df3e0149b3d0a30b3bb599df9756d4dd9b84a86b38cfb45a740bn,
  0x00544b8338791518b2c7645a50392798b21f75bb60e3596170067d00141cac15n,
  0x222c01175718386f2e2e82eb122789e352e105a3b8fa852613bc534433ee428bn,
];

let known: bigint[][] | null = null;

/** By round: a constant for each element in full rounds, one in partial rounds. */
function roundConstants(): bigint[][] {
  if (known !== null) return known;
  const grain = new Grain(SHAPE);
  const { fullRounds, partialRounds } = SHAPE;
  known = Array.from({ length: fullRounds + partialRounds }, (_, round) =>
    Array.from({ length: isFull(round) ? WIDTH : 1 }, () => grain.element()),
  );
  return known;
}

function isFull(round: number): boolean {
  const half = SHAPE.fullRounds / 2;
  return round < half || round >= half + SHAPE.partialRounds;
}

function fifthPower(value: bigint): bigint {
  const square = (value * value) % FIELD_ORDER;
  return (((square * square) % FIELD_ORDER) * value) % FIELD_ORDER;
}

/** The matrix [[5, 7, 1, 3], [4, 6, 1, 1], [1, 3, 5, 7], [1, 1, 4, 6]]. */
function mixed([a, b, c, d]: readonly bigint[]): bigint[] {
  return [
    5n * a + 7n * b + c + 3n * d,
    4n * a + 6n * b + c + d,
    a + 3n * b + 5n * c + 7n * d,
    a + b + 4n * c + 6n * d,
  ].map((value) => value % FIELD_ORDER);
}

/** @param state four residues */
export function poseidon2Permutation(state: readonly bigint[]): bigint[] {
  let current = mixed(state);
  roundConstants().forEach((constants, round) => {
    current = current.map((value, i) => (i < constants.length ? fifthPower(value + constants[i]) : value));
    if (isFull(round)) {
      current = mixed(current);
      return;
    }
    const sum = current.reduce((total, value) => total + value, 0n);
    current = current.map((value, i) => (value * DIAGONAL[i] + sum) % FIELD_ORDER);
  });
  return current;
}

const RATE = WIDTH - 1;
/** Keeps the hashes of lists of different lengths apart. */
const LENGTH_FACTOR = 1n << 64n;

/** The sponge of three elements at a time, as the library `poseidon` of Noir defines it for lists of fixed length. */
export function poseidon2Hash(elements: readonly bigint[]): bigint {
  let state = [0n, 0n, 0n, BigInt(elements.length) * LENGTH_FACTOR];
  for (let at = 0; at === 0 || at < elements.length; at += RATE) {
    const block = elements.slice(at, at + RATE);
    state = poseidon2Permutation(state.map((value, i) => (value + (block[i] ?? 0n)) % FIELD_ORDER));
  }
  return state[0];
}
