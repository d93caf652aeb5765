/** What a coverage run knows of one model, whichever set it comes from. */

import type { Tensor } from "../../src/tensor/tensor.ts";

export interface CoverageCase {
  readonly name: string;
  readonly model: Uint8Array;
  /** By the order of the model's inputs; undefined for what is no tensor of numbers. */
  readonly inputs: readonly (Tensor | undefined)[];
  /** The oracle: stored outputs, or those of ONNX Runtime. Null where there is none. */
  readonly outputs: readonly (Tensor | undefined)[] | null;
}

export type Outcome =
  /** A proof of the integer program was made and verified, and its outputs lie within the tolerance. */
  | "proven"
  /** The integer program's outputs lie within the tolerance (a run without --prove ends here). */
  | "integers"
  /** Nothing to prove: no output depends on any input that is left. */
  | "constant"
  | "refused"
  /** An answer that is wrong, or a crash: the run fails. */
  | "wrong";

export interface CaseResult {
  readonly name: string;
  readonly operators: readonly string[];
  /** Float reference against the oracle. */
  readonly float: "pass" | "fail" | "refused";
  readonly floatDetail: string;
  readonly outcome: Outcome;
  /** From the list in reasons.ts, for a refusal. */
  readonly reason: string;
  readonly detail: string;
  /** Inputs that became constants because they decide shapes, or because the operator takes them only so. */
  readonly fixed: readonly string[];
  /** Bits of activations. */
  readonly bits: number | null;
  /** Largest error over all real outputs, as a share of the output's range; integers have to be equal. */
  readonly error: number | null;
  readonly milliseconds: number;
}
