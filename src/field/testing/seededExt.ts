/** Deterministic elements of K for tests. */
import type { Ext } from "../ext.ts";
import { P } from "../m31.ts";

export function seededExts(seed: number, count: number): Ext[] {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const high = state >>> 16;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((high << 15) | (state >>> 17)) % P;
  };
  return Array.from({ length: count }, (): Ext => [next(), next(), next(), next()]);
}
