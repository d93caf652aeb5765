import type { IntRange } from "../../program/program.ts";

/** The salted commitment of integers in declared ranges, a residue: each family of circuits has the hash that it proves cheaply. */
export type Commit = (
  salt: bigint,
  rows: readonly { readonly range: IntRange; readonly values: ArrayLike<number> }[],
) => bigint;
