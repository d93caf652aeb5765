/** One layer's sumcheck. */
import { add, EXT_WORDS, type Ext, mul, ONE, sub } from "../field/ext.ts";
import { readExt4, readScalar, writeScalar } from "../kernels/extLayout.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import type { TranscriptWriter } from "../masking/prover.ts";
import { eqRound, evaluateCubic } from "../sumcheck/eqRound.ts";
import * as sumcheck from "../sumcheck/verifier.ts";
import { type LayerEq, layerEq } from "./layerEq.ts";

/** Both children of each fraction: four ext4 tables. */
export interface Children {
  readonly p0: number;
  readonly p1: number;
  readonly q0: number;
  readonly q1: number;
}

export interface LayerEnd {
  readonly point: Ext[];
  readonly p0: Ext;
  readonly p1: Ext;
  readonly q0: Ext;
  readonly q1: Ext;
}

/** Children that are made when they are needed, for as long as all of them would take too much room. */
export interface StreamedChildren {
  /** As KernelSet.fractionRound over p0 + μ·q0, q1, p1, q0; at least two rounds follow. */
  firstRound(out: number, eq: LayerEq, mu: number): void;
  /** The same four tables with the first variable bound to r. */
  fold(mu: number, r: number): FoldedChildren;
}

export interface FoldedChildren extends Omit<Children, "p0"> {
  /** p0 + μ·q0. */
  readonly blended: number;
}

/** Sumcheck over eq(point, x)·(q1·(p0 + μ·q0) + p1·q0), for which the children are used up. */
export function proveLayer(
  kernels: KernelSet,
  writer: TranscriptWriter,
  children: Children | StreamedChildren,
  point: readonly Ext[],
  claim: Ext,
  mu: Ext,
): LayerEnd {
  const mark = kernels.mark();
  const numVariables = point.length;
  const scalar = kernels.alloc(EXT_WORDS);
  const out = kernels.alloc(2 * EXT_WORDS);
  const muPtr = kernels.alloc(EXT_WORDS);
  writeScalar(kernels.words, muPtr, mu);
  const streamed = "fold" in children ? children : null;
  let tables: FoldedChildren | null = null;
  if (!("fold" in children)) {
    // p0 can be had back at the end: only p0 + μ·q0 is kept from here on.
    const { p0, p1, q0, q1 } = children;
    kernels.extMulAdd(p0, p0, q0, muPtr, 2 ** numVariables);
    tables = { blended: p0, p1, q0, q1 };
  }
  const eqOf = layerEq(kernels, point);

  const reached: Ext[] = [];
  let current = claim;
  let prefix = ONE;
  for (let round = 0; round < numVariables; round++) {
    const half = 2 ** (numVariables - 1 - round);
    const eq = eqOf(round);
    if (tables === null && round === 0) streamed?.firstRound(out, eq, muPtr);
    else {
      const isFolded = round === 0 || tables === null;
      tables ??= streamed?.fold(muPtr, scalar) ?? null;
      if (tables === null) throw new TypeError("a layer without children");
      const { blended, p1, q0, q1 } = tables;
      const { high, low, lowLength } = eq;
      if (isFolded) kernels.fractionRound(out, high, low, lowLength, blended, q1, p1, q0, half);
      else kernels.fractionFoldRound(out, high, low, lowLength, blended, q1, p1, q0, half, scalar);
    }
    const s0 = readScalar(kernels.words, out);
    const s2 = readScalar(kernels.words, out + 16);
    const { coefficients, e0, e1 } = eqRound(current, prefix, point[round], s0, s2);
    for (const c of [coefficients[0], coefficients[2], coefficients[3]])
      writer.hidden(sumcheck.LABEL_ROUND, c);
    const r = writer.challenge(sumcheck.LABEL_CHALLENGE);
    current = evaluateCubic(coefficients, r);
    prefix = add(e0, mul(r, sub(e1, e0)));
    writeScalar(kernels.words, scalar, r);
    reached.push(r);
  }
  if (tables === null) throw new TypeError("a streamed layer needs two rounds");
  const at = (table: number): Ext => {
    if (numVariables > 0) kernels.extFold(table, table, 1, scalar);
    return readExt4(kernels.words, table, 0);
  };
  const end = { p1: at(tables.p1), q0: at(tables.q0), q1: at(tables.q1) };
  const p0 = sub(at(tables.blended), mul(mu, end.q0));
  kernels.release(mark);
  return { point: reached, p0, ...end };
}
