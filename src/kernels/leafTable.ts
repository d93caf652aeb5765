/**
 * What lookupLeaves makes leaves of, as words in kernel memory. A header: number of sections, the dummy leaf's index, two
 * unused, its denominator, four factors of columns. Then 48 words for each section, ascending and without gaps from leaf 0
 * to the dummy: first leaf, number of leaves (a power of two), two unused, the constant of its denominators, pointers to
 * four columns (0: absent, and all after it too), to the multiplicities (0: none), the number of levels, and for each level
 * its stride and length.
 *
 * Levels tell real cells from padding: cell x is real if, for each level from the outermost one on, x modulo the stride of
 * the level before (the number of leaves at first) is below stride · length. The innermost stride is 1.
 */
import type { Ext } from "../field/ext.ts";
import type { KernelSet } from "./kernelSet.ts";

export interface LeafSection {
  readonly offset: number;
  readonly size: number;
  readonly constant: Ext;
  /** One to four. */
  readonly columns: readonly number[];
  /** 0 where every real cell counts once. */
  readonly multiplicities: number;
  readonly levels: readonly LeafLevel[];
}

export interface LeafLevel {
  readonly stride: number;
  readonly length: number;
}

export interface LeafTable {
  readonly sections: readonly LeafSection[];
  readonly dummy: number;
  readonly delta: Ext;
  /** Four. */
  readonly factors: readonly Ext[];
}

const DELTA = 4;
const FACTORS = 8;
const SECTIONS = 24;
const SECTION_WORDS = 48;
const CONSTANT = 4;
const COLUMNS = 8;
const MULTIPLICITIES = 12;
const NUM_LEVELS = 13;
const LEVELS = 14;
/** Padding takes at least two bits of an axis, and a cube has fewer than 32. */
const MAX_LEVELS: number = (SECTION_WORDS - LEVELS) / 2;

export function storeLeafTable(kernels: KernelSet, table: LeafTable): number {
  const { sections, dummy, delta, factors } = table;
  const ptr = kernels.alloc(SECTIONS + SECTION_WORDS * sections.length);
  const words = kernels.words.subarray(ptr / 4);
  words[0] = sections.length;
  words[1] = dummy;
  words.set(delta, DELTA);
  factors.forEach((factor, c) => {
    words.set(factor, FACTORS + 4 * c);
  });
  sections.forEach(({ offset, size, constant, columns, multiplicities, levels }, k) => {
    if (levels.length > MAX_LEVELS) throw new RangeError(`a section has at most ${MAX_LEVELS} levels`);
    const at = SECTIONS + SECTION_WORDS * k;
    words[at] = offset;
    words[at + 1] = size;
    words.set(constant, at + CONSTANT);
    words.set(columns, at + COLUMNS);
    words[at + MULTIPLICITIES] = multiplicities;
    words[at + NUM_LEVELS] = levels.length;
    levels.forEach(({ stride, length }, i) => {
      words.set([stride, length], at + LEVELS + 2 * i);
    });
  });
  return ptr;
}

/** For the reference implementation. */
export function readLeafTable(memory: Uint32Array, ptr: number): LeafTable {
  const words = memory.subarray(ptr / 4);
  const ext = (at: number): Ext => [words[at], words[at + 1], words[at + 2], words[at + 3]];
  const sections = Array.from({ length: words[0] }, (_, k): LeafSection => {
    const at = SECTIONS + SECTION_WORDS * k;
    const columns = [...words.slice(at + COLUMNS, at + COLUMNS + 4)].filter((column) => column !== 0);
    const levels = Array.from({ length: words[at + NUM_LEVELS] }, (_, i) => ({
      stride: words[at + LEVELS + 2 * i],
      length: words[at + LEVELS + 2 * i + 1],
    }));
    const multiplicities = words[at + MULTIPLICITIES];
    return {
      offset: words[at],
      size: words[at + 1],
      constant: ext(at + CONSTANT),
      columns,
      multiplicities,
      levels,
    };
  });
  const factors = [0, 1, 2, 3].map((c) => ext(FACTORS + 4 * c));
  return { sections, dummy: words[1], delta: ext(DELTA), factors };
}
