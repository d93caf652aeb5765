/**
 * Collects tensors, lookup sections and tables of a plan. Next to each tensor stands where the prover finds its values
 * (`Origin`); next to each table, how a looked-up row addresses it. Verifiers ignore both.
 */
import { totalBits } from "../claims/axes.ts";
import type {
  Equality,
  Expression,
  Holder,
  LinearLayer,
  LookupSection,
  PlanTensorId,
  ProofPlan,
} from "../claims/plan.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import type { ConstantId, TensorId } from "../program/program.ts";
import type { RescalePieces } from "./rescale/pieces.ts";
import { sliceSection } from "./sliceSection.ts";
import { MAX_PLAN_ROWS } from "./tableLimits.ts";

/** Where the values of a plan tensor come from. */
export type Origin =
  | { readonly kind: "constant"; readonly constant: ConstantId }
  | { readonly kind: "tensor"; readonly tensor: TensorId }
  /** (x + 2^(shift−1)) mod 2^shift of a program tensor. */
  | { readonly kind: "remainder"; readonly tensor: TensorId; readonly shift: number }
  /** Largest entry along the last axis of a program tensor. */
  | { readonly kind: "maximum"; readonly tensor: TensorId; readonly length: number }
  /** An end of the piece in which a rescaled program tensor's value lies. */
  | {
      readonly kind: "piece";
      readonly tensor: TensorId;
      readonly pieces: RescalePieces;
      readonly end: "low" | "high";
    }
  /** The low `bits` bits of an expression whose value is a non-negative integer. */
  | { readonly kind: "limb"; readonly expression: Expression; readonly bits: number }
  /** How often each row of a table is looked up. */
  | { readonly kind: "multiplicity"; readonly tag: number };

/** Row of the table that a looked-up tuple addresses: Σ factor_c · column_c + constant, mod p, or by search. */
export type TableAddress =
  | {
      readonly kind: "affine";
      readonly factors: readonly number[];
      readonly constant: number;
      readonly numRows: number;
    }
  | { readonly kind: "pieces"; readonly pieces: RescalePieces; readonly numRows: number };

export interface AnnotatedPlan {
  readonly plan: ProofPlan;
  /** By plan tensor. */
  readonly origins: readonly Origin[];
  /** By tag. */
  readonly addresses: ReadonlyMap<number, TableAddress>;
  /** Program tensor of each layer's accumulators. */
  readonly accumulators: readonly TensorId[];
}

/** Virtual cells of one tensor or section. */
const MAX_VIRTUAL_BITS = 28;

export class PlanBuilder {
  private numTableRows = 0;
  private readonly tensors: { name: string; axes: readonly number[]; holder: Holder }[] = [];
  private readonly origins: Origin[] = [];
  private readonly sections: LookupSection[] = [];
  private readonly addresses = new Map<number, TableAddress>();
  private readonly tagByKey = new Map<string, number>();
  private nextTag = 1;

  addTensor(name: string, axes: readonly number[], holder: Holder, origin: Origin): PlanTensorId {
    checkSize(name, axes);
    this.tensors.push({ name, axes, holder });
    this.origins.push(origin);
    return this.tensors.length - 1;
  }

  /** Looked-up rows, one per cell of the axes. */
  lookUp(name: string, axes: readonly number[], tag: number, columns: readonly Expression[]): void {
    checkSize(name, axes);
    for (const slice of sliceSection(axes, columns)) {
      this.sections.push({ name, tag, ...slice, multiplicity: null });
    }
  }

  /**
   * A public table with a tag of its own; `key` names tables that may be shared. Returns the tag.
   *
   * @throws TensorproofError `program.tablesTooLarge`
   */
  table(key: string, columns: readonly Expression[], address: TableAddress): number {
    const known = this.tagByKey.get(key);
    if (known !== undefined) return known;
    this.reserveTableRows(key, address.numRows);
    const tag = this.dataTable(key, [address.numRows], columns, address);
    this.tagByKey.set(key, tag);
    return tag;
  }

  /** A table whose rows are committed values, one per cell of the axes. Returns its tag. */
  dataTable(
    name: string,
    axes: readonly number[],
    columns: readonly Expression[],
    address: TableAddress,
  ): number {
    const tag = this.nextTag++;
    const origin = { kind: "multiplicity", tag } as const;
    const multiplicity = this.addTensor(`${name}: multiplicities`, axes, "advice", origin);
    this.sections.push({ name, axes, tag, columns, multiplicity });
    this.addresses.set(tag, address);
    return tag;
  }

  private reserveTableRows(name: string, numRows: number): void {
    this.numTableRows += numRows;
    if (this.numTableRows <= MAX_PLAN_ROWS) return;
    throw new TensorproofError(
      "program.tablesTooLarge",
      `${name}: all tables together exceed ${MAX_PLAN_ROWS} rows`,
      {
        where: name,
      },
    );
  }

  finish(
    layers: readonly LinearLayer[],
    accumulators: readonly TensorId[],
    equalities: readonly Equality[],
  ): AnnotatedPlan {
    const plan = { tensors: this.tensors, sections: this.sections, layers, equalities };
    return { plan, origins: this.origins, addresses: this.addresses, accumulators };
  }
}

function checkSize(name: string, axes: readonly number[]): void {
  if (totalBits(axes) <= MAX_VIRTUAL_BITS) return;
  throw new TensorproofError(
    "program.unsupportedLayout",
    `${name}: [${axes}] padded to powers of two is too large`,
    {
      where: name,
    },
  );
}
