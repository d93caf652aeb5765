/**
 * Places the sections of a plan in one hypercube of leaf fractions: sections padded to powers of two, largest first, so
 * that a section's cells are addressed by the low coordinates of a point and the section by the high ones. One more leaf
 * holds the dummy fraction 0/δ; all other leaves, padding cells included, are 0/1.
 */
import { axisBits, totalBits } from "../claims/axes.ts";
import type { LookupSection } from "../claims/plan.ts";
import type { Ext } from "../field/ext.ts";
import { eqAtIndex, type Point } from "../poly/eq.ts";

export interface PlacedSection {
  readonly section: LookupSection;
  /** log2 of the padded size. */
  readonly numVariables: number;
  /** First leaf, a multiple of the padded size. */
  readonly offset: number;
}

export interface LookupCube {
  readonly numVariables: number;
  readonly sections: readonly PlacedSection[];
  /** Leaf of the dummy fraction. */
  readonly dummy: number;
}

export function placeSections(sections: readonly LookupSection[]): LookupCube {
  const order = sections
    .map((section, index) => ({ section, index, numVariables: totalBits(section.axes) }))
    .sort((a, b) => b.numVariables - a.numVariables || a.index - b.index);
  let offset = 0;
  const placed = order.map(({ section, numVariables }) => {
    const at = offset;
    offset += 2 ** numVariables;
    return { section, numVariables, offset: at };
  });
  // At least two leaves, so that the root is a sum.
  return { numVariables: Math.max(1, axisBits(offset + 1)), sections: placed, dummy: offset };
}

/** The section's coordinates of a leaf point, and the weight with which its cells enter there. */
export function restrict(
  cube: LookupCube,
  placed: PlacedSection,
  point: Point,
): { point: Point; weight: Ext } {
  const high = cube.numVariables - placed.numVariables;
  return {
    point: point.slice(high),
    weight: eqAtIndex(point.slice(0, high), placed.offset / 2 ** placed.numVariables),
  };
}
