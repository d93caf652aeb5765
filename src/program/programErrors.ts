import { TensorproofError } from "../errors/tensorproofError.ts";

/** A program that breaks a rule of the program format. `where` names the operator, tensor or constant. */
export function invalidProgram(where: string, message: string): TensorproofError {
  return new TensorproofError("program.invalid", `${where}: ${message}`, { where });
}
