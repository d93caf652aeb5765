import { type Ext, mul, ONE, sub } from "../field/ext.ts";
import type { Point } from "../poly/eq.ts";

/**
 * eq(0 … 0, point). A claim with fewer variables than the longest one of its batch is multiplied by it: it keeps its sum.
 */
export function leadingZeros(point: Point): Ext {
  return point.reduce((product, r) => mul(product, sub(ONE, r)), ONE);
}
