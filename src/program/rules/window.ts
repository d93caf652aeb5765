import { invalidProgram } from "../programErrors.ts";
import { numWindows, type WindowAxis } from "../window.ts";
import { checkInteger, MAX_INT32 } from "./checkInteger.ts";

const MAX_PAD = 2 ** 16;

/** Checks the attributes of one axis and returns the output's length along it, at least 1. */
export function checkedWindows(axis: WindowAxis, where: string): number {
  checkInteger(axis.size, 1, MAX_INT32, "a window size", where);
  checkInteger(axis.stride, 1, MAX_INT32, "a stride", where);
  checkInteger(axis.dilation, 1, MAX_INT32, "a dilation", where);
  checkInteger(axis.padBegin, 0, MAX_PAD, "a padding", where);
  checkInteger(axis.padEnd, 0, MAX_PAD, "a padding", where);
  const count = numWindows(axis);
  if (count >= 1) return count;
  throw invalidProgram(where, `a window of ${axis.size} does not fit an axis of ${axis.length}`);
}
