/**
 * Expressions at a point, and views: docs/spec/12-claims.md, 12.4 and 12.5.
 */
import { add, type F, type K, k, multiply, ONE, product, scale, ZERO } from "./field.ts";
import type { LinearRelation, TensorTerm } from "./linearRelation.ts";
import { addHidden, HIDDEN_ZERO, type Hidden, known, type Messages, scaleHidden } from "./masking.ts";
import {
  bits,
  bitsOfAxes,
  eqTable,
  indexPoint,
  indexSum,
  type Point,
  prefix,
  real,
  splitPoint,
} from "./multilinear.ts";
import type { Expression, LayerSource, Plan, Slice, TensorSource, Wire } from "./plan.ts";

/** What is known of the plan's public tensors: residues of their real cells, row-major. */
export type PublicValues = ReadonlyMap<number, readonly F[]>;

/** How the entries of one axis of a tensor are weighed. */
export type AxisWeights =
  | { readonly kind: "point"; readonly point: Point }
  | { readonly kind: "vector"; readonly values: readonly K[] };

/** factor·⟨T, w_1 ⊗ … ⊗ w_m⟩ */
export interface ViewTerm {
  readonly tensor: number;
  readonly weights: readonly AxisWeights[];
  readonly factor: K;
}

/** Σ terms = value */
export interface ViewClaim {
  readonly terms: readonly ViewTerm[];
  readonly value: Hidden;
}

/** A relation while it is made. */
export class Relation {
  readonly terms: TensorTerm[] = [];
  readonly views: ViewTerm[] = [];
  form: Hidden = HIDDEN_ZERO;
  private readonly plan: Plan;
  private readonly publicValues: PublicValues;

  constructor(plan: Plan, publicValues: PublicValues) {
    this.plan = plan;
    this.publicValues = publicValues;
  }

  addForm(form: Hidden): void {
    this.form = addHidden(this.form, form);
  }

  /** add(relation, view axes, expression, z, factor); layerValue gives what stands for a layer reading. */
  add(
    viewAxes: readonly number[],
    expression: Expression,
    z: Point,
    factor: K,
    layerValue: (source: LayerSource) => Hidden,
  ): void {
    this.addForm(known(scale(multiply(factor, real(viewAxes, z)), expression.constant)));
    const parts = splitPoint(viewAxes, z);
    for (const term of expression.terms) {
      const f = scale(factor, term.factor);
      const { source } = term;
      if (source.kind === "layer") {
        const beside = parts.map((part, axis) =>
          source.axes.includes(axis) ? ONE : prefix(part, viewAxes[axis]!),
        );
        this.addForm(scaleHidden(layerValue(source), multiply(f, product(beside))));
      } else if (source.kind === "tensor") this.addTensor(viewAxes, source, parts, f);
      else if (source.kind === "index") {
        const factors = parts.map((part, axis) =>
          axis === source.axis ? indexSum(part, viewAxes[axis]!) : prefix(part, viewAxes[axis]!),
        );
        this.addForm(known(multiply(f, product(factors))));
      } else {
        this.addForm(known(multiply(f, weigh(source.values, eqTable(z, source.values.length)))));
      }
    }
  }

  /** settle(relation): its views become a claim of their own. */
  settle(messages: Messages, claims: ViewClaim[]): LinearRelation {
    if (this.views.length > 0) {
      const value = messages.hidden("view/value");
      this.addForm(value);
      claims.push({ terms: this.views, value });
    }
    return { terms: this.terms, form: this.form };
  }

  private addTensor(viewAxes: readonly number[], source: TensorSource, parts: Point[], factor: K): void {
    const named = new Set(source.wires.flatMap(({ axes }) => axes));
    const unnamed = parts.filter((_, axis) => !named.has(axis));
    const unnamedLengths = viewAxes.filter((_, axis) => !named.has(axis));
    let c = multiply(factor, product(unnamed.map((part, i) => prefix(part, unnamedLengths[i]!))));
    const axes = source.tensor === "one" ? [] : this.plan.tensors[source.tensor]!.axes;
    const weights = source.wires.map((wire, axis) => axisWeights(viewAxes, wire, parts, axes[axis] ?? 1));
    for (const extra of weights.slice(axes.length)) c = multiply(c, tableOf(extra, 1)[0]!);
    const own = weights.slice(0, axes.length);
    if (source.tensor === "one") this.addForm(known(c));
    else if (this.plan.tensors[source.tensor]!.holder === "public") {
      const values = this.publicValues.get(source.tensor)!;
      let cellWeights: K[] = [c];
      for (const [axis, weight] of own.entries()) {
        const table = tableOf(weight, axes[axis]!);
        cellWeights = cellWeights.flatMap((outer) => table.map((inner) => multiply(outer, inner)));
      }
      this.addForm(known(weigh(values, cellWeights)));
    } else if (own.every(({ kind }) => kind === "point")) {
      const point = own.flatMap((weight) => (weight.kind === "point" ? weight.point : []));
      this.terms.push({ tensor: source.tensor, point, factor: c });
    } else this.views.push({ tensor: source.tensor, weights: own, factor: c });
  }
}

/** Σ values[x]·weights[x] */
function weigh(values: readonly F[], weights: readonly K[]): K {
  if (values.length !== weights.length)
    throw new RangeError(`${values.length} values, ${weights.length} weights`);
  return values.reduce((total, value, x) => add(total, scale(weights[x]!, value)), ZERO);
}

function axisWeights(viewAxes: readonly number[], wire: Wire, parts: Point[], length: number): AxisWeights {
  const { map } = wire;
  if (map === undefined) {
    const axis = wire.axes[0]!;
    return { kind: "point", point: slicedPoint(wire.slice, viewAxes[axis]!, parts[axis]!) };
  }
  const tables = wire.axes.map((axis) => eqTable(parts[axis]!, viewAxes[axis]!));
  const values: K[] = Array.from({ length }, () => ZERO);
  for (const [pair, entry] of map.from.entries()) {
    const weight = product(tables.map((table, i) => table[map.to[i]![pair]!]!));
    values[entry] = add(values[entry]!, weight);
  }
  return { kind: "vector", values };
}

/** The part of a view axis of n entries, with the fixed digits of a slice in front. */
export function slicedPoint(slice: Slice | undefined, n: number, part: Point): Point {
  if (slice === undefined) return part;
  const fixed = indexPoint(slice.start / 2 ** bits(n), bits(slice.axisLength) - bits(n));
  return [...fixed, ...part];
}

/** The weights of all entries of an axis. */
export function tableOf(weights: AxisWeights, length: number): readonly K[] {
  return weights.kind === "point" ? eqTable(weights.point, length) : weights.values;
}

/** The last coordinates of a point, as many as the axes have bits. */
export function pointOfView(viewAxes: readonly number[], z: Point): Point {
  return z.slice(z.length - bitsOfAxes(viewAxes));
}

/** lead(z) = Π (1 − z_i) */
export function lead(z: Point): K {
  return product(z.map((coordinate) => add(ONE, scale(coordinate, k(-1)[0]))));
}
