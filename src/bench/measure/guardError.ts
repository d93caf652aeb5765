import { TensorproofError } from "../../errors/tensorproofError.ts";

/** A measurement that must not count. Its code begins with `guard.`. */
export function guardError(reason: string, message: string): TensorproofError {
  return new TensorproofError(`guard.${reason}`, message);
}
