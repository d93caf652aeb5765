/** The fractions at the leaves of a lookup cube: numerators in F, denominators in K. */
import type { LookupSection } from "../claims/plan.ts";
import { EXT_WORDS, type Ext, fromBase, ONE, sub } from "../field/ext.ts";
import { neg as negF } from "../field/m31.ts";
import { extWords, readExt4, writeExt4, writeScalar } from "../kernels/extLayout.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import type { LookupCube, PlacedSection } from "./cube.ts";
import { forEachGap, forEachRealRun } from "./realRuns.ts";
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

/** Writes any range of leaves. Its tables stay in kernel memory as long as the caller's allocations. */
export class LeafWriter {
  private readonly kernels: KernelSet;
  private readonly source: LeafSource;
  private readonly constant: number;
  private readonly factors: readonly number[];

  constructor(kernels: KernelSet, source: LeafSource) {
    this.kernels = kernels;
    this.source = source;
    this.constant = kernels.alloc(EXT_WORDS);
    this.factors = lookup.columnFactors(source.challenges.beta).map((factor) => {
      const ptr = kernels.alloc(EXT_WORDS);
      writeScalar(kernels.words, ptr, factor);
      return ptr;
    });
  }

  /** Leaves [start, start + count) from the beginnings of `to` on; both a multiple of 4, or all leaves. */
  write(start: number, count: number, to: Leaves): void {
    const { cube, delta } = this.source;
    const { words } = this.kernels;
    words.fill(0, to.p / 4, to.p / 4 + count);
    for (const placed of cube.sections) {
      const from = Math.max(placed.offset, start);
      const end = Math.min(placed.offset + 2 ** placed.numVariables, start + count);
      if (from >= end) continue;
      this.writeDenominators(placed, from, end, to.q, start);
      this.writeNumerators(placed, from, end, to.p / 4 - start);
    }
    if (cube.dummy >= start && cube.dummy < start + count) {
      writeExt4(words, to.q, cube.dummy - start, delta);
    }
    const empty = Math.max(cube.dummy + 1, start);
    if (empty < start + count) fillOnes(words, to.q, empty - start, count);
  }

  /** `q`: where leaf `start` goes. */
  private writeDenominators(
    { section, offset }: PlacedSection,
    from: number,
    end: number,
    q: number,
    start: number,
  ): void {
    const { kernels, source, constant } = this;
    const { challenges, values } = source;
    writeScalar(kernels.words, constant, sub(challenges.alpha, fromBase(section.tag)));
    const columns = values.columns(section);
    const size = end - from;
    const mark = kernels.mark();
    // Sections shorter than a line may start inside one: they are computed aside and copied.
    const aside = size < 4;
    const target = aside ? kernels.alloc(extWords(size)) : q + 16 * (from - start);
    const column = (i: number): number => (columns[i] === undefined ? 0 : columns[i] + 4 * (from - offset));
    const [f0, f1, f2, f3] = this.factors;
    kernels.lookupDenominators(
      target,
      constant,
      column(0),
      f0,
      column(1),
      f1,
      column(2),
      f2,
      column(3),
      f3,
      size,
    );
    const { words } = kernels;
    if (aside) {
      for (let i = 0; i < size; i++) writeExt4(words, q, from - start + i, readExt4(words, target, i));
    }
    kernels.release(mark);
    const shift = offset - start;
    forEachGap(
      section.axes,
      (first, last) => fillOnes(words, q, shift + first, shift + last),
      from - offset,
      end - offset,
    );
  }

  /** `p`: word where leaf 0 would go. */
  private writeNumerators({ section, offset }: PlacedSection, from: number, end: number, p: number): void {
    const { words } = this.kernels;
    const first = p + offset;
    let fill = (a: number, b: number): void => {
      words.fill(1, first + a, first + b);
    };
    if (section.multiplicity !== null) {
      const counts = this.source.values.multiplicities(section) / 4;
      fill = (a, b) => {
        for (let i = a; i < b; i++) words[first + i] = negF(words[counts + i]);
      };
    }
    forEachRealRun(section.axes, fill, from - offset, end - offset);
  }
}

/** Elements that one copy extends the ones before by. */
const ONES_STEP = 64;

/** Elements [from, to) of an ext4 array become 1: whole lines at once, long ranges as copies of their beginning. */
function fillOnes(words: Uint32Array, ptr: number, from: number, to: number): void {
  const wholeFrom = Math.min(to, Math.ceil(from / 4) * 4);
  const wholeTo = Math.max(wholeFrom, to - (to % 4));
  for (let i = from; i < wholeFrom; i++) writeExt4(words, ptr, i, ONE);
  const start = ptr / 4 + 4 * wholeFrom;
  const end = ptr / 4 + 4 * wholeTo;
  const written = Math.min(end, start + 4 * ONES_STEP);
  for (let word = start; word < written; word++) words[word] = (word & 12) === 0 ? 1 : 0;
  for (let word = written; word < end; ) {
    const length = Math.min(end - word, word - start);
    words.copyWithin(word, start, start + length);
    word += length;
  }
  for (let i = wholeTo; i < to; i++) writeExt4(words, ptr, i, ONE);
}
