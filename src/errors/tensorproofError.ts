/**
 * The errors a caller can act on. Bad *proofs* are not errors but values (see `Verdict`); programming mistakes are
 * `TypeError`/`RangeError`. Everything that a user can cause and mend is a `TensorproofError` with a stable code.
 */

/** `input`: bad usage or bad input (exit code 2). `resources`: out of memory, budget or disk (exit code 3). */
export type ErrorCategory = "input" | "resources";

export interface ErrorDetails {
  /** Where it happened: a node, tensor, file or byte offset, in words a user recognises. */
  readonly where?: string;
  readonly category?: ErrorCategory;
  readonly cause?: unknown;
  /** Machine-readable extras, for example the full list of unsupported nodes. */
  readonly details?: unknown;
}

/** Codes are `area.reason`, for example `model.unsupportedOperator`, `input.shape`, `key.truncated`. */
export class TensorproofError extends Error {
  readonly code: string;
  readonly where: string | undefined;
  readonly category: ErrorCategory;
  readonly details: unknown;

  constructor(code: string, message: string, extra: ErrorDetails = {}) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = "TensorproofError";
    this.code = code;
    this.where = extra.where;
    this.category = extra.category ?? "input";
    this.details = extra.details;
  }
}
