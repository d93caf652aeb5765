/**
 * What is known while a plan is made: docs/spec/11-plan.md, 11.4 and 11.7.
 */
import type { Expression, Holder } from "./plan.ts";
import { PlanBuilder } from "./planBuilder.ts";
import { BATCH, ordered, type Reading, wiredTo } from "./planReading.ts";
import { type Program, rootOf } from "./program.ts";
import { must } from "./refusal.ts";

const MAX_SPENT = 2 ** 21;

export class PlanState {
  readonly program: Program;
  readonly batch: number;
  readonly builder: PlanBuilder = new PlanBuilder();
  /** Plan tensor of each constant. */
  readonly constants: number[] = [];
  /** Axes that the first use of a constant gave it. */
  readonly constantAxes: number[][] = [];
  /** Results of the operators of 11.7, with their plan tensors. */
  readonly stored: Map<number, number> = new Map();
  /** Tables that were gathered from: how the first gather reads them, and the tag of their rows. */
  readonly entryTables: Map<number, { readonly reading: Reading; readonly tag: number }> = new Map();
  private readonly readings = new Map<number, Reading>();
  private readonly outputHolder: Holder;
  private nextLabel = 1;
  private spent = 0;

  /** outputHolder: what holds the program's outputs, advice for private ones. */
  constructor(program: Program, batch: number, outputHolder: Holder) {
    this.program = program;
    this.batch = batch;
    this.outputHolder = outputHolder;
  }

  reading(tensor: number): Reading {
    return this.readings.get(tensor)!;
  }

  setReading(tensor: number, reading: Reading): void {
    this.readings.set(tensor, reading);
  }

  freshLabel(): number {
    return this.nextLabel++;
  }

  spend(count: number): void {
    this.spent += count;
    must(this.spent <= MAX_SPENT, "program.tablesTooLarge", "wires");
  }

  spendOn(reading: Reading): void {
    let pairs = 0;
    for (const { source } of reading.value.terms) {
      if (source.kind !== "tensor") continue;
      for (const { map } of source.wires) pairs += map === undefined ? 0 : map.from.length;
    }
    this.spend(pairs);
    this.spend(16 * (reading.value.terms.length + reading.lengths.size));
  }

  /** use(constant, axes): its plan tensor. */
  use(constant: number, axes: readonly number[]): number {
    this.constantAxes[constant] ??= [...axes];
    const before = this.constantAxes[constant]!;
    const same = before.length === axes.length && before.every((length, axis) => length === axes[axis]);
    must(same, "program.unsupportedLayout", `constant ${constant}`);
    return this.constants[constant]!;
  }

  storedReading(tensor: number, shape: readonly number[], hasBatch: boolean): Reading {
    const lengths = new Map([[BATCH, this.batch]]);
    const groups = shape.map((length) => {
      if (length === 1) return [];
      const label = this.freshLabel();
      lengths.set(label, length);
      return [label];
    });
    const labels = hasBatch ? [BATCH, ...groups.flat()] : groups.flat();
    return { lengths, groups, value: wiredTo(tensor, labels) };
  }

  addResult(id: number, axes: readonly number[]): number {
    const isOutput = this.program.outputs.some((output) => rootOf(this.program, output) === id);
    const holder = isOutput ? this.outputHolder : "advice";
    const tensor = this.builder.addTensor(this.program.tensors[id]!.name, axes, holder);
    this.stored.set(id, tensor);
    return tensor;
  }

  /** resultReading(id, R) */
  resultReading(id: number, reading: Pick<Reading, "lengths" | "groups">): Reading {
    const value: Expression = wiredTo(this.stored.get(id)!, ordered({ ...reading, value: NOTHING }));
    return { lengths: reading.lengths, groups: reading.groups, value };
  }
}

export const NOTHING: Expression = { constant: 0n, terms: [] };

/** Lengths that an axis of a plan tensor is made for. */
export function withoutOnes(shape: readonly number[]): number[] {
  return shape.filter((length) => length !== 1);
}
