/** A gather whose indices are sums of a matmul, which the plan reads from the layer and does not store. */
import type { Program } from "../../program/program.ts";
import { ProgramDraft } from "../../program/testing/programDraft.ts";

/** Entries of `width` integers, chosen by the `numSums` sums of each of three rows of four bits. */
export function gatherByLayer(numSums: number, width: number): Program {
  const draft = new ProgramDraft();
  const input = draft.input([3, 4], { lo: 0, hi: 1 });
  const chosen = Int32Array.from({ length: 4 * numSums }, (_, i) => ((i % 4) + Math.floor(i / 4)) % 2);
  const weight = draft.constant([numSums, 4], { lo: 0, hi: 1 }, chosen);
  const sums = draft.add({ kind: "matmul", input, weight, bias: null });
  const entries = Int32Array.from({ length: 5 * width }, (_, i) => (7 * i) % 100);
  const constant = draft.constant([5, width], { lo: 0, hi: 99 }, entries);
  const table = draft.add({ kind: "constant", constant });
  draft.add({ kind: "gather", table, index: sums, batchAxes: 0 });
  return draft.program();
}
