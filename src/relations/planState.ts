/**
 * What planning has made of a program so far: how each tensor is read, what is stored, which layers and equalities there
 * are. Operators are planned on top of it (planOperator.ts).
 */
import type { Equality, Holder, LinearLayer, PlanTensorId, Wire } from "../claims/plan.ts";
import type { ConstantId, TensorId } from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { addExpressions, expression } from "./expressions.ts";
import type { LayerConstants, PlannedLayer } from "./linear/plan.ts";
import { type AccumulatorOrigin, PlanBuilder } from "./planBuilder.ts";
import { rootTensors } from "./programLayout.ts";
import {
  groupLengths,
  hasLayers,
  Labels,
  layoutError,
  orderedLabels,
  placed,
  type Reading,
  storedReading,
} from "./reading.ts";
import { reshaped } from "./reshapeReading.ts";
import type { Visibilities, Visibility } from "./visibility.ts";

/** A table of entries chosen by data, as its rows stand in the plan. */
export interface EntryTable {
  readonly reading: Reading;
  /** Whether it is the same for every sample. */
  readonly isShared: boolean;
  /** Of the rows' axes, in order. */
  readonly labels: readonly number[];
  readonly tag: number;
}

export class PlanState {
  /** Axes under which each constant was read. */
  readonly usedAxes: (readonly number[])[] = [];
  readonly builder: PlanBuilder = new PlanBuilder();
  readonly labels: Labels = new Labels();
  readonly layers: LinearLayer[] = [];
  readonly accumulators: AccumulatorOrigin[] = [];
  readonly equalities: Equality[] = [];
  readonly readings: Reading[] = [];
  /** Plan tensor of each stored program tensor. */
  readonly stored: Map<TensorId, PlanTensorId> = new Map();
  /** By program tensor, once it has been gathered from. */
  readonly entryTables: Map<TensorId, EntryTable> = new Map();
  readonly outputRoots: Set<TensorId>;
  readonly roots: readonly TensorId[];
  readonly constants: readonly PlanTensorId[];
  readonly program: ProgramStructure;
  readonly visibilities: Visibilities;
  readonly batch: number;

  /** `axes` of the constants; null to find them out. */
  constructor(
    program: ProgramStructure,
    visibilities: Visibilities,
    batch: number,
    axes: readonly (readonly number[])[] | null,
  ) {
    this.program = program;
    this.visibilities = visibilities;
    this.batch = batch;
    this.roots = rootTensors(program);
    this.outputRoots = new Set(program.outputs.map((id) => this.roots[id]));
    // First in the plan: the weight tree's rows must not depend on anything else.
    const holder: Holder = visibilities.weights === "public" ? "public" : "weights";
    this.constants = program.constants.map(({ name, shape }, constant) =>
      this.builder.addTensor(name, axes?.[constant] ?? shape, holder, { kind: "constant", constant }),
    );
  }

  /** A reading whose last axis is one view axis. */
  withWholeChannels(id: TensorId): Reading {
    const { groups } = this.readings[id];
    const last = groups.length - 1;
    return groups[last].length > 1 ? this.plain(id, [last]) : this.readings[id];
  }

  /** Commits a program tensor that is only read as an expression, over its own axes, and proves it equal to that. */
  materialise(id: TensorId, holder: Holder): PlanTensorId {
    const { shape } = this.program.tensors[id];
    const { tensor, reading } = this.commit(id, this.readings[id], shape, holder);
    this.readings[id] = reading;
    return tensor;
  }

  /** Commits a program tensor once more, along a single axis, which any shape can cut. */
  flattened(id: TensorId): Reading {
    const { name, shape } = this.program.tensors[id];
    const size = shape.reduce((product, length) => product * length, 1);
    const flat = reshaped(this.labels, this.readings[id], [size], name);
    return this.commit(id, flat, [size], "advice").reading;
  }

