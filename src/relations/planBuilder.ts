/**
 * Collects tensors, lookup sections and tables of a plan. Next to each tensor stands where the prover finds its values
 * (`Origin`); next to each table, how a looked-up row addresses it. Verifiers ignore both.
 */
import { totalBits } from "../claims/axes.ts";
import type {
  Expression,
  Holder,
  LinearLayer,
  LookupSection,
  OutputEquality,
  PlanTensorId,
  ProofPlan,
  Source,
} from "../claims/plan.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { fromInteger, inv, mul } from "../field/m31.ts";
import type { ConstantId, TensorId } from "../program/program.ts";

/** Where the values of a plan tensor come from. */
export type Origin =
  | { readonly kind: "constant"; readonly constant: ConstantId }
  | { readonly kind: "tensor"; readonly tensor: TensorId }
  /** (x + 2^(shift−1)) mod 2^shift of a program tensor. */
  | { readonly kind: "remainder"; readonly tensor: TensorId; readonly shift: number }
  /** Largest entry along the last axis of a program tensor. */
  | { readonly kind: "maximum"; readonly tensor: TensorId; readonly length: number }
  /** The low `bits` bits of an expression whose value is a non-negative integer. */
  | { readonly kind: "limb"; readonly expression: Expression; readonly bits: number }
  /** How often each row of a table is looked up. */
  | { readonly kind: "multiplicity"; readonly tag: number };

/** Row of the table that a looked-up tuple addresses: Σ factor_c · column_c + constant, mod p. */
export interface TableAddress {
  readonly factors: readonly number[];
  readonly constant: number;
  readonly numRows: number;
}

export interface AnnotatedPlan {
  readonly plan: ProofPlan;
  /** By plan tensor. */
  readonly origins: readonly Origin[];
  /** By tag. */
  readonly addresses: ReadonlyMap<number, TableAddress>;
}

/** Largest table; also the largest range that one lookup checks. */
export const MAX_TABLE_ROWS: number = 2 ** 16;

/** Rows of all tables together: more would leave no 100 bits for the lookups. Bounds what a hostile key can allocate. */
const MAX_PLAN_ROWS: number = 2 ** 22;
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
    this.sections.push({ name, axes, tag, columns, multiplicity: null });
  }

  /** A table of its own tag; `key` names tables that may be shared. Returns the tag. */
  table(
    key: string,
    axes: readonly number[],
    columns: readonly Expression[],
    address: Omit<TableAddress, "numRows">,
  ): number {
    const known = this.tagByKey.get(key);
    if (known !== undefined) return known;
    const tag = this.nextTag++;
    this.tagByKey.set(key, tag);
    const multiplicity = this.addTensor(`${key}: multiplicities`, axes, "advice", {
      kind: "multiplicity",
      tag,
    });
    this.sections.push({ name: key, axes, tag, columns, multiplicity });
    this.addresses.set(tag, { ...address, numRows: axes.reduce((product, length) => product * length, 1) });
    return tag;
  }

  /** Call before values of a table are made. @throws TensorproofError `program.tablesTooLarge` */
  reserveTableRows(name: string, numRows: number): void {
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

  finish(layers: readonly LinearLayer[], outputs: readonly OutputEquality[]): AnnotatedPlan {
    const plan = { tensors: this.tensors, sections: this.sections, layers, outputs };
    return { plan, origins: this.origins, addresses: this.addresses };
  }
}

/** The section's axes, all of them. */
export function allAxes(axes: readonly number[]): number[] {
  return axes.map((_, axis) => axis);
}

export function tensorSource(tensor: PlanTensorId, axes: readonly number[]): Source {
  return { kind: "tensor", tensor, axes };
}

/** constant + Σ factor · source with integer factors. */
export function expression(
  constant: number,
  ...terms: readonly (readonly [factor: number, source: Source])[]
): Expression {
  return {
    constant: fromInteger(constant),
    terms: terms.map(([factor, source]) => ({ source, factor: fromInteger(factor) })),
  };
}

/** (value + constant) / 2^shift in the field. */
export function shiftedDown(value: Expression, constant: number, shift: number): Expression {
  const inverse = inv(2 ** shift);
  const sum = { ...value, constant: fromInteger(value.constant + constant) };
  return {
    constant: mul(sum.constant, inverse),
    terms: sum.terms.map(({ source, factor }) => ({ source, factor: mul(factor, inverse) })),
  };
}

export function addExpressions(a: Expression, b: Expression): Expression {
  return { constant: fromInteger(a.constant + b.constant), terms: [...a.terms, ...b.terms] };
}

export function scaleExpression(value: Expression, factor: number): Expression {
  const residue = fromInteger(factor);
  return {
    constant: mul(value.constant, residue),
    terms: value.terms.map((term) => ({ source: term.source, factor: mul(term.factor, residue) })),
  };
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
