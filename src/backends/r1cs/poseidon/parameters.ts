/** Poseidon over the scalar field of BN254 with 16 inputs: the parameters that Circom's library and its peers use. */
import { FIELD_ORDER, inverse } from "../scalarField.ts";
import { Grain, type PoseidonShape } from "./grain.ts";

/** 128 bits of security with the S-box x^5 ("Poseidon", table of appendix B). */
export const POSEIDON_SHAPE: PoseidonShape = { width: 17, fullRounds: 8, partialRounds: 68 };

export interface PoseidonParameters {
  readonly shape: PoseidonShape;
  /** By round, one per element of the state. */
  readonly roundConstants: readonly (readonly bigint[])[];
  /** The Cauchy matrix that mixes the state: next[i] = Σ_j mix[i][j] · state[j]. */
  readonly mix: readonly (readonly bigint[])[];
}

export function poseidonParameters(shape: PoseidonShape): PoseidonParameters {
  const { width, fullRounds, partialRounds } = shape;
  const grain = new Grain(shape);
  const roundConstants = Array.from({ length: fullRounds + partialRounds }, () =>
    Array.from({ length: width }, () => grain.element()),
  );
  const points = Array.from({ length: 2 * width }, () => grain.number() % FIELD_ORDER);
  const mix = Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_, j) => inverse(points[i] + points[width + j])),
  );
  return { shape, roundConstants, mix };
}
