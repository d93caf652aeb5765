/**
 * The highest address that a proof reaches in kernel memory: the same arrays as the prover's, in the same order and with
 * the same lives. Left out is what is smaller than a few kilobytes.
 */

import { type InnerShape, innerShapes } from "../../commitment/parameters.ts";
import { ROWS_PER_EXT, rowLength, type StackLayout, type StackTree } from "../../commitment/stackLayout.ts";
import { EXT_WORDS } from "../../field/ext.ts";
import { extWords } from "../../kernels/extLayout.ts";
import { PIECE, STREAMED_VARIABLES } from "../../lookup/streamedLeaves.ts";
import { ArenaModel } from "./arenaModel.ts";
import type { ArgumentShape, ViewTermShape } from "./argumentShape.ts";
import type { WitnessShape } from "./witnessShape.ts";

const HASH_WORDS = 8;

export interface ProofShape {
  readonly layout: StackLayout;
  /** Of the weights alone, null where they are public. */
  readonly weights: WitnessShape | null;
  readonly witness: WitnessShape;
  readonly argument: ArgumentShape;
}

export function kernelBytes(shape: ProofShape): number {
  const { layout } = shape;
  const arena = new ArenaModel();
  arena.alloc(2 ** layout.parameters.logLength);
  for (const { logLength } of layout.parameters.levels) arena.alloc(2 ** logLength);
  const treeNamed = (name: StackTree["name"]): StackTree | undefined =>
    layout.trees.find((tree) => tree.name === name);
  const commit = (name: StackTree["name"]): void => {
    const tree = treeNamed(name);
    if (tree !== undefined) allocTree(arena, layout, tree);
  };
  if (shape.weights !== null) {
    allocWitness(arena, shape.weights);
    commit("weights");
  }
  allocWitness(arena, shape.witness);
  for (const name of ["input", "output", "advice"] as const) commit(name);
  arena.within(() => allocArgument(arena, shape.argument));
  arena.within(() => allocOpening(arena, shape));
  return arena.peakBytes;
}

function allocWitness(arena: ArenaModel, { arrays }: WitnessShape): void {
  for (const cells of arrays) arena.alloc(cells);
}

function allocTree(arena: ArenaModel, { parameters }: StackLayout, { numRows }: StackTree): void {
  const length = 2 ** parameters.logLength;
  arena.alloc(numRows * Math.ceil(rowLength(parameters) / 16) * 16);
  allocCodewords(arena, numRows, length);
}

/** Symbols, salts and hashes. */
function allocCodewords(arena: ArenaModel, numRows: number, length: number): void {
  arena.alloc(numRows * (length + 16));
  arena.alloc(length * HASH_WORDS);
  for (let count = length; count >= 1; count /= 2) arena.alloc(count * HASH_WORDS);
}

function allocArgument(arena: ArenaModel, { cube, steps, operandViews }: ArgumentShape): void {
  arena.within(() => allocLookups(arena, cube.numVariables));
  let zeroBits = 0;
  for (const step of steps) {
    if (step.kind === "view") allocView(arena, step.term);
    else {
      const { bits, groupBits } = step.claim;
      for (let operand = 0; operand < 2; operand++) arena.alloc(extWords(2 ** bits));
      if (groupBits > 0) zeroBits = Math.max(zeroBits, bits);
    }
  }
  arena.alloc(extWords(2 ** zeroBits));
  for (const step of steps) {
    if (step.kind === "view") continue;
    for (let i = 1; i <= step.claim.groupBits; i++) arena.alloc(extWords(2 ** (step.claim.bits - i)));
  }
  for (const term of operandViews) allocView(arena, term);
}

/** lookup/prover.ts: two tables per level. */
function allocLookups(arena: ArenaModel, numVariables: number): void {
  if (numVariables < STREAMED_VARIABLES) allocSmallLookups(arena, numVariables);
  else allocStreamedLookups(arena, numVariables);
}

function allocSmallLookups(arena: ArenaModel, numVariables: number): void {
  const marks: number[] = [];
  for (let level = numVariables - 1; level >= 0; level--) {
    marks[level] = arena.mark();
    allocLevel(arena, level);
    if (level === numVariables - 1) arena.within(() => allocLeaves(arena, numVariables));
  }
  // The last layer: both halves of the numerators in K, and the leaves again.
  arena.release(marks[numVariables - 1]);
  for (let half = 0; half < 2; half++) arena.alloc(extWords(2 ** (numVariables - 1)));
  allocLeaves(arena, numVariables);
}

function allocStreamedLookups(arena: ArenaModel, numVariables: number): void {
  arena.alloc(4 * PIECE);
  arena.alloc(extWords(4 * PIECE));
  for (let vector = 0; vector < 2; vector++) arena.alloc(extWords(2 * PIECE));
  arena.within(() => {
    for (let level = numVariables - 2; level >= 0; level--) allocLevel(arena, level);
  });
  arena.within(() => allocLevel(arena, numVariables - 1));
  for (let table = 0; table < 4; table++) arena.alloc(extWords(2 ** (numVariables - 2)));
}

function allocLevel(arena: ArenaModel, level: number): void {
  for (let table = 0; table < 2; table++) arena.alloc(extWords(2 ** level));
}

function allocLeaves(arena: ArenaModel, numVariables: number): void {
  arena.alloc(extWords(2 ** numVariables));
  arena.alloc(2 ** numVariables);
}

function allocView(arena: ArenaModel, { cells, blockBits, trailBits }: ViewTermShape): void {
  const size = 2 ** blockBits;
  arena.alloc(extWords(size));
  arena.within(() => {
    arena.alloc(extWords(size));
    arena.alloc(trailBits === 0 ? EXT_WORDS * (cells / size) : extWords(2 ** trailBits));
  });
  arena.alloc(extWords(size));
}

/** Groups of claims besides one for each layer and view: leaves and biases. */
const FIXED_GROUPS = 10;
/** Masks whose claims are vectors as long as a row; so is that of each row of pads. */
const MASK_GROUPS = 2;

function allocOpening(arena: ArenaModel, { layout, argument }: ProofShape): void {
  const { parameters } = layout;
  const { logColumns } = parameters;
  for (let vector = 0; vector < 2 * (MASK_GROUPS + layout.numPadRows); vector++) {
    arena.alloc(extWords(2 ** logColumns));
  }
  // Rows with the leading half of the columns bound, and four vectors as short for each group.
  const groups = FIXED_GROUPS + argument.steps.length + argument.operandViews.length;
  for (let vector = 0; vector < layout.numRows + 4 * groups; vector++) {
    arena.alloc(extWords(2 ** Math.ceil(logColumns / 2)));
  }
  for (let vector = 0; vector < 2; vector++) arena.alloc(extWords(2 ** (logColumns + 1)));
  arena.within(() => {
    arena.alloc(EXT_WORDS * layout.numRows);
    arena.alloc(extWords(rowLength(parameters)));
  });
  arena.alloc(extWords(2 ** logColumns));
  for (const shape of innerShapes(parameters)) allocInnerLevel(arena, shape);
}

/** commitment/prover/sentVector.ts and levelProver.ts. */
function allocInnerLevel(
  arena: ArenaModel,
  { numRows, numVariables, logColumns, logLength }: InnerShape,
): void {
  const size = 2 ** logColumns;
  arena.alloc(ROWS_PER_EXT * numRows * Math.ceil(size / 16) * 16);
  allocCodewords(arena, ROWS_PER_EXT * numRows, 2 ** logLength);
  arena.alloc(extWords(2 ** numVariables));
  for (let vector = 0; vector < 3; vector++) arena.alloc(extWords(size));
}
