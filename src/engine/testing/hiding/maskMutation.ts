/** A prover without one of its masks: the stream that fills the uniform cells, with some of them changed afterwards. */
import type { SecretStream } from "../../../commitment/prover/secretStream.ts";
import { NUM_MASKS, ROWS_PER_EXT, type StackLayout } from "../../../commitment/stackLayout.ts";

/** New value of a uniform cell at a row and column of the stack, null to leave it as it is. */
export type CellChange = (row: number, column: number, layout: StackLayout) => number | null;

export interface Mutation {
  readonly cell?: CellChange;
  /** Changes the salts of a tree. */
  readonly salts?: (salts: Uint32Array) => void;
}

/** What the streams of the trial at hand do otherwise. */
export interface MutationHook {
  layout: StackLayout | null;
  mutation: Mutation;
}

/** The real stream, with the hook's mutation. */
export function mutatedStream(actual: typeof SecretStream, hook: MutationHook): typeof SecretStream {
  return class extends actual {
    private readonly purpose: string;
    private readonly memory: { readonly words: Uint32Array };
    private row = 0;
    private inside = false;

    constructor(...parameters: ConstructorParameters<typeof SecretStream>) {
      super(...parameters);
      [this.memory, , this.purpose] = parameters;
    }

    override fillField(ptr: number, numWords: number): void {
      this.inside = true;
      super.fillField(ptr, numWords);
      this.inside = false;
      const { layout, mutation } = hook;
      const tree = layout?.trees.find(({ name }) => name === this.purpose);
      if (layout === null || tree === undefined || mutation.cell === undefined) return;
      const row = tree.firstRow + this.row++;
      // Rows of tensors have uniform cells behind their data only.
      const from = numWords === tree.randomCells ? 2 ** layout.parameters.logColumns : 0;
      for (let i = 0; i < numWords; i++) {
        const value = mutation.cell(row, from + i, layout);
        if (value !== null) this.memory.words[ptr / 4 + i] = value;
      }
    }

    override fillWords(ptr: number, numWords: number): void {
      super.fillWords(ptr, numWords);
      if (!this.inside) hook.mutation.salts?.(this.memory.words.subarray(ptr / 4, ptr / 4 + numWords));
    }
  };
}

/** Row of the mask (0: G₁, 1: G₂, 2: H) that a stack row belongs to, with its coordinate; null for other rows. */
export function maskOf(layout: StackLayout, row: number): { mask: number; coordinate: number } | null {
  const at = row - layout.firstMaskRow;
  if (at < 0 || at >= NUM_MASKS * ROWS_PER_EXT) return null;
  return { mask: Math.floor(at / ROWS_PER_EXT), coordinate: at % ROWS_PER_EXT };
}

/** Number of the pad in a cell of the pad rows' data part; null for other cells. */
export function padOf(layout: StackLayout, row: number, column: number): number | null {
  const size = 2 ** layout.parameters.logColumns;
  if (row < layout.firstPadRow || row >= layout.firstMaskRow || column >= size) return null;
  return Math.floor((row - layout.firstPadRow) / ROWS_PER_EXT) * size + column;
}
