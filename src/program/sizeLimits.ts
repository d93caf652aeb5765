/**
 * How large a program may be. A verifier reads and plans whatever key it is given, and both take time in proportion to
 * these. GPT-2's shape with 12 layers takes 990 operators, 136 constants and 10 MB, MobileNet v2 158, 106 and 86 KB.
 */
import { TensorproofError } from "../errors/tensorproofError.ts";

/** Inputs, operators and constants together; statements count inputs, and outputs, in 16 bits. */
export const MAX_PARTS: number = 2 ** 13;
/** Bytes of a structure: tables of functions, multipliers, indices, names. */
export const MAX_STRUCTURE_BYTES: number = 2 ** 25;

/** @throws TensorproofError `program.tooLarge` */
export function checkNumParts(inputs: number, operators: number, constants: number): void {
  if (inputs + operators + constants <= MAX_PARTS) return;
  throw tooLarge(
    `the program has ${inputs} inputs, ${operators} operators and ${constants} constants; at most ${MAX_PARTS} together can be proven`,
  );
}

/** @throws TensorproofError `program.tooLarge` */
export function checkStructureBytes(length: number): void {
  if (length <= MAX_STRUCTURE_BYTES) return;
  throw tooLarge(
    `the program takes ${length} bytes without its weights; at most ${MAX_STRUCTURE_BYTES} can be proven`,
  );
}

function tooLarge(problem: string): TensorproofError {
  return new TensorproofError(
    "program.tooLarge",
    `${problem}. Cut the model into parts and link their proofs.`,
    {
      where: "program",
    },
  );
}
