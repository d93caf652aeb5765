/**
 * Row weights of the two combinations that an opening sends as one vector: s (from the claims) and γ (random, one scalar
 * per row over F and one per row over K; the last mask has weight 1 in γ and 0 in s).
 */
import { add, BASIS, EXT_WORDS, type Ext, mul, ONE, sub } from "../field/ext.ts";
import { type ExtVector, getExt, makeExtVector, setExt, toExtVector } from "../field/extVector.ts";
import { eqTable, type Point } from "../poly/eq.ts";
import type { ClaimGroup } from "./claims.ts";
import { NUM_MASKS, ROWS_PER_EXT, type StackLayout } from "./stackLayout.ts";

/** s = Σ_g b̃_g(ρ)·a_g. */
export function claimWeights(layout: StackLayout, groups: readonly ClaimGroup[], rho: Point): ExtVector {
  const weights = makeExtVector(layout.numRows);
  for (const group of groups) {
    const value = group.columns.evaluate(rho);
    for (const [row, weight] of group.rows)
      setExt(weights, row, add(getExt(weights, row), mul(weight, value)));
  }
  return weights;
}

/** Scalars that γ needs: one per row over F, one per pad row and mask over K, none for the last mask. */
export function proximityScalars(layout: StackLayout): number {
  return layout.firstPadRow + layout.numPadRows + NUM_MASKS - 1;
}

/** γ by row. */
export function proximityWeights(layout: StackLayout, scalars: readonly Ext[]): ExtVector {
  const weights = makeExtVector(layout.numRows);
  for (let row = 0; row < layout.firstPadRow; row++) setExt(weights, row, scalars[row]);
  const extRows = layout.numPadRows + NUM_MASKS;
  for (let i = 0; i < extRows; i++) {
    const scalar = i === extRows - 1 ? ONE : scalars[layout.firstPadRow + i];
    BASIS.forEach((basis, c) => {
      setExt(weights, layout.firstPadRow + ROWS_PER_EXT * i + c, mul(scalar, basis));
    });
  }
  return weights;
}

/** s + κ·γ. */
export function combineWeights(s: ExtVector, gamma: ExtVector, kappa: Ext): ExtVector {
  const combined = makeExtVector(s.length / EXT_WORDS);
  for (let row = 0; row < s.length / EXT_WORDS; row++) {
    setExt(combined, row, add(getExt(s, row), mul(kappa, getExt(gamma, row))));
  }
  return combined;
}

/** factor · eq(point, row) by row. */
export function levelWeights(point: readonly Ext[], numRows: number, factor: Ext): ExtVector {
  const table = eqTable(point, numRows);
  return toExtVector(Array.from({ length: numRows }, (_, row) => mul(factor, getExt(table, row))));
}

/** h(r) of the round polynomial c0 + c1·X + c2·X² with h(0) + h(1) = claim. */
export function roundValue(claim: Ext, c0: Ext, c2: Ext, r: Ext): Ext {
  const c1 = sub(sub(claim, add(c0, c0)), c2);
  return add(c0, mul(r, add(c1, mul(r, c2))));
}