  /** `reading` has the axes of `shape`, which hold the tensor's elements in their order. */
  private commit(
    id: TensorId,
    reading: Reading,
    shape: readonly number[],
    holder: Holder,
  ): { readonly tensor: PlanTensorId; readonly reading: Reading } {
    const { name } = this.program.tensors[id];
    this.labels.spendOn(reading, name);
    const { axes, value } = this.place(reading);
    const stored = shape.map((length) => (length === 1 ? [] : [length]));
    const order = orderedLabels(reading);
    const tensor = this.builder.addTensor(name, [this.batch, ...stored.flat()], holder, {
      kind: "tensor",
      tensor: id,
    });
    const wires = [
      { axes: [0], map: null },
      ...reading.groups.flatMap((group, i) =>
        stored[i].length === 0 ? [] : [this.mergedWire(name, reading, group, order)],
      ),
    ];
    const difference = addExpressions(value, expression(0, [-1, { kind: "tensor", tensor, wires }]));
    this.equalities.push({ name: `${name}: stored`, axes, value: difference });
    return { tensor, reading: storedReading(this.labels, tensor, this.batch, stored, true) };
  }

  /** One stored axis along the view axes that it is the product of. */
  private mergedWire(
    node: string,
    reading: Reading,
    group: readonly number[],
    order: readonly number[],
  ): Wire {
    const lengths = groupLengths(reading, group);
    const axes = group.map((label) => order.indexOf(label));
    if (group.length === 1) return { axes, map: null };
    const size = lengths.reduce((product, length) => product * length, 1);
    this.labels.spend(size, node);
    let stride = size;
    const to = lengths.map((length) => {
      stride /= length;
      const own = stride;
      return Int32Array.from({ length: size }, (_, i) => Math.floor(i / own) % length);
    });
    return { axes, map: { from: Int32Array.from({ length: size }, (_, i) => i), to } };
  }

  /** Reading of an operator's input without accumulators and, along the named axes, without products of view axes. */
  plain(id: TensorId, axes: readonly number[]): Reading {
    const reading = this.readings[id];
    const isProduct = (axis: number): boolean =>
      reading.groups[axis].filter((label) => (reading.lengths.get(label) as number) > 1).length > 1;
    if (hasLayers(reading) || axes.some(isProduct)) this.materialise(id, "advice");
    return this.readings[id];
  }

  addLayer(planned: PlannedLayer, accumulators: AccumulatorOrigin): Reading {
    const { layer, outputs, groups } = planned;
    const lengths = new Map(outputs.map((label, axis) => [label, layer.axes[axis]]));
    const source = { kind: "layer", layer: this.layers.length, axes: outputs } as const;
    this.layers.push(layer);
    this.accumulators.push(accumulators);
    return { lengths, groups, value: expression(0, [1, source]) };
  }

  layerConstants(
    operator: { readonly name: string; readonly weight: ConstantId; readonly bias: ConstantId | null },
    axes: readonly number[],
  ): LayerConstants {
    const { name, weight, bias } = operator;
    return {
      weight: this.constant(name, weight, axes),
      bias: bias === null ? null : this.constant(name, bias, axes.slice(0, 1)),
    };
  }

  constant(node: string, constant: ConstantId, axes: readonly number[]): PlanTensorId {
    // One constant has one layout: under two, evaluations at one point would mean different pairings of cells.
    if (this.usedAxes[constant] !== undefined && this.usedAxes[constant].join() !== axes.join()) {
      const { name } = this.program.constants[constant];
      throw layoutError(node, `shares "${name}" with an operator of another layout`);
    }
    this.usedAxes[constant] = axes;
    return this.constants[constant];
  }

  place(reading: Reading): { axes: number[]; value: Reading["value"] } {
    const order = orderedLabels(reading);
    return { axes: groupLengths(reading, order), value: placed(reading.value, order) };
  }

  /** A tensor that an operator computes and that is stored. */
  addResult(id: TensorId, axes: readonly number[]): PlanTensorId {
    const visibility = this.outputRoots.has(id) ? this.visibilities.output : "private";
    const { name } = this.program.tensors[id];
    const origin = { kind: "tensor", tensor: id } as const;
    const tensor = this.builder.addTensor(name, axes, this.holderOf(visibility, "output"), origin);
    this.stored.set(id, tensor);
    return tensor;
  }

  /** The stored tensor, over the axes of what it was computed from. */
  resultReading(id: TensorId, from: Reading): Reading {
    const wires = orderedLabels(from).map((label) => ({ axes: [label], map: null }));
    const tensor = this.stored.get(id) as PlanTensorId;
    return { ...from, value: expression(0, [1, { kind: "tensor", tensor, wires }]) };
  }

  holderOf(visibility: Visibility, committed: Holder): Holder {
    if (visibility === "public") return "public";
    return visibility === "committed" ? committed : "advice";
  }
}
