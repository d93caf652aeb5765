/**
 * Poseidon as its S-boxes alone: what each of them reads is a linear form of the inputs and of the outputs of earlier
 * S-boxes, and so is the hash. The forms depend on the parameters only and are worked out once.
 */
import { FIELD_ORDER } from "../scalarField.ts";
import type { PoseidonParameters } from "./parameters.ts";

/** constant + Σ factors[i] · sources[i]; sources count the inputs first, then the S-boxes in order. */
export interface Form {
  readonly constant: bigint;
  readonly sources: readonly number[];
  readonly factors: readonly bigint[];
}

export interface SboxForms {
  readonly numInputs: number;
  readonly sboxes: readonly Form[];
  readonly hash: Form;
}

/** A linear form in the making: by source. */
type Sparse = Map<number, bigint>;
/** The key of the constant among the sources. */
const CONSTANT = -1;

function mixed(state: readonly Sparse[], row: readonly bigint[]): Sparse {
  const result: Sparse = new Map();
  state.forEach((form, j) => {
    for (const [source, factor] of form)
      result.set(source, ((result.get(source) ?? 0n) + row[j] * factor) % FIELD_ORDER);
  });
  return result;
}

function toForm(sparse: Sparse): Form {
  const entries = [...sparse].filter(([source]) => source !== CONSTANT);
  return {
    constant: sparse.get(CONSTANT) ?? 0n,
    sources: entries.map(([source]) => source),
    factors: entries.map(([, factor]) => factor),
  };
}

/** The state is (0, inputs…); the hash is its first element after all rounds. */
export function sboxForms({ shape, roundConstants, mix }: PoseidonParameters): SboxForms {
  const { width, fullRounds, partialRounds } = shape;
  const numInputs = width - 1;
  const sboxes: Form[] = [];
  let state: Sparse[] = [new Map(), ...Array.from({ length: numInputs }, (_, i) => new Map([[i, 1n]]))];
  roundConstants.forEach((constants, round) => {
    const half = fullRounds / 2;
    const isFull = round < half || round >= half + partialRounds;
    state = state.map((form, j) => {
      form.set(CONSTANT, ((form.get(CONSTANT) ?? 0n) + constants[j]) % FIELD_ORDER);
      if (!isFull && j > 0) return form;
      sboxes.push(toForm(form));
      return new Map([[numInputs + sboxes.length - 1, 1n]]);
    });
    state = mix.map((row) => mixed(state, row));
  });
  return { numInputs, sboxes, hash: toForm(state[0]) };
}
