/**
 * The builder of a plan: docs/spec/11-plan.md, 11.3; limits: 11.9.
 */
import { residue } from "./field.ts";
import { bitsOfAxes } from "./multilinear.ts";
import type { Equality, Expression, Holder, Layer, Plan, PlanTensor, Section } from "./plan.ts";
import { cutLookups } from "./planCut.ts";
import { type Piece, pieceSections } from "./planPieces.ts";
import type { FunctionOnDomain } from "./program.ts";
import { functionValues } from "./programFunctionRules.ts";
import { must } from "./refusal.ts";

const MAX_BITS = 28;
const MAX_TABLE_ROWS = 2 ** 23;

export class PlanBuilder {
  readonly tensors: PlanTensor[] = [];
  readonly layers: Layer[] = [];
  readonly equalities: Equality[] = [];
  private readonly tables: Section[] = [];
  private readonly lookups: Section[] = [];
  private readonly tags = new Map<string, number>();
  private nextTag = 1;
  private tableRows = 0;
  private readonly pieces: Piece[] = [];
  private pieceTag: number | undefined;
  private pieceChannels = 0;

  addTensor(name: string, axes: readonly number[], holder: Holder): number {
    checkAxes(axes, name);
    this.tensors.push({ name, axes, holder });
    return this.tensors.length - 1;
  }

  lookUp(name: string, axes: readonly number[], tag: number, columns: readonly Expression[]): void {
    checkAxes(axes, name);
    this.lookups.push({ name, axes, tag, columns });
  }

  dataTable(name: string, axes: readonly number[], columns: readonly Expression[]): number {
    const tag = this.nextTag++;
    const multiplicity = this.addTensor(`${name}: multiplicities`, axes, "advice");
    this.tables.push({ name, axes, tag, columns, multiplicity });
    return tag;
  }

  rangeTable(size: number): number {
    return this.table(`range ${size}`, [indexAlong(0)], size);
  }

  functionTable(fn: FunctionOnDomain): number {
    const { lo, hi } = fn.domain;
    const graph =
      fn.map.kind === "clamp" ? `clamp ${fn.map.lo} ${fn.map.hi}` : `values ${fn.map.values.join()}`;
    const argument = { ...indexAlong(0), constant: residue(lo) };
    const columns = [argument, listOfValues(functionValues(fn))];
    return this.table(`function on [${lo}, ${hi}]: ${graph}`, columns, Number(hi - lo) + 1);
  }

  /** The tag of the piece table and the number of channels that it had before. */
  addPieces(
    rows: readonly Omit<Piece, "tableChannel">[],
    numChannels: number,
  ): { tag: number; first: number } {
    this.addRows(rows.length, "pieces");
    this.pieceTag ??= this.nextTag++;
    const first = this.pieceChannels;
    for (const row of rows) this.pieces.push({ ...row, tableChannel: first + row.channel });
    this.pieceChannels += numChannels;
    return { tag: this.pieceTag, first };
  }

  finish(): Plan {
    for (const { axes, columns } of pieceSections(this.pieces)) {
      const name = "pieces of rescalings";
      const multiplicity = this.addTensor(`${name}: multiplicities`, axes, "advice");
      this.tables.push({ name, axes, tag: this.pieceTag!, columns, multiplicity });
    }
    const { tensors, layers, equalities } = this;
    return {
      tensors,
      layers,
      equalities,
      sections: [...this.tables, ...cutLookups(this.tables, this.lookups)],
    };
  }

  private table(key: string, columns: readonly Expression[], numRows: number): number {
    const known = this.tags.get(key);
    if (known !== undefined) return known;
    this.addRows(numRows, key);
    const tag = this.dataTable(key, [numRows], columns);
    this.tags.set(key, tag);
    return tag;
  }

  private addRows(count: number, where: string): void {
    this.tableRows += count;
    must(this.tableRows <= MAX_TABLE_ROWS, "program.tablesTooLarge", where);
  }
}

function checkAxes(axes: readonly number[], where: string): void {
  must(bitsOfAxes(axes) <= MAX_BITS, "program.unsupportedLayout", `${where}: axes`);
}

/** The index along a view axis. */
export function indexAlong(axis: number, factor: bigint | number = 1): Expression {
  return { constant: 0n, terms: [{ factor: residue(factor), source: { kind: "index", axis } }] };
}

/** Integers along the only axis of a view. */
export function listOfValues(values: readonly bigint[]): Expression {
  const source = { kind: "values", values: values.map(residue) } as const;
  return { constant: 0n, terms: [{ factor: 1n, source }] };
}
