import { checkInteger } from "./checkInteger.ts";

/** Throws `program.invalid` unless a tensor of this shape has the axis. */
export function checkAxis(axis: number, shape: readonly number[], where: string): void {
  checkInteger(axis, 0, shape.length - 1, "an axis", where);
}

/** The shape with another length along one axis. */
export function withLength(shape: readonly number[], axis: number, length: number): number[] {
  return shape.map((old, at) => (at === axis ? length : old));
}
