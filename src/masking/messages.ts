/**
 * The prover's scalars, in order. The writer (prover) masks and records; the reader (verifier) hands out the same
 * scalars as hidden forms. Both drive one transcript, so that they cannot disagree about what was said when. Pads are
 * numbered in order of use, after the first `RESERVED_PADS`, whose cells serve as committed random values.
 */
import type { Ext } from "../field/ext.ts";
import type { HiddenScalar } from "./hiddenScalar.ts";

/** Pad cells with a meaning of their own: the dummy leaf's denominator and the product polynomials' values at 0. */
export const PAD_DELTA = 0;
export const PAD_PRODUCT_X = 1;
export const PAD_PRODUCT_Y = 2;
export const RESERVED_PADS = 3;

/** What a protocol step needs to receive messages and draw challenges. */
export interface MessageReader {
  hidden(label: string): HiddenScalar;
  clear(label: string): Ext;
  challenge(label: string): Ext;
}
