/** The part of a kernel set that holds the data. */
export interface WordMemory {
  readonly words: Uint32Array;
}
