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

export function buildLeaves(kernels: KernelSet, source: LeafSource): Leaves {
  const { cube, values, challenges, delta } = source;
  const size = 2 ** cube.numVariables;
  const q = kernels.allocUnset(extWords(size));
  const p = kernels.alloc(size);
  const mark = kernels.mark();
  const constant = kernels.alloc(EXT_WORDS);
  const factors = lookup.columnFactors(challenges.beta).map((factor) => {
    const ptr = kernels.alloc(EXT_WORDS);
    writeScalar(kernels.words, ptr, factor);
    return ptr;
  });
  for (const placed of cube.sections) {
    writeScalar(kernels.words, constant, sub(challenges.alpha, fromBase(placed.section.tag)));
    writeDenominators(kernels, placed, values.columns(placed.section), q, constant, factors);
    writeNumerators(kernels.words, placed, values, p);
  }
  writeExt4(kernels.words, q, cube.dummy, delta);
  fillOnes(kernels.words, q, cube.dummy + 1, size);
  kernels.release(mark);
  return { p, q };
}

function writeDenominators(
  kernels: KernelSet,
  placed: PlacedSection,
  columns: readonly number[],
  q: number,
  constant: number,
  factors: readonly number[],
): void {
  const { offset } = placed;
  const size = 2 ** placed.numVariables;
  const mark = kernels.mark();
  // Sections shorter than a line may start inside one: they are computed aside and copied.
  const aside = size < 4;
  const target = aside ? kernels.alloc(extWords(size)) : q + 16 * offset;
  const column = (i: number): number => columns[i] ?? 0;
  const [f0, f1, f2, f3] = factors;
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
    for (let i = 0; i < size; i++) writeExt4(words, q, offset + i, readExt4(words, target, i));
  }
  kernels.release(mark);
  forEachGap(placed.section.axes, (from, to) => fillOnes(words, q, offset + from, offset + to));
}

function writeNumerators(
  words: Uint32Array,
  { section, offset }: PlacedSection,
  values: SectionValues,
  p: number,
): void {
  const first = p / 4 + offset;
  if (section.multiplicity === null) {
    forEachRealRun(section.axes, (from, to) => words.fill(1, first + from, first + to));
    return;
  }
  const counts = values.multiplicities(section) / 4;
  forEachRealRun(section.axes, (from, to) => {
    for (let i = from; i < to; i++) words[first + i] = negF(words[counts + i]);
  });
}

/** Elements [from, to) of an ext4 array become 1: whole lines at once. */
function fillOnes(words: Uint32Array, ptr: number, from: number, to: number): void {
  const wholeFrom = Math.min(to, Math.ceil(from / 4) * 4);
  const wholeTo = Math.max(wholeFrom, to - (to % 4));
  for (let i = from; i < wholeFrom; i++) writeExt4(words, ptr, i, ONE);
  const end = ptr / 4 + 4 * wholeTo;
  for (let word = ptr / 4 + 4 * wholeFrom; word < end; word++) words[word] = (word & 12) === 0 ? 1 : 0;
  for (let i = wholeTo; i < to; i++) writeExt4(words, ptr, i, ONE);
}
