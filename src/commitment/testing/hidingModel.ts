/**
 * Decides by linear algebra whether what a verifier sees of one or several openings, for fixed challenges, depends on
 * the witness.
 *
 * Everything seen is linear in: the cells of the stacked matrix, and the values y_i of which y_i − pad_i was sent.
 *
 * Mask directions: cells that the prover fills uniformly and that nothing else determines (uniform cells, pads of sent
 * values, the masks G₁, G₂, H). Witness directions: data cells, values y_i and reserved pads together, as far as all
 * equations of the openings stay true with their public right sides. The y_i of a real run are no linear functions of
 * the data, but the difference of any two honest runs with the same public right sides (which include the scalars sent
 * in clear) satisfies the homogeneous equations, so it lies in this space. Data cells outside a tensor's real cells
 * count as witness too, which only enlarges the space.
 *
 * The distribution of the view is the same for all witnesses if and only if every witness direction's view lies in the
 * span of the mask directions' views.
 */
import { forEachRealCell } from "../../claims/axes.ts";
import type { TensorTerm } from "../../claims/relation.ts";
import { add, BASIS, type Ext, mul } from "../../field/ext.ts";
import { add as addF, neg as negF } from "../../field/m31.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { eqAtIndex } from "../../poly/eq.ts";
import { ROWS_PER_EXT, rowLength, type StackLayout, tensorRows } from "../stackLayout.ts";
import { combination, nullSpace, Span } from "./linearAlgebra.ts";
import { type FixedOpening, OpeningView, viewParts } from "./openingView.ts";

export type MaskKind = "weightsCells" | "adviceCells" | "padCells" | "pads" | "G1" | "G2" | "H";

/** A mask direction: the sum of these cells moves together (one cell, unless a test ties several). */
export interface MaskDirection {
  readonly kind: MaskKind;
  readonly opening: number;
  readonly cells: readonly { readonly row: number; readonly column: number }[];
}

export interface HidingSetup {
  /** Rows of the weights tree are the same in all openings, all other rows are fresh in each. */
  readonly openings: readonly FixedOpening[];
  /** Pads that were not sent with a value: their cells are committed random values. */
  readonly reservedPads: number;
  readonly numPads: number;
  /** Further linear functions shown of a unit cell, given the opening's view of it; for tests of broken variants. */
  readonly leak?: (layout: StackLayout, row: number, column: number, view: Uint32Array) => readonly number[];
}

export interface Ranks {
  /** Dimension of the span of the masks' views. */
  readonly masks: number;
  /** The same with the witness directions added. */
  readonly withWitness: number;
}

export class HidingModel {
  /** Coordinates over F of everything seen. */
  readonly viewLength: number;
  /** Linear equations over F that the verifier checks on what it sees: one over K at ρ and one per queried column. */
  readonly checks: number;
  readonly masks: readonly MaskDirection[];
  readonly witnessDimension: number;
  private readonly views = new Map<string, Uint32Array>();
  private readonly witness: readonly Uint32Array[];
  private readonly layouts: readonly StackLayout[];

  constructor(kernels: KernelSet, setup: HidingSetup) {
    const { openings, numPads, reservedPads } = setup;
    const masks: MaskDirection[] = [];
    const equations = new SparseEquations();
    const numSent = numPads - reservedPads;
    const extra = setup.leak?.(openings[0].layout, 0, 0, new Uint32Array(0)).length ?? 0;
    const lengths = openings.map(({ layout }) => viewParts(layout).length + extra + 4 * numSent);
    this.viewLength = lengths.reduce((sum, length) => sum + length, 0);
    this.checks = openings.reduce((sum, { layout }) => sum + 4 + 4 * layout.parameters.queries, 0);

    const secrets = new Set<string>();
    let offset = 0;
    openings.forEach((fixed, opening) => {
      const { layout } = fixed;
      const { length } = viewParts(layout);
      const sentAt = offset + length + extra;
      const view = new OpeningView(kernels, fixed);
      const size = 2 ** layout.parameters.logColumns;
      for (let row = 0; row < layout.numRows; row++) {
        for (let column = 0; column < rowLength(layout.parameters); column++) {
          const use = cellUse(layout, row, column, reservedPads, numPads);
          if (use === "empty") continue;
          const key = cellKey(layout, opening, row, column);
          const seen = view.ofCell(row, column);
          const all = this.viewOf(key);
          all.set(seen, offset);
          if (setup.leak !== undefined) all.set(setup.leak(layout, row, column, seen), offset + length);
          if (use === "data" || use === "reserved") secrets.add(key);
          else if (opening === 0 || use !== "weightsCells")
            masks.push({ kind: use, opening, cells: [{ row, column }] });
          if (use === "pads") {
            const pad = padIndex(layout, row, column);
            if (pad.index < numPads) all[sentAt + 4 * (pad.index - reservedPads) + pad.coordinate] = negF(1);
          }
        }
      }
      for (let i = 0; i < numSent; i++) {
        for (let c = 0; c < 4; c++) {
          const key = valueKey(opening, reservedPads + i, c);
          this.viewOf(key)[sentAt + 4 * i + c] = 1;
          secrets.add(key);
        }
      }
      for (const relation of fixed.relations) {
        equations.begin();
        for (const term of relation.terms) addTerm(equations, fixed, opening, term);
        for (const [pad, coefficient] of relation.hidden.pads) {
          BASIS.forEach((basis, c) => {
            const row = layout.firstPadRow + ROWS_PER_EXT * Math.floor(pad / size) + c;
            const key =
              pad < reservedPads ? cellKey(layout, opening, row, pad % size) : valueKey(opening, pad, c);
            equations.add(key, mul(coefficient, basis));
          });
        }
      }
      offset += lengths[opening];
    });
    this.masks = masks;
    this.layouts = openings.map(({ layout }) => layout);

    const keys = [...secrets];
    const secretViews = keys.map((key) => this.viewOf(key));
    this.witness = nullSpace(equations.dense(keys), keys.length).map((direction) =>
      combination(direction, secretViews, this.viewLength),
    );
    this.witnessDimension = this.witness.length;
  }

