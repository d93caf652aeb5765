import { rescaledRange } from "../declaredRanges.ts";
import { maxAbs } from "../intRange.ts";
import { checkNoWrap } from "../noWrap.ts";
import type { Multiplier, Rescale, Rounding } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import { checkInteger, MAX_INT32 } from "./checkInteger.ts";
import type { DerivedOutput } from "./derivedOutput.ts";

const MIN_SHIFT = -31;
const MAX_SHIFT = 30;
const MAX_STEPS = 255;

function checkMultiplier(rounding: Rounding, { multiplier, shift }: Multiplier, where: string): void {
  if (rounding === "float-half-even") {
    if (!(multiplier > 0 && multiplier < 2 ** 31) || Math.fround(multiplier) !== multiplier) {
      throw invalidProgram(
        where,
        `expected a float32 above 0 and below 2^31 as multiplier, got ${multiplier}`,
      );
    }
  } else {
    checkInteger(multiplier, 1, MAX_INT32, "a multiplier", where);
  }
  const isShifted = rounding === "tflite-single" || rounding === "tflite-double";
  checkInteger(shift, isShifted ? MIN_SHIFT : 0, isShifted ? MAX_SHIFT : 0, "a shift", where);
}

/**
 * The output has the input's shape and at most 256 values. The difference of the input to either bound of its range
 * must not wrap: that is how a proof places an input between two thresholds.
 */
export function rescaleRule(program: ProgramStructure, operator: Rescale, where: string): DerivedOutput {
  const { rounding, multipliers, zeroPoint, lo, hi } = operator;
  const { shape, range } = program.tensors[operator.input];
  if (multipliers.length !== 1 && multipliers.length !== shape.at(-1)) {
    const message = `expected one multiplier or one per entry of the last axis of [${shape}], got ${multipliers.length}`;
    throw invalidProgram(where, message);
  }
  for (const multiplier of multipliers) checkMultiplier(rounding, multiplier, where);
  for (const value of [zeroPoint, lo, hi]) {
    checkInteger(value, -MAX_INT32, MAX_INT32, "a zero point and bounds", where);
  }
  checkInteger(hi - lo, 0, MAX_STEPS, "a difference of the bounds", where);
  checkNoWrap(range, maxAbs(range), where);
  return { shape, range: rescaledRange(operator, range), quant: null };
}
