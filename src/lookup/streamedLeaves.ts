/**
 * The two lowest levels of a large lookup cube, made piece by piece from the columns each time they are needed, so that
 * neither is ever there as a whole: a piece fits the caches, and making it costs less than fetching it from memory.
 *
 * A piece takes leaves x … x + length from each of the cube's four quarters, for x below a quarter: with them come two
 * pieces of the level above (x and x + quarter) and one of the level above that (x).
 */
import { add, EXT_WORDS, type Ext, ZERO } from "../field/ext.ts";
import { extWords, readScalar, writeScalar } from "../kernels/extLayout.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import type { LayerEq } from "./layerEq.ts";
import { type LeafSource, LeafWriter } from "./leaves.ts";
import type { FoldedChildren, StreamedChildren } from "./proveLayer.ts";

/** Leaves of each quarter in a piece: a multiple of the eq tables' blocks. */
export const PIECE: number = 2 ** 13;
/** Cubes with fewer variables are kept as they are: they fit the caches. */
export const STREAMED_VARIABLES: number = 17;

export interface Streaming {
  readonly fromVariables: number;
  readonly piece: number;
}

export const STREAMING: Streaming = { fromVariables: STREAMED_VARIABLES, piece: PIECE };

/** Fractions of a level, ext4. */
interface Fractions {
  readonly p: number;
  readonly q: number;
}

export class StreamedLeaves implements StreamedChildren {
  private readonly kernels: KernelSet;
  private readonly writer: LeafWriter;
  /** A quarter of the leaves. */
  private readonly quarter: number;
  private readonly length: number;
  /** The piece: numerators, denominators. */
  private readonly p: number;
  private readonly q: number;
  /** Two vectors of two quarters. */
  private readonly first: number;
  private readonly second: number;

  /** Takes kernel memory until the caller's release. */
  constructor(kernels: KernelSet, source: LeafSource, piece: number) {
    this.kernels = kernels;
    this.writer = new LeafWriter(kernels, source);
    this.quarter = 2 ** (source.cube.numVariables - 2);
    this.length = Math.min(piece, this.quarter);
    this.p = kernels.allocUnset(4 * this.length);
    this.q = kernels.allocUnset(extWords(4 * this.length));
    this.first = kernels.allocUnset(extWords(2 * this.length));
    this.second = kernels.allocUnset(extWords(2 * this.length));
  }

  /** The level two above the leaves. */
  sumTwice(to: Fractions): void {
    const { kernels, length, first, second } = this;
    this.forEachPiece((x) => {
      kernels.leafFractionSum(first, second, this.p, this.q, 2 * length);
      kernels.fractionSum(to.p + 16 * x, to.q + 16 * x, first, second, length);
    });
  }

  /** The level above the leaves. */
  sum(to: Fractions): void {
    const { kernels, length, first, second, quarter } = this;
    this.forEachPiece((x) => {
      kernels.leafFractionSum(first, second, this.p, this.q, 2 * length);
      const { words } = kernels;
      for (const [from, table] of [
        [first, to.p],
        [second, to.q],
      ]) {
        const at = from / 4;
        words.copyWithin(table / 4 + 4 * x, at, at + 4 * length);
        words.copyWithin(table / 4 + 4 * (quarter + x), at + 4 * length, at + 8 * length);
      }
    });
  }

  firstRound(out: number, { high, low, lowLength }: LayerEq, mu: number): void {
    const { kernels, length } = this;
    let atZero: Ext = ZERO;
    let slope: Ext = ZERO;
    this.forEachPiece((x) => {
      const { q0, q1, blended, p1 } = this.blend(mu);
      const weights = high + (4 * EXT_WORDS * x) / lowLength;
      kernels.fractionRound(out, weights, low, lowLength, blended, q1, p1, q0, length);
      atZero = add(atZero, readScalar(kernels.words, out));
      slope = add(slope, readScalar(kernels.words, out + 4 * EXT_WORDS));
    });
    writeScalar(kernels.words, out, atZero);
    writeScalar(kernels.words, out + 4 * EXT_WORDS, slope);
  }

  fold(mu: number, r: number): FoldedChildren {
    const { kernels, length, quarter } = this;
    const table = (): number => kernels.allocUnset(extWords(quarter));
    const folded = { blended: table(), p1: table(), q0: table(), q1: table() };
    this.forEachPiece((x) => {
      const piece = this.blend(mu);
      for (const name of ["blended", "p1", "q0", "q1"] as const) {
        kernels.extFold(folded[name] + 16 * x, piece[name], length, r);
      }
    });
    return folded;
  }

  /** The piece's four tables of the leaf layer. */
  private blend(mu: number): FoldedChildren {
    const { kernels, length, first, second, p, q } = this;
    kernels.extFromBase(first, p, 2 * length);
    kernels.extMulAdd(first, first, q, mu, 2 * length);
    kernels.extFromBase(second, p + 8 * length, 2 * length);
    return { blended: first, p1: second, q0: q, q1: q + 32 * length };
  }

  private forEachPiece(use: (x: number) => void): void {
    const { quarter, length, p, q } = this;
    for (let x = 0; x < quarter; x += length) {
      for (let k = 0; k < 4; k++) {
        this.writer.write(k * quarter + x, length, { p: p + 4 * k * length, q: q + 16 * k * length });
      }
      use(x);
    }
  }
}