  /** With the given masks in place of all. */
  ranks(masks: readonly MaskDirection[] = this.masks): Ranks {
    const span = new Span();
    for (const { opening, cells } of masks) {
      const sum = new Uint32Array(this.viewLength);
      for (const { row, column } of cells) {
        const view = this.viewOf(cellKey(this.layouts[opening], opening, row, column));
        for (let i = 0; i < sum.length; i++) sum[i] = addF(sum[i], view[i]);
      }
      span.insert(sum);
    }
    const alone = span.rank;
    for (const direction of this.witness) span.insert(direction);
    return { masks: alone, withWitness: span.rank };
  }

  without(...kinds: readonly MaskKind[]): MaskDirection[] {
    return this.masks.filter(({ kind }) => !kinds.includes(kind));
  }

  private viewOf(key: string): Uint32Array {
    let view = this.views.get(key);
    if (view === undefined) {
      view = new Uint32Array(this.viewLength);
      this.views.set(key, view);
    }
    return view;
  }
}

export type CellUse = MaskKind | "data" | "reserved" | "empty";

/** What the prover puts into a cell. */
export function cellUse(
  layout: StackLayout,
  row: number,
  column: number,
  reservedPads: number,
  numPads: number,
): CellUse {
  const size = 2 ** layout.parameters.logColumns;
  if (row >= layout.firstMaskRow) {
    return (["G1", "G2", "H"] as const)[Math.floor((row - layout.firstMaskRow) / ROWS_PER_EXT)];
  }
  const tree = layout.trees.find(({ firstRow, numRows }) => row >= firstRow && row < firstRow + numRows);
  if (tree === undefined || column >= size + tree.randomCells) return "empty";
  const isPad = row >= layout.firstPadRow && numPads > 0;
  if (column >= size) return isPad ? "padCells" : tree.name === "weights" ? "weightsCells" : "adviceCells";
  if (!isPad) return "data";
  return padIndex(layout, row, column).index < reservedPads ? "reserved" : "pads";
}

function padIndex(layout: StackLayout, row: number, column: number): { index: number; coordinate: number } {
  const at = row - layout.firstPadRow;
  const index = Math.floor(at / ROWS_PER_EXT) * 2 ** layout.parameters.logColumns + column;
  return { index, coordinate: at % ROWS_PER_EXT };
}

function cellKey(layout: StackLayout, opening: number, row: number, column: number): string {
  const [first] = layout.trees;
  const shared = first.name === "weights" && row < first.firstRow + first.numRows;
  return `${shared ? "weights" : opening}:${row}:${column}`;
}

function valueKey(opening: number, pad: number, coordinate: number): string {
  return `${opening}:value ${pad}:${coordinate}`;
}

/** factor · T̃(point), cell by cell from the definition: Σ over real cells of eq(point, virtual index) · cell. */
function addTerm(
  equations: SparseEquations,
  { plan, layout }: FixedOpening,
  opening: number,
  { tensor, point, factor }: TensorTerm,
): void {
  const { logColumns } = layout.parameters;
  const { axes } = plan.tensors[tensor];
  const firstRow = layout.tensorRow.get(tensor) as number;
  const rowOfKey = new Map(tensorRows(axes, logColumns).map(({ key }, i) => [key, firstRow + i] as const));
  const size = 2 ** logColumns;
  const firstColumn = layout.tensorColumn.get(tensor) as number;
  forEachRealCell(axes, (_, virtual) => {
    const row = rowOfKey.get(Math.floor(virtual / size)) as number;
    const column = firstColumn + (virtual % size);
    equations.add(cellKey(layout, opening, row, column), mul(factor, eqAtIndex(point, virtual)));
  });
}

/** Equations over K in variables over F, named by keys. */
class SparseEquations {
  private readonly equations: Map<string, Ext>[] = [];

  begin(): void {
    this.equations.push(new Map());
  }

  /** Coefficients of a variable that comes up again add up. */
  add(key: string, coefficient: Ext): void {
    const equation = this.equations[this.equations.length - 1];
    const before = equation.get(key);
    equation.set(key, before === undefined ? coefficient : add(coefficient, before));
  }

  /** Four equations over F for each one over K. */
  dense(keys: readonly string[]): Uint32Array[] {
    const at = new Map(keys.map((key, i) => [key, i] as const));
    return this.equations.flatMap((equation) =>
      [0, 1, 2, 3].map((c) => {
        const dense = new Uint32Array(keys.length);
        for (const [key, coefficient] of equation) dense[at.get(key) as number] = coefficient[c];
        return dense;
      }),
    );
  }
}
