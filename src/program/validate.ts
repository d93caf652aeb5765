import { elementCount } from "../tensor/shape.ts";
import { activeRanges } from "./activeRanges.ts";
import type { Program } from "./program.ts";
import { invalidProgram } from "./programErrors.ts";
import { validateStructure } from "./validateStructure.ts";

/** Checks that every constant has as many integers as its shape says and all lie in its declared range. */
function checkConstantsData(program: Program): void {
  for (const { name, shape, range, data } of program.constants) {
    const where = `constant "${name}"`;
    if (data.length !== elementCount(shape)) {
      throw invalidProgram(where, `expected ${elementCount(shape)} integers, got ${data.length}`);
    }
    for (const value of data) {
      if (value >= range.lo && value <= range.hi) continue;
      throw invalidProgram(where, `${value} lies outside the declared range [${range.lo}, ${range.hi}]`);
    }
  }
}

/**
 * `validateStructure`, and what needs the weights: that they lie in their declared ranges and that every function's
 * domain covers whatever an input in the declared range can reach, so that no later input can fail to be proven.
 *
 * @throws TensorproofError `program.invalid` or `program.rangeTooLarge`, naming the operator or constant
 */
export function validateProgram(program: Program): void {
  validateStructure(program);
  checkConstantsData(program);
  activeRanges(program);
}
