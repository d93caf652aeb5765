/** All leaves of a range of a LogUp tree: what src/kernels/leafTable.ts describes. */
import { neg, P } from "./field";
import { LINE } from "./ext";
import { lookupDenominators } from "./lookupDenominators";

/** Byte offsets of the table's parts; leafTable.ts has them in words. */
const DUMMY_AT: usize = 4;
const DELTA_AT: usize = 16;
const FACTORS_AT: usize = 32;
const SECTIONS_AT: usize = 96;
const SECTION_BYTES: usize = 192;
const CONSTANT_AT: usize = 16;
const COLUMNS_AT: usize = 32;
const LEVELS_AT: usize = 56;

/** Leaves start … start + count − 1; start a multiple of 4. Lines are written as a whole. */
export function lookupLeaves(p: usize, q: usize, table: usize, start: u32, count: u32): void {
  const end = start + count;
  memory.fill(p, 0, <usize>count << 2);
  const sections = table + SECTIONS_AT;
  const numSections = load<u32>(table);
  for (let k = firstSection(sections, numSections, start); k < numSections; k++) {
    const section = sections + SECTION_BYTES * k;
    const offset = load<u32>(section);
    if (offset >= end) break;
    const size = load<u32>(section, 4);
    const from = max(offset, start);
    const to = min(offset + size, end);
    if (size < 4) {
      for (let leaf = from; leaf < to; leaf++) writeLeaf(p, q, table, section, leaf - start, leaf - offset);
    } else {
      writeCells(p + (<usize>(from - start) << 2), q + (<usize>(from - start) << 4), table, section, from - offset, to - offset);
    }
  }
  const dummy = load<u32>(table, DUMMY_AT);
  if (dummy < end) {
    const behind = max(dummy, start);
    fillOnes(q, behind - start, count);
    if (dummy == behind) writeElement(q, dummy - start, table + DELTA_AT);
  }
}

/** The section that holds a leaf, or the number of sections. */
function firstSection(sections: usize, numSections: u32, leaf: u32): u32 {
  let from: u32 = 0;
  let to = numSections;
  while (from < to) {
    const middle = (from + to) >> 1;
    const section = sections + SECTION_BYTES * middle;
    if (load<u32>(section) + load<u32>(section, 4) <= leaf) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Cells [from, to) of a section of whole lines. */
function writeCells(p: usize, q: usize, table: usize, section: usize, from: u32, to: u32): void {
  const factors = table + FACTORS_AT;
  const skipped = <usize>from << 2;
  lookupDenominators(
    q, section + CONSTANT_AT,
    columnAt(section, 0, skipped), factors, columnAt(section, 1, skipped), factors + 16,
    columnAt(section, 2, skipped), factors + 32, columnAt(section, 3, skipped), factors + 48,
    to - from,
  );
  const multiplicities = load<u32>(section, 48);
  for (let cell = from; cell < to; ) {
    const run = runAt(section, cell);
    const next = min(to, cell + abs(run));
    if (run < 0) fillOnes(q, cell - from, next - from);
    else if (multiplicities == 0) fillWords(p + (<usize>(cell - from) << 2), next - cell);
    else negate(p + (<usize>(cell - from) << 2), multiplicities + (<usize>cell << 2), next - cell);
    cell = next;
  }
}

// @ts-ignore: decorator
@inline
function columnAt(section: usize, c: usize, skipped: usize): usize {
  const column = <usize>load<u32>(section + COLUMNS_AT + (c << 2));
  return column ? column + skipped : 0;
}

/** How many cells from this one on are real, or minus how many are padding. */
function runAt(section: usize, cell: u32): i32 {
  const numLevels = load<u32>(section, 52);
  let level = section + LEVELS_AT;
  // Cells of what the level's axis is one index of the next outer axis of.
  let whole = load<u32>(section, 4);
  for (let i: u32 = 0; i < numLevels; i++) {
    const stride = load<u32>(level);
    const real = stride * load<u32>(level, 4);
    const within = cell & (whole - 1);
    if (within >= real) return -<i32>(whole - within);
    if (i + 1 == numLevels) return <i32>(real - within);
    whole = stride;
    level += 8;
  }
  return <i32>(whole - (cell & (whole - 1)));
}

/** One leaf of a section that is shorter than a line. */
function writeLeaf(p: usize, q: usize, table: usize, section: usize, at: u32, cell: u32): void {
  if (runAt(section, cell) < 0) {
    fillOnes(q, at, at + 1);
    return;
  }
  for (let c: usize = 0; c < 4; c++) {
    let value = <u64>load<u32>(section + CONSTANT_AT + (c << 2));
    for (let k: usize = 0; k < 4; k++) {
      const column = <usize>load<u32>(section + COLUMNS_AT + (k << 2));
      if (!column) continue;
      const factor = <u64>load<u32>(table + FACTORS_AT + (k << 4) + (c << 2));
      value = (value + factor * <u64>(P - load<u32>(column + (<usize>cell << 2)))) % P;
    }
    store<u32>(wordOf(q, at) + (c << 4), <u32>value);
  }
  const multiplicities = load<u32>(section, 48);
  const numerator = p + (<usize>at << 2);
  if (multiplicities == 0) store<u32>(numerator, 1);
  else negate(numerator, multiplicities + (<usize>cell << 2), 1);
}

// @ts-ignore: decorator
@inline
function wordOf(q: usize, at: u32): usize {
  return q + ((<usize>at >> 2) * LINE) + ((at & 3) << 2);
}

function writeElement(q: usize, at: u32, scalar: usize): void {
  const to = wordOf(q, at);
  for (let c: usize = 0; c < 4; c++) store<u32>(to + (c << 4), load<u32>(scalar + (c << 2)));
}

/** Elements [from, to) of an ext4 array become 1. */
function fillOnes(q: usize, from: u32, to: u32): void {
  const zero = i32x4.splat(0);
  const one = i32x4.splat(1);
  let at = from;
  while (at < to) {
    if ((at & 3) == 0 && at + 4 <= to) {
      const line = q + (<usize>at >> 2) * LINE;
      v128.store(line, one, 0);
      v128.store(line, zero, 16);
      v128.store(line, zero, 32);
      v128.store(line, zero, 48);
      at += 4;
    } else {
      const word = wordOf(q, at);
      store<u32>(word, 1);
      store<u32>(word, 0, 16);
      store<u32>(word, 0, 32);
      store<u32>(word, 0, 48);
      at++;
    }
  }
}

function fillWords(dst: usize, count: u32): void {
  const one = i32x4.splat(1);
  let left = count;
  for (; left >= 4; left -= 4) {
    v128.store(dst, one);
    dst += 16;
  }
  for (; left > 0; left--) {
    store<u32>(dst, 1);
    dst += 4;
  }
}

/** dst[x] = −src[x], canonical. */
function negate(dst: usize, src: usize, count: u32): void {
  let left = count;
  for (; left >= 4; left -= 4) {
    const value = v128.load(src);
    // 0 stays 0.
    v128.store(dst, v128.and(neg(value), i32x4.ne(value, i32x4.splat(0))));
    dst += 16;
    src += 16;
  }
  for (; left > 0; left--) {
    const value = load<u32>(src);
    store<u32>(dst, value == 0 ? 0 : P - value);
    dst += 4;
    src += 4;
  }
}
