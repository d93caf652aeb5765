/**
 * Combines all linear equations, with powers of λ, into Σ_g ⟨a_g, M·b_g⟩ = total over the stacked matrix M: one group g
 * per distinct column vector b_g, with public row weights a_g.
 */
import { axisBits, totalBits } from "../claims/axes.ts";
import type { ProofPlan } from "../claims/plan.ts";
import type { Relation, TensorTerm } from "../claims/relation.ts";
import { add, BASIS, type Ext, mul, ONE, sub, ZERO } from "../field/ext.ts";
import { type ExtVector, getExt, outerProduct } from "../field/extVector.ts";
import { eqTable, type Point } from "../poly/eq.ts";
import { type ColumnVector, type EqFactor, SparseColumns, TensorColumns } from "./columnVector.ts";
import { cutAxes, ROWS_PER_EXT, type StackLayout, splitAtColumn, tensorRows } from "./stackLayout.ts";

export interface ClaimGroup {
  readonly columns: ColumnVector;
  /** Weight of each row that takes part. */
  readonly rows: Map<number, Ext>;
}

export interface CombinedClaim {
  readonly groups: readonly ClaimGroup[];
  readonly total: Ext;
}

/** `maskSum`: the announced joint sum of the first two masks, the last claim of the batch. */
export function combineClaims(
  plan: ProofPlan,
  layout: StackLayout,
  relations: readonly Relation[],
  lambda: Ext,
  maskSum: Ext,
): CombinedClaim {
  const builder = new ClaimBuilder(plan, layout);
  let weight = ONE;
  let total = ZERO;
  for (const relation of relations) {
    for (const term of relation.terms) builder.addTensorTerm(term, weight);
    for (const [pad, coefficient] of relation.hidden.pads) builder.addPad(pad, mul(weight, coefficient));
    total = sub(total, mul(weight, relation.hidden.constant));
    weight = mul(weight, lambda);
  }
  const groups = builder.finish();
  const last = 2 ** layout.parameters.logColumns - 1;
  groups.push(extRowGroup(layout.firstMaskRow, new Map([[0, ONE]]), weight));
  groups.push(extRowGroup(layout.firstMaskRow + ROWS_PER_EXT, new Map([[last, ONE]]), weight));
  return { groups, total: add(total, mul(weight, maskSum)) };
}

/** A public vector against one row of K, which is four rows over F. */
function extRowGroup(firstRow: number, entries: ReadonlyMap<number, Ext>, weight: Ext): ClaimGroup {
  const rows = new Map(BASIS.map((basis, i) => [firstRow + i, mul(weight, basis)] as const));
  return { columns: new SparseColumns(entries), rows };
}

class ClaimBuilder {
  private readonly plan: ProofPlan;
  private readonly layout: StackLayout;
  private readonly groups = new Map<string, ClaimGroup>();
  private readonly pads = new Map<number, Map<number, Ext>>();
  /** Terms over many rows: whatever reads one tensor at one point is spread over its rows together. */
  private readonly spread = new Map<string, { readonly term: TensorTerm; factor: Ext }>();

  constructor(plan: ProofPlan, layout: StackLayout) {
    this.plan = plan;
    this.layout = layout;
  }

  addTensorTerm(term: TensorTerm, weight: Ext): void {
    const { axes } = this.plan.tensors[term.tensor];
    const factor = mul(weight, term.factor);
    if (splitAtColumn(axes, this.layout.parameters.logColumns).keyBits === 0) {
      this.addRows(term, factor);
      return;
    }
    const key = `${term.tensor};${term.point.join("/")}`;
    const known = this.spread.get(key);
    if (known === undefined) this.spread.set(key, { term, factor });
    else known.factor = add(known.factor, factor);
  }

  /** Adds factor · T̃(point), whatever the term's own factor. */
  private addRows(term: TensorTerm, factor: Ext): void {
    const { logColumns } = this.layout.parameters;
    const { axes } = this.plan.tensors[term.tensor];
    const firstRow = this.layout.tensorRow.get(term.tensor) as number;
    if (term.point.length !== totalBits(axes))
      throw new RangeError(`point of ${term.point.length} for [${axes}]`);
    const { keyBits } = splitAtColumn(axes, logColumns);
    const columnPoint = term.point.slice(keyBits);
    const block = (this.layout.tensorColumn.get(term.tensor) as number) / 2 ** columnPoint.length;
    const rowWeights = keyWeights(axes, logColumns, term.point.slice(0, keyBits));
    const byLimit = new Map<number, ClaimGroup>();
    tensorRows(axes, logColumns).forEach(({ limit }, i) => {
      let group = byLimit.get(limit);
      if (group === undefined) {
        group = this.group(columnFactors(axes, logColumns, columnPoint, limit), block);
        byLimit.set(limit, group);
      }
      const row = firstRow + i;
      group.rows.set(row, add(group.rows.get(row) ?? ZERO, mul(factor, getExt(rowWeights, i))));
    });
  }

  addPad(pad: number, coefficient: Ext): void {
    const size = 2 ** this.layout.parameters.logColumns;
    const row = Math.floor(pad / size);
    let entries = this.pads.get(row);
    if (entries === undefined) {
      entries = new Map();
      this.pads.set(row, entries);
    }
    const column = pad % size;
    entries.set(column, add(entries.get(column) ?? ZERO, coefficient));
  }

  finish(): ClaimGroup[] {
    for (const { term, factor } of this.spread.values()) this.addRows(term, factor);
    const groups = [...this.groups.values()];
    for (const [row, entries] of this.pads) {
      groups.push(extRowGroup(this.layout.firstPadRow + ROWS_PER_EXT * row, entries, ONE));
    }
    return groups;
  }

  private group(factors: readonly EqFactor[], block: number): ClaimGroup {
    const terms = factors.map(({ point, limit }) => `${limit}:${point.join("/")}`).join(";");
    const key = `${block};${terms}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      group = {
        columns: new TensorColumns(factors, this.layout.parameters.logColumns, block),
        rows: new Map(),
      };
      this.groups.set(key, group);
    }
    return group;
  }
}

/**
 * eq(point, key) of a tensor's stored rows, in order. Computed axis by axis: padded keys may be fifty times as many as rows.
 */
function keyWeights(axes: readonly number[], logColumns: number, point: Point): ExtVector {
  const { outer, cut } = cutAxes(axes, logColumns);
  if (cut === null) return eqTable(point);
  let end = point.length - cut.keyBits;
  let weights = eqTable(point.slice(end), Math.ceil(cut.length / 2 ** cut.columnBits));
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const start = end - axisBits(outer[axis]);
    weights = outerProduct(eqTable(point.slice(start, end), outer[axis]), weights);
    end = start;
  }
  return weights;
}

/** Restricted eq vectors of the column part of a tensor, most significant first. */
function columnFactors(
  axes: readonly number[],
  logColumns: number,
  point: readonly Ext[],
  limit: number,
): EqFactor[] {
  const { cut, inner } = cutAxes(axes, logColumns);
  const lengths = cut === null ? inner : [limit, ...inner];
  const bits = cut === null ? inner.map(axisBits) : [cut.columnBits, ...inner.map(axisBits)];
  let at = 0;
  const factors = bits.map((numBits, i) => {
    at += numBits;
    return { point: point.slice(at - numBits, at), limit: lengths[i] };
  });
  return factors.filter((factor) => factor.point.length > 0);
}
