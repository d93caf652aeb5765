/**
 * A public vector over the columns as a sum of products: one factor over the leading bits of a column's index, one over
 * the rest. Restricted eq vectors are such products, but for the factor that the boundary cuts: its limit L = a·2^k + b
 * (k of its bits behind the boundary) gives [i < L] = [high < a] + [high = a]·[low < b].
 */
import type { EqFactor } from "../columnVector.ts";
import { TensorColumns } from "../columnVector.ts";

/** (high − minus) ⊗ low. */
export interface SplitTerm {
  readonly high: TensorColumns;
  readonly minus: TensorColumns | null;
  readonly low: TensorColumns;
}

/** One or two terms. `highBits`: how many leading bits, up to those that the vector is over. */
export function splitColumns(vector: TensorColumns, highBits: number): SplitTerm[] {
  const { factors, logColumns, block } = vector;
  const lowBits = logColumns - highBits;
  const blockBits = logColumns - factors.reduce((sum, { point }) => sum + point.length, 0);
  if (highBits <= blockBits) {
    const size = 2 ** (blockBits - highBits);
    const high = new TensorColumns([], highBits, Math.floor(block / size));
    return [{ high, minus: null, low: new TensorColumns(factors, lowBits, block % size) }];
  }
  const before: EqFactor[] = [];
  const behind: EqFactor[] = [];
  let cut: { readonly factor: EqFactor; readonly at: number } | null = null;
  let from = blockBits;
  for (const factor of factors) {
    const to = from + factor.point.length;
    if (to <= highBits) before.push(factor);
    else if (from >= highBits) behind.push(factor);
    else cut = { factor, at: highBits - from };
    from = to;
  }
  const high = (own: readonly EqFactor[]): TensorColumns =>
    new TensorColumns([...before, ...own], highBits, block);
  const low = (own: readonly EqFactor[]): TensorColumns => new TensorColumns([...own, ...behind], lowBits, 0);
  if (cut === null) return [{ high: high([]), minus: null, low: low([]) }];
  const { point, limit } = cut.factor;
  const [leading, trailing] = [point.slice(0, cut.at), point.slice(cut.at)];
  const size = 2 ** trailing.length;
  const whole = Math.floor(limit / size);
  const rest = limit % size;
  const upTo = (count: number): TensorColumns => high([{ point: leading, limit: count }]);
  const terms: SplitTerm[] = [];
  if (whole > 0) terms.push({ high: upTo(whole), minus: null, low: low([{ point: trailing, limit: size }]) });
  if (rest > 0) {
    const minus = whole > 0 ? upTo(whole) : null;
    terms.push({ high: upTo(whole + 1), minus, low: low([{ point: trailing, limit: rest }]) });
  }
  return terms;
}
