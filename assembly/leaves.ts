/**
 * Merkle leaves: keyed BLAKE3 of a header block and one matrix column each. The matrix stores rows, so that four
 * neighbouring columns are one vector, already interleaved. Sixteen columns, one cache line of every row, advance
 * together: each line is then fetched once, however the rows are spaced.
 */
import { blockArea, BLOCK_BYTES, CHUNK_END, CHUNK_START, freeArea, KEYED, keyArea, outputArea, PARENT, ROOT, VALUE_BYTES } from "./blake3";
import { compress4 } from "./generated/compress";
import { broadcast, interleave, separate } from "./interleave";

/** Groups of four columns that advance together. */
const GROUPS: u32 = 4;
/** Chaining values of finished subtrees: one for each bit of the number of chunks, which is below 2^25. */
const STACK_DEPTH: u32 = 26;

/** Scratch: for each group a block, a chaining value and a stack. */
// @ts-ignore: decorator
@inline
function groupBlock(group: u32): usize {
  return freeArea() + BLOCK_BYTES * group;
}

// @ts-ignore: decorator
@inline
function groupValue(group: u32): usize {
  return freeArea() + BLOCK_BYTES * GROUPS + VALUE_BYTES * group;
}

// @ts-ignore: decorator
@inline
function groupStack(group: u32): usize {
  return freeArea() + (BLOCK_BYTES + VALUE_BYTES) * GROUPS + VALUE_BYTES * (group * STACK_DEPTH);
}

/** Leaves first … first + count − 1, count a multiple of 4; dst, matrix and salts point at the first of them. */
export function merkleLeaves(
  dst: usize, matrix: usize, stride: u32, rows: u32, salts: usize, label: u32, key: usize, first: u32, count: u32,
): void {
  broadcast(keyArea(), key, 8);
  while (count > 0) {
    const groups = min(count >> 2, GROUPS);
    hashColumns(dst, matrix, <usize>stride << 2, rows, salts, label, first, groups);
    dst += groups * 128;
    salts += groups * 128;
    matrix += groups * 16;
    first += groups * 4;
    count -= groups * 4;
  }
}

function hashColumns(
  dst: usize, matrix: usize, rowBytes: usize, rows: u32, salts: usize, label: u32, first: u32, groups: u32,
): void {
  for (let group: u32 = 0; group < groups; group++) {
    writeHeader(groupBlock(group), salts + group * 128, label, first + 4 * group, rows);
  }
  const blocks: u32 = 1 + ((rows + 15) >> 4);
  const lastChunk = (blocks - 1) >> 4;
  let row: u32 = 0;
  let flags: u32 = 0;
  for (let block: u32 = 0; block < blocks; block++) {
    const chunk = block >> 4;
    let size: u32 = 16;
    if (block > 0) {
      size = min(<u32>16, rows - row);
      gatherRows(matrix + rowBytes * row, rowBytes, size, groups);
      row += size;
    }
    const starts = (block & 15) == 0;
    const ends = (block & 15) == 15 || block == blocks - 1;
    flags = KEYED;
    if (starts) flags |= CHUNK_START;
    if (ends) flags |= CHUNK_END;
    if (ends && lastChunk == 0) flags |= ROOT;
    for (let group: u32 = 0; group < groups; group++) {
      const value = groupValue(group);
      const from = starts ? keyArea() : value;
      compress4(value, from, groupBlock(group), i32x4.splat(chunk), size << 2, flags);
      if (ends && lastChunk > 0) closeChunk(group, chunk, lastChunk);
    }
  }
  for (let group: u32 = 0; group < groups; group++) separate(dst + group * 128, groupValue(group), 2);
}

/** [label, leaf, rows, 0, 0, 0, 0, 0, salt] for four leaves, interleaved. */
function writeHeader(block: usize, salts: usize, label: u32, leaf: u32, rows: u32): void {
  v128.store(block, i32x4.splat(label), 0);
  v128.store(block, i32x4.add(i32x4.splat(leaf), i32x4(0, 1, 2, 3)), 16);
  v128.store(block, i32x4.splat(rows), 32);
  memory.fill(block + 48, 0, 80);
  interleave(block + 128, salts, 32, 2);
}

/** The next `size` rows of all groups into their blocks, zeros behind them. */
function gatherRows(src: usize, rowBytes: usize, size: u32, groups: u32): void {
  for (let group: u32 = 0; group < groups; group++) {
    let to = groupBlock(group);
    let from = src + (group << 4);
    for (let r: u32 = 0; r < size; r++) {
      v128.store(to, v128.load(from));
      to += 16;
      from += rowBytes;
    }
    memory.fill(to, 0, <usize>(16 - size) << 4);
  }
}

/**
 * A finished chunk joins the tree: complete subtrees of equal size merge, as many as the chunk number has trailing
 * ones; after the last chunk everything merges, and the last parent is the root.
 */
function closeChunk(group: u32, chunk: u32, lastChunk: u32): void {
  const value = groupValue(group);
  const stack = groupStack(group);
  // Subtrees waiting before this chunk: one for each set bit of its number.
  let waiting = popcnt(chunk);
  let merges = chunk == lastChunk ? waiting : ctz(~chunk);
  for (; merges > 0; merges--) {
    waiting--;
    memory.copy(blockArea(), stack + VALUE_BYTES * waiting, VALUE_BYTES);
    memory.copy(blockArea() + VALUE_BYTES, value, VALUE_BYTES);
    const flags = KEYED | PARENT | (chunk == lastChunk && merges == 1 ? ROOT : 0);
    compress4(value, keyArea(), blockArea(), i32x4.splat(0), 64, flags);
  }
  if (chunk != lastChunk) memory.copy(stack + VALUE_BYTES * waiting, value, VALUE_BYTES);
}
