/** The errors of data arguments; each names the file. */

import { TensorproofError } from "../errors/tensorproofError.ts";

export type DataErrorCode = "input.shape" | "input.dtype" | "input.nonFinite" | "input.unreadable";

/** `reason` says what was expected and what was found. */
export function dataError(
  code: DataErrorCode,
  fileName: string,
  reason: string,
  cause?: unknown,
): TensorproofError {
  return new TensorproofError(code, `"${fileName}": ${reason}`, { where: fileName, cause });
}
