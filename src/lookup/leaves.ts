/** The fractions at the leaves of a lookup cube: numerators in F, denominators in K. */
import { axisBits } from "../claims/axes.ts";
import type { LookupSection } from "../claims/plan.ts";
import { type Ext, fromBase, sub } from "../field/ext.ts";
import { extWords } from "../kernels/extLayout.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import { type LeafLevel, type LeafSection, storeLeafTable } from "../kernels/leafTable.ts";
import type { LookupCube } from "./cube.ts";
import * as lookup from "./verifier.ts";

/** Values over virtual cells, as pointers. */
export interface SectionValues {
  columns(section: LookupSection): readonly number[];
  /** Multiplicities of a table section. */
  multiplicities(section: LookupSection): number;
}

/** What the leaves are made of; cheap enough to make them twice instead of keeping them. */
export interface LeafSource {
  readonly cube: LookupCube;
  readonly values: SectionValues;
  readonly challenges: { readonly alpha: Ext; readonly beta: Ext };
  /** Denominator of the dummy. */
  readonly delta: Ext;
}

/** `p`: words, 1 in cells that are looked up, minus the multiplicity in a table's, else 0; `q`: ext4. */
export interface Leaves {
  readonly p: number;
  readonly q: number;
}

/** All leaves at once. */
export function buildLeaves(kernels: KernelSet, source: LeafSource): Leaves {
  const size = 2 ** source.cube.numVariables;
  const q = kernels.allocUnset(extWords(size));
  const p = kernels.allocUnset(size);
  const mark = kernels.mark();
  new LeafWriter(kernels, source).write(0, size, { p, q });
  kernels.release(mark);
  return { p, q };
}

/** Writes any range of leaves. Its table stays in kernel memory as long as the caller's allocations. */
export class LeafWriter {
  private readonly kernels: KernelSet;
  private readonly table: number;

  constructor(kernels: KernelSet, { cube, values, challenges, delta }: LeafSource) {
    this.kernels = kernels;
    const sections = cube.sections.map(
      ({ section, offset, numVariables }): LeafSection => ({
        offset,
        size: 2 ** numVariables,
        constant: sub(challenges.alpha, fromBase(section.tag)),
        columns: values.columns(section),
        multiplicities: section.multiplicity === null ? 0 : values.multiplicities(section),
        levels: leafLevels(section.axes),
      }),
    );
    const factors = lookup.columnFactors(challenges.beta);
    this.table = storeLeafTable(kernels, { sections, dummy: cube.dummy, delta, factors });
  }

  /** Leaves [start, start + count) from the beginnings of `to` on; both a multiple of 4, or all leaves. */
  write(start: number, count: number, to: Leaves): void {
    this.kernels.lookupLeaves(to.p, to.q, start, count, this.table);
  }
}

/** Where the real cells of virtual ones are. An axis without padding continues the one before it. */
function leafLevels(axes: readonly number[]): LeafLevel[] {
  const levels: LeafLevel[] = [];
  let cells = 1;
  let level = { stride: 1, length: 1 };
  for (const axis of [...axes].reverse()) {
    if (axis === 1) continue;
    if (level.stride * level.length === cells) level = { stride: level.stride, length: level.length * axis };
    else {
      levels.unshift(level);
      level = { stride: cells, length: axis };
    }
    cells *= 2 ** axisBits(axis);
  }
  return [level, ...levels];
}
