/** The prover's side of lookup/verifier.ts: builds the tree of fractions and sends its layers. */
import { add, type Ext, fromBase, mul, sub } from "../field/ext.ts";
import { extWords, readExt4, writeExt4 } from "../kernels/extLayout.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import type { TranscriptWriter } from "../masking/prover.ts";
import type { ProductValues } from "../products/prover.ts";
import type { LookupCube } from "./cube.ts";
import { buildLeaves, type LeafSource, type SectionValues } from "./leaves.ts";
import { type Children, proveLayer, type StreamedChildren } from "./proveLayer.ts";
import { STREAMING, StreamedLeaves, type Streaming } from "./streamedLeaves.ts";
import * as lookup from "./verifier.ts";

/** Fractions of one level: numerators and denominators, 2^level elements of K each. */
interface Level {
  readonly p: number;
  readonly q: number;
  /** Frees this level and those above it. */
  readonly mark: number;
}

/** What later steps need: the leaf point and the products of all layers. */
export interface LayerProducts {
  readonly point: Ext[];
  readonly products: ProductValues[];
}

/** Sends the argument. */
export function proveLookups(
  kernels: KernelSet,
  writer: TranscriptWriter,
  cube: LookupCube,
  values: SectionValues,
  challenges: { readonly alpha: Ext; readonly beta: Ext },
  delta: Ext,
  streaming: Streaming = STREAMING,
): LayerProducts {
  const mark = kernels.mark();
  const source: LeafSource = { cube, values, challenges, delta };
  const streamed =
    cube.numVariables < streaming.fromVariables ? null : new StreamedLeaves(kernels, source, streaming.piece);
  const levels = streamed === null ? buildLevels(kernels, source) : streamLevels(kernels, cube, streamed);
  let denominator = readExt4(kernels.words, levels[0].q, 0);
  writer.clear(lookup.LABEL_ROOT, denominator);
  let point: Ext[] = [];
  const products: ProductValues[] = [];
  let claim = fromBase(0);
  for (let level = 0; level < cube.numVariables; level++) {
    const mu = writer.challenge(lookup.LABEL_BATCH);
    // The proof goes down the tree, and no level is needed once the one below it is.
    if (levels[level] !== undefined) kernels.release(levels[level].mark);
    const layerMark = kernels.mark();
    let children: Children | StreamedChildren;
    if (level + 1 === cube.numVariables) children = streamed ?? leafChildren(kernels, source);
    else
      children = childrenOf(
        kernels,
        levels[level + 1] ?? lowestLevel(kernels, streamed, level + 1),
        2 ** level,
      );
    const layer = proveLayer(kernels, writer, children, point, add(claim, mul(mu, denominator)), mu);
    if (levels[level + 1] === undefined) kernels.release(layerMark);
    const { p0, p1, q0, q1 } = layer;
    for (const value of [p0, p1, q0, q1]) writer.hidden(lookup.LABEL_CHILDREN, value);
    const blended = add(p0, mul(mu, q0));
    writer.hidden(lookup.LABEL_PRODUCT, mul(q1, blended));
    products.push({ x: q1, y: blended }, { x: p1, y: q0 });
    const tau = writer.challenge(lookup.LABEL_LINE);
    claim = add(p0, mul(tau, sub(p1, p0)));
    denominator = add(q0, mul(tau, sub(q1, q0)));
    point = [tau, ...layer.point];
  }
  kernels.release(mark);
  return { point, products };
}

/**
 * All levels but the leaves, which are more than the others together: they are made here, forgotten, and made again for
 * the last layer, when the others are gone.
 */
function buildLevels(kernels: KernelSet, source: LeafSource): Level[] {
  const levels: Level[] = [];
  for (let level = source.cube.numVariables - 1; level >= 0; level--) {
    const size = 2 ** level;
    const own = allocLevel(kernels, level);
    const { p, q } = own;
    levels[level] = own;
    const below = levels[level + 1];
    if (below === undefined) {
      const temporary = kernels.mark();
      const leaves = buildLeaves(kernels, source);
      kernels.leafFractionSum(p, q, leaves.p, leaves.q, size);
      kernels.release(temporary);
    } else {
      kernels.fractionSum(p, q, below.p, below.q, size);
    }
  }
  return levels;
}

/** All levels but the two lowest, which are streamed. */
function streamLevels(kernels: KernelSet, cube: LookupCube, streamed: StreamedLeaves): Level[] {
  const levels: Level[] = [];
  for (let level = cube.numVariables - 2; level >= 0; level--) {
    const own = allocLevel(kernels, level);
    const below = levels[level + 1];
    if (below === undefined) streamed.sumTwice(own);
    else kernels.fractionSum(own.p, own.q, below.p, below.q, 2 ** level);
    levels[level] = own;
  }
  return levels;
}

/** The level above the leaves, where they are streamed. */
function lowestLevel(kernels: KernelSet, streamed: StreamedLeaves | null, level: number): Level {
  if (streamed === null) throw new TypeError(`level ${level} is missing`);
  const own = allocLevel(kernels, level);
  streamed.sum(own);
  return own;
}

function allocLevel(kernels: KernelSet, level: number): Level {
  const mark = kernels.mark();
  const size = extWords(2 ** level);
  return { p: kernels.allocUnset(size), q: kernels.allocUnset(size), mark };
}

/** The leaves' fractions, numerators lifted into K. */
function leafChildren(kernels: KernelSet, source: LeafSource): Children {
  const size = 2 ** (source.cube.numVariables - 1);
  const p0 = kernels.allocUnset(extWords(size));
  const p1 = kernels.allocUnset(extWords(size));
  const { p, q } = buildLeaves(kernels, source);
  kernels.extFromBase(p0, p, size);
  kernels.extFromBase(p1, p + 4 * size, size);
  return { p0, p1, q0: q, q1: upperHalf(kernels, q, size) };
}

function childrenOf(kernels: KernelSet, { p, q }: Level, size: number): Children {
  return { p0: p, p1: upperHalf(kernels, p, size), q0: q, q1: upperHalf(kernels, q, size) };
}

/** The upper half of 2·size elements; one shorter than a line is copied out. */
function upperHalf(kernels: KernelSet, table: number, size: number): number {
  if (size >= 4) return table + 16 * size;
  const high = kernels.allocUnset(extWords(size));
  for (let i = 0; i < size; i++) writeExt4(kernels.words, high, i, readExt4(kernels.words, table, size + i));
  return high;
}
