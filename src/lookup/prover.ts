/** The prover's side of lookup/verifier.ts: builds the tree of fractions and sends its layers. */
import { forEachRealCell, totalBits } from "../claims/axes.ts";
import type { LookupSection } from "../claims/plan.ts";
import { add, EXT_WORDS, type Ext, fromBase, mul, ONE, sub } from "../field/ext.ts";
import { neg as negF } from "../field/m31.ts";
import { extWords, readExt4, readScalar, writeExt4, writeScalar } from "../kernels/extLayout.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import type { TranscriptWriter } from "../masking/prover.ts";
import type { ProductValues } from "../products/prover.ts";
import { eqRound, evaluateCubic } from "../sumcheck/eqRound.ts";
import * as sumcheck from "../sumcheck/verifier.ts";
import type { LookupCube, PlacedSection } from "./cube.ts";
import * as lookup from "./verifier.ts";

/** Values over virtual cells, as pointers. */
export interface SectionValues {
  columns(section: LookupSection): readonly number[];
  /** Multiplicities of a table section. */
  multiplicities(section: LookupSection): number;
}

/** Fractions of one level: numerators and denominators, 2^level elements of K each. */
interface Level {
  readonly p: number;
  readonly q: number;
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
): LayerProducts {
  const mark = kernels.mark();
  const levels: Level[] = [];
  levels[cube.numVariables] = buildLeaves(kernels, cube, values, challenges, delta);
  for (let level = cube.numVariables - 1; level >= 0; level--) {
    const size = 2 ** level;
    const p = kernels.alloc(extWords(size));
    const q = kernels.alloc(extWords(size));
    const below = levels[level + 1];
    kernels.fractionSum(p, q, below.p, below.q, size);
    levels[level] = { p, q };
  }
  writer.clear(lookup.LABEL_ROOT, readExt4(kernels.words, levels[0].q, 0));
  let point: Ext[] = [];
  const products: ProductValues[] = [];
  let claim = fromBase(0);
  let denominator = readExt4(kernels.words, levels[0].q, 0);
  for (let level = 0; level < cube.numVariables; level++) {
    const mu = writer.challenge(lookup.LABEL_BATCH);
    const layer = proveLayer(
      kernels,
      writer,
      levels[level + 1],
      level,
      point,
      add(claim, mul(mu, denominator)),
      mu,
    );
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

function buildLeaves(
  kernels: KernelSet,
  cube: LookupCube,
  values: SectionValues,
  { alpha, beta }: { readonly alpha: Ext; readonly beta: Ext },
  delta: Ext,
): Level {
  const size = 2 ** cube.numVariables;
  const p = kernels.alloc(extWords(size));
  const q = kernels.alloc(extWords(size));
  const scalars = kernels.alloc(5 * EXT_WORDS);
  const factors = lookup.columnFactors(beta);
  factors.forEach((factor, i) => {
    writeScalar(kernels.words, scalars + 16 * (i + 1), factor);
  });
  for (const placed of cube.sections) {
    writeScalar(kernels.words, scalars, sub(alpha, fromBase(placed.section.tag)));
    writeDenominators(kernels, placed, values.columns(placed.section), q, scalars);
    writeNumerators(kernels, placed, values, p);
  }
  writeExt4(kernels.words, q, cube.dummy, delta);
  for (let leaf = cube.dummy + 1; leaf < size; leaf++) writeExt4(kernels.words, q, leaf, ONE);
  return { p, q };
}

function writeDenominators(
  kernels: KernelSet,
  placed: PlacedSection,
  columns: readonly number[],
  q: number,
  scalars: number,
): void {
  const size = 2 ** placed.numVariables;
  const mark = kernels.mark();
  // Sections shorter than a line may start inside one: they are computed aside and copied.
  const aside = size < 4;
  const target = aside ? kernels.alloc(extWords(size)) : q + 16 * placed.offset;
  const column = (i: number): number => columns[i] ?? 0;
  kernels.lookupDenominators(
    target,
    scalars,
    column(0),
    scalars + 16,
    column(1),
    scalars + 32,
    column(2),
    scalars + 48,
    column(3),
    scalars + 64,
    size,
  );
  const { words } = kernels;
  if (aside) {
    for (let i = 0; i < size; i++) writeExt4(words, q, placed.offset + i, readExt4(words, target, i));
  }
  kernels.release(mark);
  let expected = 0;
  const fillUpTo = (virtual: number): void => {
    for (; expected < virtual; expected++) writeExt4(words, q, placed.offset + expected, ONE);
  };
  forEachRealCell(placed.section.axes, (_, virtual) => {
    if (virtual !== expected) fillUpTo(virtual);
    expected = virtual + 1;
  });
  fillUpTo(2 ** totalBits(placed.section.axes));
}

function writeNumerators(kernels: KernelSet, placed: PlacedSection, values: SectionValues, p: number): void {
  const { section, offset } = placed;
  const { words } = kernels;
  const counts = section.multiplicity === null ? null : values.multiplicities(section) / 4;
  const base = p / 4;
  forEachRealCell(section.axes, (_, virtual) => {
    const leaf = offset + virtual;
    words[base + (leaf >> 2) * 16 + (leaf & 3)] = counts === null ? 1 : negF(words[counts + virtual]);
  });
}

interface LayerEnd {
  readonly point: Ext[];
  readonly p0: Ext;
  readonly p1: Ext;
  readonly q0: Ext;
  readonly q1: Ext;
}

/** Sumcheck over eq(point, x)·(q1·(p0 + μ·q0) + p1·q0), children at `below` (2^(numVariables+1) fractions). */
function proveLayer(
  kernels: KernelSet,
  writer: TranscriptWriter,
  below: Level,
  numVariables: number,
  point: readonly Ext[],
  claim: Ext,
  mu: Ext,
): LayerEnd {
  const mark = kernels.mark();
  const size = 2 ** numVariables;
  const scalar = kernels.alloc(EXT_WORDS);
  const out = kernels.alloc(2 * EXT_WORDS);
  const [a, p1, q0, q1] = [0, 1, 2, 3].map(() => kernels.alloc(extWords(size)));
  const [lowP, highP] = splitHalves(kernels, below.p, size);
  const [lowQ, highQ] = splitHalves(kernels, below.q, size);
  writeScalar(kernels.words, scalar, mu);
  kernels.extMulAdd(a, lowP, lowQ, scalar, size);
  copyWords(kernels, p1, highP, size);
  copyWords(kernels, q0, lowQ, size);
  copyWords(kernels, q1, highQ, size);
  const eq = suffixTables(kernels, point);

  const reached: Ext[] = [];
  let current = claim;
  let prefix = ONE;
  for (let round = 0; round < numVariables; round++) {
    const half = 2 ** (numVariables - 1 - round);
    kernels.gkrRound(out, eq[round], a, q1, p1, q0, half);
    const s0 = readScalar(kernels.words, out);
    const s2 = readScalar(kernels.words, out + 16);
    const { coefficients, e0, e1 } = eqRound(current, prefix, point[round], s0, s2);
    for (const c of [coefficients[0], coefficients[2], coefficients[3]])
      writer.hidden(sumcheck.LABEL_ROUND, c);
    const r = writer.challenge(sumcheck.LABEL_CHALLENGE);
    current = evaluateCubic(coefficients, r);
    prefix = add(e0, mul(r, sub(e1, e0)));
    writeScalar(kernels.words, scalar, r);
    for (const table of [a, p1, q0, q1]) kernels.extFold(table, table, half, scalar);
    reached.push(r);
  }
  const at = (table: number): Ext => readExt4(kernels.words, table, 0);
  const end = { point: reached, p0: sub(at(a), mul(mu, at(q0))), p1: at(p1), q0: at(q0), q1: at(q1) };
  kernels.release(mark);
  return end;
}

/** Pointers to both halves of 2·size elements; halves shorter than a line are copied out. */
function splitHalves(kernels: KernelSet, table: number, size: number): [number, number] {
  if (size >= 4) return [table, table + 16 * size];
  const high = kernels.alloc(extWords(size));
  for (let i = 0; i < size; i++) writeExt4(kernels.words, high, i, readExt4(kernels.words, table, size + i));
  return [table, high];
}

function copyWords(kernels: KernelSet, dst: number, src: number, size: number): void {
  kernels.words.copyWithin(dst / 4, src / 4, src / 4 + extWords(size));
}

/** eq tables of the coordinates after each round's: entry `round` has 2^(numVariables − 1 − round) elements. */
function suffixTables(kernels: KernelSet, point: readonly Ext[]): number[] {
  const tables: number[] = [];
  const scalar = kernels.alloc(EXT_WORDS);
  for (let round = point.length - 1; round >= 0; round--) {
    const length = 2 ** (point.length - 1 - round);
    const table = kernels.alloc(extWords(length));
    if (round === point.length - 1) writeExt4(kernels.words, table, 0, ONE);
    else {
      writeScalar(kernels.words, scalar, point[round + 1]);
      kernels.eqExpand(table, tables[round + 1], length / 2, scalar);
    }
    tables[round] = table;
  }
  return tables;
}
