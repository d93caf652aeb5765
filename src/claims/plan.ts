/**
 * The proof plan: everything that is proven about one batch, as data. It is a function of public information alone
 * (program structure, visibility, batch size), so that prover and verifier derive the same plan, and it is all the
 * verifier believes: whatever is not in the plan is not proven.
 */

/** Who knows a tensor's values: everybody, or one of the committed trees. */
export type Holder = "public" | TreeName;

/** The trees in the order in which their rows are stacked. `parent`: weights as an earlier commitment holds them. */
export const TREES = ["parent", "weights", "input", "output", "advice"] as const;
export type TreeName = (typeof TREES)[number];

/** Index into `ProofPlan.tensors`. */
export type PlanTensorId = number;
/** Index into `ProofPlan.layers`. */
export type LayerId = number;

export interface PlanTensor {
  readonly name: string;
  /** True lengths; the batch axis first where there is one. Every stored tensor is row-major over these axes. */
  readonly axes: readonly number[];
  readonly holder: Holder;
}

/**
 * How the entries of one axis of a tensor are read along axes of a view. Pair e says that entry from[e] counts at the
 * indices to[0][e], to[1][e], … along `axes`; entries read at the same place add up, places without an entry read 0.
 */
export interface WireMap {
  readonly from: Int32Array;
  readonly to: readonly Int32Array[];
}

export interface Wire {
  /** Axes of the view, ascending or not. */
  readonly axes: readonly number[];
  /** Null: entry j is read at index j of the only axis, which has the same length, or of that slice of it. */
  readonly map: WireMap | null;
  /** Only without a map. */
  readonly slice?: AlignedSlice;
}

/**
 * Entries start … start + length − 1 of an axis, start a multiple of the padded length: their virtual indices agree in the
 * high bits, so that an evaluation on the slice is one of the whole tensor with those coordinates fixed.
 */
export interface AlignedSlice {
  readonly start: number;
  /** Of the axis that is sliced. */
  readonly axisLength: number;
}

/** A value per cell of a view: of a lookup section, an operand or an output. */
export type Source =
  /**
   * One wire per axis of the tensor; constant along axes of the view that no wire names. `tensor` null: the constant 1 with
   * axes of length 1, one per wire, which confine it to a part of the view.
   */
  | { readonly kind: "tensor"; readonly tensor: PlanTensorId | null; readonly wires: readonly Wire[] }
  /** Results of a layer: axis i of its output is axis axes[i] of the view, and the view has no others. */
  | {
      readonly kind: "layer";
      readonly layer: LayerId;
      readonly axes: readonly number[];
      /** Per output axis, the slice of it that the view reads; undefined: all of it. */
      readonly slices?: readonly (AlignedSlice | undefined)[];
    }
  /** The index along one axis of the view. */
  | { readonly kind: "index"; readonly axis: number }
  /** Public residues mod p of a view with a single axis. */
  | { readonly kind: "values"; readonly values: Uint32Array };

/** constant + Σ factor · source on real cells; factors and constant are residues mod p. */
export interface Expression {
  readonly constant: number;
  readonly terms: readonly { readonly source: Source; readonly factor: number }[];
}

/**
 * A set of fractions numerator / (α − tag − β·c_1 − β²·c_2 − …), one per real cell. The plan's claim is that all
 * fractions of all sections sum to zero. Rows that are looked up count +1; a table's rows count minus their multiplicity.
 */
export interface LookupSection {
  readonly name: string;
  readonly axes: readonly number[];
  /**
   * Same tag on both sides of one table, different tables have different tags. A plan counts them from 1 and has far
   * fewer than p.
   */
  readonly tag: number;
  /** One to four columns. */
  readonly columns: readonly Expression[];
  /** Tensor with the multiplicities, over exactly the section's axes; null for looked-up rows. */
  readonly multiplicity: PlanTensorId | null;
}

/** One factor of a layer: an expression without layers over some of the layer's axes. */
export interface Operand {
  /** Axes of the layer that are the operand's, ascending. */
  readonly axes: readonly number[];
  readonly value: Expression;
}

/**
 * acc[o] = bias + Σ_k left·right over axes (o…, k…): each operand is a view over some of the axes. An output axis that
 * both operands have is a group: the products are taken index by index. A convolution is a left operand that reads its
 * tensor through windows (output position, kernel position) ↦ input position. Exact over the integers because the plan's
 * builder checked that nothing can wrap. The accumulators are never committed.
 */
export interface LinearLayer {
  readonly name: string;
  /** Lengths of the output axes, then of the contracted axes. */
  readonly axes: readonly number[];
  readonly numOutputAxes: number;
  readonly left: Operand;
  readonly right: Operand;
  /** Over the last output axis. */
  readonly bias: PlanTensorId | null;
}

/** An expression that is zero on every real cell: how values that no operator stores are tied to a tensor. */
export interface Equality {
  readonly name: string;
  readonly axes: readonly number[];
  readonly value: Expression;
}

export interface ProofPlan {
  readonly tensors: readonly PlanTensor[];
  readonly sections: readonly LookupSection[];
  readonly layers: readonly LinearLayer[];
  readonly equalities: readonly Equality[];
}

/** Lengths of a layer's output axes. */
export function layerAxes(layer: LinearLayer): number[] {
  return layer.axes.slice(0, layer.numOutputAxes);
}

/** Wires of a tensor that is read as it is along the named axes of a view. */
export function directWires(axes: readonly number[]): Wire[] {
  return axes.map((axis) => ({ axes: [axis], map: null }));
}

/** Whether the wires read a tensor as it is along all axes of a view, in order. */
export function readsWhole(wires: readonly Wire[], numAxes: number): boolean {
  return (
    wires.length === numAxes &&
    wires.every(({ axes: [axis], map, slice }, i) => map === null && slice === undefined && axis === i)
  );
}
