/**
 * The proof plan: everything that is proven about one batch, as data. It is a function of public information alone
 * (program structure, visibility, batch size), so that prover and verifier derive the same plan, and it is all the
 * verifier believes: whatever is not in the plan is not proven.
 */

/** Who knows a tensor's values: everybody, or one of the committed trees. */
export type Holder = "public" | "weights" | "input" | "output" | "advice";

/** The trees in the order in which their rows are stacked. */
export const TREES = ["weights", "input", "output", "advice"] as const;
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

/** A value per cell of a section. */
export type Source =
  /** A tensor over the named axes of the section (ascending), constant along the others. */
  | { readonly kind: "tensor"; readonly tensor: PlanTensorId; readonly axes: readonly number[] }
  /** Accumulators of a linear layer, whose axes are those of the section. */
  | { readonly kind: "layer"; readonly layer: LayerId }
  /** The index along one axis of the section. */
  | { readonly kind: "index"; readonly axis: number }
  /** Public values of a section with a single axis. */
  | { readonly kind: "values"; readonly values: Int32Array };

/** constant + Σ factor · source on real cells; factors and constant are residues mod p. */
export interface Expression {
  readonly constant: number;
  readonly terms: readonly { readonly source: Source; readonly factor: number }[];
}

/**
 * A set of fractions numerator / (α − tag − β·c_1 − β²·c_2 − β³·c_3), one per real cell. The plan's claim is that all
 * fractions of all sections sum to zero. Rows that are looked up count +1; a table's rows count minus their multiplicity.
 */
export interface LookupSection {
  readonly name: string;
  readonly axes: readonly number[];
  /** Same tag on both sides of one table, different tables have different tags; 1 ≤ tag < 2^16. */
  readonly tag: number;
  /** One to three columns. */
  readonly columns: readonly Expression[];
  /** Tensor with the multiplicities, over exactly the section's axes; null for looked-up rows. */
  readonly multiplicity: PlanTensorId | null;
}

/**
 * acc[rows…, m] = bias[m] + Σ_k input[rows…, k…]·weight[m, k…], exact over the integers because the plan's builder checked
 * that nothing can wrap. The accumulators are never committed.
 */
export interface LinearLayer {
  readonly name: string;
  /** Axes (rows…, contraction…). */
  readonly input: PlanTensorId;
  /** Axes (m, contraction…). */
  readonly weight: PlanTensorId;
  /** Axes (m). */
  readonly bias: PlanTensorId | null;
  readonly rowAxes: readonly number[];
  readonly outputLength: number;
  readonly contractionAxes: readonly number[];
}

/** Accumulators that are an output of the program: equal, cell by cell, to the tensor (public or committed). */
export interface OutputEquality {
  readonly layer: LayerId;
  readonly tensor: PlanTensorId;
}

export interface ProofPlan {
  readonly tensors: readonly PlanTensor[];
  readonly sections: readonly LookupSection[];
  readonly layers: readonly LinearLayer[];
  readonly outputs: readonly OutputEquality[];
}

export function layerAxes(layer: LinearLayer): number[] {
  return [...layer.rowAxes, layer.outputLength];
}
