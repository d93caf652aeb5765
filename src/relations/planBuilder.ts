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
import { expression } from "./expressions.ts";
import type { RescalePieces } from "./rescale/pieces.ts";
import { PieceTable, tableSections } from "./rescale/pieceTable.ts";
import { chooseSliceRule, sliceSection } from "./sliceSection.ts";
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
  /** How often each row of a table is looked up, from row `from` on. */
  | { readonly kind: "multiplicity"; readonly tag: number; readonly from: number };

/** What a layer's accumulators are in a run: a program tensor, or the product of two, element by element. */
export type AccumulatorOrigin =
  | { readonly kind: "tensor"; readonly tensor: TensorId }
  | { readonly kind: "product"; readonly left: TensorId; readonly right: TensorId };

/** Row of the table that a looked-up tuple addresses: Σ factor_c · column_c + constant, mod p, or by search. */
export type TableAddress =
  | {
      readonly kind: "affine";
      readonly factors: readonly number[];
      readonly constant: number;
      readonly numRows: number;
    }
  | { readonly kind: "pieces"; readonly table: PieceTable; readonly numRows: number };

export interface AnnotatedPlan {
  readonly plan: ProofPlan;
  /** By plan tensor. */
  readonly origins: readonly Origin[];
  /** By tag. */
  readonly addresses: ReadonlyMap<number, TableAddress>;
  /** By layer. */
  readonly accumulators: readonly AccumulatorOrigin[];
}

/** Virtual cells of one tensor or section. */
const MAX_VIRTUAL_BITS = 28;

export class PlanBuilder {
  private numTableRows = 0;
  private readonly tensors: { name: string; axes: readonly number[]; holder: Holder }[] = [];
  private readonly origins: Origin[] = [];
  private readonly sections: LookupSection[] = [];
  private readonly lookups: Omit<LookupSection, "multiplicity">[] = [];
  private readonly addresses = new Map<number, TableAddress>();
  private readonly tagByKey = new Map<string, number>();
  private nextTag = 1;
  private readonly pieceTable = new PieceTable();
  private pieceTag: number | undefined;

  addTensor(name: string, axes: readonly number[], holder: Holder, origin: Origin): PlanTensorId {
    checkSize(name, axes);
    this.tensors.push({ name, axes, holder });
    this.origins.push(origin);
    return this.tensors.length - 1;
  }

  /** Looked-up rows, one per cell of the axes. */
  lookUp(name: string, axes: readonly number[], tag: number, columns: readonly Expression[]): void {
    checkSize(name, axes);
    this.lookups.push({ name, axes, tag, columns });
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
    this.addTableSection(name, axes, tag, columns, 0);
    this.addresses.set(tag, address);
    return tag;
  }

  /** Adds the pieces of a rescaling to the table of all; they are its channels from `firstChannel` on. */
  addPieces(name: string, pieces: RescalePieces): { readonly tag: number; readonly firstChannel: number } {
    this.reserveTableRows(name, pieces.numRows);
    this.pieceTag ??= this.nextTag++;
    return { tag: this.pieceTag, firstChannel: this.pieceTable.add(pieces) };
  }

  private addPieceSections(tag: number): void {
    const table = this.pieceTable;
    for (const { from, to } of tableSections(table.numRows)) {
      const columns = (["result", "low", "high", "channel"] as const).map((kind) => {
        // Made when first read: a verifier must refuse what is too short or too weak before it pays for a table.
        let values: Uint32Array | undefined;
        const rows = {
          kind: "values",
          get values(): Uint32Array {
            values ??= table.column(kind, from, to);
            return values;
          },
        } as const;
        return expression(0, [1, rows]);
      });
      this.addTableSection("pieces of rescalings", [to - from], tag, columns, from);
    }
    this.addresses.set(tag, { kind: "pieces", table, numRows: table.numRows });
  }

  /** Looked-up rows, cut where that makes the lookup argument smaller. */
  private addLookups(): void {
    const tableCells = this.sections.reduce((sum, { axes }) => sum + 2 ** totalBits(axes), 0);
    const rule = chooseSliceRule(
      this.lookups.map(({ axes }) => axes),
      tableCells,
    );
    for (const { name, axes, tag, columns } of this.lookups) {
      for (const slice of sliceSection(axes, columns, rule)) {
        this.sections.push({ name, tag, ...slice, multiplicity: null });
      }
    }
  }

  private addTableSection(
    name: string,
    axes: readonly number[],
    tag: number,
    columns: readonly Expression[],
    from: number,
  ): void {
    const origin = { kind: "multiplicity", tag, from } as const;
    const multiplicity = this.addTensor(`${name}: multiplicities`, axes, "advice", origin);
    this.sections.push({ name, axes, tag, columns, multiplicity });
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
    accumulators: readonly AccumulatorOrigin[],
    equalities: readonly Equality[],
  ): AnnotatedPlan {
    if (this.pieceTag !== undefined) this.addPieceSections(this.pieceTag);
    this.addLookups();
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
