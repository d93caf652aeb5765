/** The plan of one batch of inferences, from public information alone. */
import type { Equality, Holder, LinearLayer, PlanTensorId, Wire } from "../claims/plan.ts";
import {
  type ConstantId,
  type Conv,
  operatorInputs,
  type ProgramOperator,
  type TensorId,
} from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { planArgMax } from "./argmax/plan.ts";
import { planDivide } from "./divide/plan.ts";
import { addExpressions, expression, wholeTensor } from "./expressions.ts";
import type { LayerConstants, PlannedLayer } from "./linear/plan.ts";
import { planConv, planMatMul, planMultiply } from "./linear/plan.ts";
import { planMax } from "./max/plan.ts";
import { type AccumulatorOrigin, type AnnotatedPlan, PlanBuilder } from "./planBuilder.ts";
import { rootTensors, storedShape } from "./programLayout.ts";
import { proveRange } from "./range/plan.ts";
import {
  groupLengths,
  hasLayers,
  Labels,
  layoutError,
  orderedLabels,
  permuted,
  placed,
  type Reading,
  scaled,
  storedReading,
  summed,
} from "./reading.ts";
import { planRequantise } from "./requantise/plan.ts";
import { pieceLength } from "./rescale/pieceLength.ts";
import { planRescale } from "./rescale/plan.ts";
import { aligned, cutsViewAxes, reshaped } from "./reshapeReading.ts";
import type { Visibilities, Visibility } from "./visibility.ts";
import { axisLabel, concatReading, takeReading, windowSumReading } from "./wiring.ts";

export interface InferencePlan extends AnnotatedPlan {
  /** Plan tensor of each constant. */
  readonly constants: readonly PlanTensorId[];
  /** Plan tensor of each program input. */
  readonly inputs: readonly PlanTensorId[];
  /** Plan tensor of each program output; null for what no operator stores and the statement does not show. */
  readonly outputs: readonly (PlanTensorId | null)[];
}

interface RememberedPlan {
  readonly request: string;
  readonly plan: InferencePlan;
}

/** The last plan of each program: tables of many rows take longer to make than a proof to verify. */
const lastPlans = new WeakMap<ProgramStructure, RememberedPlan>();

/** @throws TensorproofError `program.unsupportedLayout`, `program.rangeTooLarge`, `program.tablesTooLarge` */
export function planInference(
  program: ProgramStructure,
  visibilities: Visibilities,
  batch: number,
): InferencePlan {
  const request = `${visibilities.input} ${visibilities.weights} ${visibilities.output} ${batch}`;
  const last = lastPlans.get(program);
  if (last?.request === request) return last.plan;
  const plan = new InferencePlanner(program, visibilities, batch, constantAxes(program)).build();
  lastPlans.set(program, { request, plan });
  return plan;
}

/** Axes of every constant, in the program's order, as the operators that read it lay it out. */
export function constantAxes(program: ProgramStructure): (readonly number[])[] {
  const visibilities = { input: "public", weights: "private", output: "private" } as const;
  const planner = new InferencePlanner(program, visibilities, 1, null);
  planner.build();
  return planner.usedAxes;
}

class InferencePlanner {
  /** Axes under which each constant was read. */
  readonly usedAxes: (readonly number[])[] = [];
  private readonly builder = new PlanBuilder();
  private readonly labels = new Labels();
  private readonly layers: LinearLayer[] = [];
  private readonly accumulators: AccumulatorOrigin[] = [];
  private readonly equalities: Equality[] = [];
  private readonly readings: Reading[] = [];
  /** Plan tensor of each stored program tensor. */
  private readonly stored = new Map<TensorId, PlanTensorId>();
  private readonly outputRoots: Set<TensorId>;
  private readonly roots: readonly TensorId[];
  private readonly constants: readonly PlanTensorId[];
  private readonly program: ProgramStructure;
  private readonly visibilities: Visibilities;
  private readonly batch: number;

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

  build(): InferencePlan {
    const { program, builder, readings } = this;
    for (const id of program.inputs) this.planInput(id);
    for (const operator of program.operators) {
      readings[operator.output] = this.planOperator(operator);
    }
    const outputs = program.outputs.map((id) => this.planOutput(id));
    const inputs = program.inputs.map((id) => this.stored.get(id) as PlanTensorId);
    return {
      ...builder.finish(this.layers, this.accumulators, this.equalities),
      constants: this.constants,
      inputs,
      outputs,
    };
  }

  private planInput(id: TensorId): void {
    const { name, range } = this.program.tensors[id];
    const shape = storedShape(this.program, this.roots, id);
    const groups = shape.map((length) => (length === 1 ? [] : [length]));
    const axes = [this.batch, ...groups.flat()];
    const holder = this.holderOf(this.visibilities.input, "input");
    const tensor = this.builder.addTensor(name, axes, holder, { kind: "tensor", tensor: id });
    this.stored.set(id, tensor);
    this.readings[id] = storedReading(this.labels, tensor, this.batch, groups, true);
    // Public inputs are compared with the range by the verifier.
    if (holder === "public") return;
    const offset = expression(-range.lo, [1, wholeTensor(tensor, axes)]);
    proveRange(this.builder, `${name}: input range`, axes, offset, range.hi - range.lo + 1);
  }

  /** Reading of an operator's output. */
  private planOperator(operator: ProgramOperator): Reading {
    const { labels, readings, program } = this;
    const { name, output } = operator;
    const shape = program.tensors[output].shape;
    const accumulators = { kind: "tensor", tensor: output } as const;
    for (const id of operatorInputs(operator)) labels.spendOn(readings[id].value, name);
    switch (operator.kind) {
      case "reshape":
        // A layer has the axes of its weights, so what it sums up is stored before one of them is cut.
        if (cutsViewAxes(readings[operator.input], shape) && hasLayers(readings[operator.input]))
          this.materialise(operator.input, "advice");
        return reshaped(labels, readings[operator.input], shape, name);
      case "transpose":
        return permuted(readings[operator.input], operator.permutation);
      case "take":
        return takeReading(labels, this.plain(operator.input, [operator.axis]), operator);
      case "windowSum": {
        const length = program.tensors[operator.input].shape[operator.axis];
        return windowSumReading(
          labels,
          this.plain(operator.input, [operator.axis]),
          operator,
          length,
          shape[operator.axis],
        );
      }
      case "concat": {
        const lengths = operator.inputs.map((id) => program.tensors[id].shape[operator.axis]);
        const parts = operator.inputs.map((id) => this.plain(id, [operator.axis]));
        return concatReading(labels, parts, lengths, operator.axis, name);
      }
      case "combine": {
        const parts = operator.inputs.map((id, i) =>
          scaled(readings[id], operator.factors[i], i === 0 ? operator.offset : 0),
        );
        return parts.reduce((sum, part) => summed(...aligned(labels, sum, part, name)));
      }
      case "constant": {
        const groups = shape.map((length) => (length === 1 ? [] : [length]));
        const tensor = this.constant(name, operator.constant, groups.flat());
        return storedReading(labels, tensor, this.batch, groups, false);
      }
      case "matmul": {
        const [numOutputs] = program.constants[operator.weight].shape;
        return this.addLayer(
          planMatMul(labels, operator, this.plain(operator.input, []), numOutputs, (axes) =>
            this.layerConstants(operator, axes),
          ),
          accumulators,
        );
      }
      case "conv": {
        const planned = planConv(labels, operator, this.plain(operator.input, spatialAndGrouped(operator)), {
          inputShape: program.tensors[operator.input].shape,
          outputLengths: shape.slice(0, -1),
          weightShape: program.constants[operator.weight].shape,
          constants: (axes) => this.layerConstants(operator, axes),
        });
        return this.addLayer(planned, accumulators);
      }
      case "multiply": {
        const pair = aligned(labels, this.plain(operator.left, []), this.plain(operator.right, []), name);
        return this.addLayer(planMultiply(name, ...pair), accumulators);
      }
      default:
        return this.planStored(operator);
    }
  }

  /** Operators whose results are committed or public. */
  private planStored(
    operator: Extract<ProgramOperator, { kind: "requantise" | "rescale" | "divide" | "max" | "argmax" }>,
  ): Reading {
    const { builder, labels, readings, program } = this;
    const { name, output } = operator;
    switch (operator.kind) {
      case "requantise": {
        const reading = readings[operator.input];
        const { axes, value } = this.place(reading);
        planRequantise(builder, operator, axes, value, this.addResult(output, axes));
        return this.resultReading(output, reading);
      }
      case "rescale": {
        const isPerChannel = operator.multipliers.length > 1;
        const reading = isPerChannel ? this.withWholeChannels(operator.input) : readings[operator.input];
        const { axes, value } = this.place(reading);
        const { range, shape } = program.tensors[operator.input];
        const label = isPerChannel ? axisLabel(reading, shape.length - 1, name) : null;
        const channelAxis = label === null ? null : orderedLabels(reading).indexOf(label);
        const result = this.addResult(output, axes);
        const operands = { axes, input: value, range, channelAxis, output: result };
        planRescale(builder, operator, { ...operands, pieceLength: pieceLength(program) });
        return this.resultReading(output, reading);
      }
      case "divide": {
        const { numerator: n, denominator: d } = operator;
        const [numerator, denominator] = aligned(labels, readings[n], this.plain(d, []), name);
        const { axes, value } = this.place(numerator);
        const quotient = this.addResult(output, axes);
        const reading = this.resultReading(output, numerator);
        const origin = { kind: "product", left: output, right: d } as const;
        const product = this.addLayer(planMultiply(name, reading, denominator), origin);
        const order = orderedLabels(numerator);
        const operands = {
          numerator: value,
          denominator: placed(denominator.value, order),
          product: placed(product.value, order),
          quotientRange: program.tensors[output].range,
          denominatorRange: program.tensors[d].range,
        };
        planDivide(builder, operator, axes, operands, quotient);
        return reading;
      }
      case "max": {
        const [first, right] = aligned(labels, readings[operator.left], readings[operator.right], name);
        // Each side may have labels of length 1 that the other lacks.
        const left = { ...first, lengths: new Map([...right.lengths, ...first.lengths]) };
        const { axes, value } = this.place(left);
        const other = placed(right.value, orderedLabels(left));
        const operands = {
          left: value,
          right: other,
          leftRange: program.tensors[operator.left].range,
          rightRange: program.tensors[operator.right].range,
        };
        planMax(builder, operator, axes, operands, this.addResult(output, axes));
        return this.resultReading(output, left);
      }
      case "argmax": {
        const reading = this.withWholeChannels(operator.input);
        const { shape, range } = program.tensors[operator.input];
        const label = axisLabel(reading, shape.length - 1, name);
        const order = [
          ...orderedLabels(reading).filter((other) => other !== label),
          ...(label === null ? [] : [label]),
        ];
        const axes = [...groupLengths(reading, order), ...(label === null ? [1] : [])];
        const scores = placed(reading.value, order);
        const index = this.addResult(output, axes.slice(0, -1));
        planArgMax(builder, operator, { axes, scores, range, index });
        const rows = order.filter((other) => other !== label);
        return this.resultReading(output, {
          ...reading,
          lengths: new Map(rows.map((other) => [other, reading.lengths.get(other) as number])),
          groups: reading.groups.slice(0, -1),
        });
      }
    }
  }

  /** A reading whose last axis is one view axis. */
  private withWholeChannels(id: TensorId): Reading {
    const { groups } = this.readings[id];
    const last = groups.length - 1;
    return groups[last].length > 1 ? this.plain(id, [last]) : this.readings[id];
  }

  private planOutput(id: TensorId): PlanTensorId | null {
    const root = this.roots[id];
    const isInput = root < this.program.inputs.length;
    const known = this.stored.get(root);
    if (known !== undefined && !isInput) return known;
    if (this.visibilities.output === "private") return null;
    return this.materialise(id, this.holderOf(this.visibilities.output, "output"));
  }

  /** Commits a program tensor that is only read as an expression, over its own axes, and proves it equal to that. */
  private materialise(id: TensorId, holder: Holder): PlanTensorId {
    const reading = this.readings[id];
    const { name, shape } = this.program.tensors[id];
    this.labels.spendOn(reading.value, name);
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
    this.readings[id] = storedReading(this.labels, tensor, this.batch, stored, true);
    return tensor;
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
  private plain(id: TensorId, axes: readonly number[]): Reading {
    const reading = this.readings[id];
    const isProduct = (axis: number): boolean =>
      reading.groups[axis].filter((label) => (reading.lengths.get(label) as number) > 1).length > 1;
    if (hasLayers(reading) || axes.some(isProduct)) this.materialise(id, "advice");
    return this.readings[id];
  }

  private addLayer(planned: PlannedLayer, accumulators: AccumulatorOrigin): Reading {
    const { layer, outputs, groups } = planned;
    const lengths = new Map(outputs.map((label, axis) => [label, layer.axes[axis]]));
    const source = { kind: "layer", layer: this.layers.length, axes: outputs } as const;
    this.layers.push(layer);
    this.accumulators.push(accumulators);
    return { lengths, groups, value: expression(0, [1, source]) };
  }

  private layerConstants(
    operator: { readonly name: string; readonly weight: ConstantId; readonly bias: ConstantId | null },
    axes: readonly number[],
  ): LayerConstants {
    const { name, weight, bias } = operator;
    return {
      weight: this.constant(name, weight, axes),
      bias: bias === null ? null : this.constant(name, bias, axes.slice(0, 1)),
    };
  }

  private constant(node: string, constant: ConstantId, axes: readonly number[]): PlanTensorId {
    // One constant has one layout: under two, evaluations at one point would mean different pairings of cells.
    if (this.usedAxes[constant] !== undefined && this.usedAxes[constant].join() !== axes.join()) {
      const { name } = this.program.constants[constant];
      throw layoutError(node, `shares "${name}" with an operator of another layout`);
    }
    this.usedAxes[constant] = axes;
    return this.constants[constant];
  }

  private place(reading: Reading): { axes: number[]; value: Reading["value"] } {
    const order = orderedLabels(reading);
    return { axes: groupLengths(reading, order), value: placed(reading.value, order) };
  }

  /** A tensor that an operator computes and that is stored. */
  private addResult(id: TensorId, axes: readonly number[]): PlanTensorId {
    const visibility = this.outputRoots.has(id) ? this.visibilities.output : "private";
    const { name } = this.program.tensors[id];
    const origin = { kind: "tensor", tensor: id } as const;
    const tensor = this.builder.addTensor(name, axes, this.holderOf(visibility, "output"), origin);
    this.stored.set(id, tensor);
    return tensor;
  }

  /** The stored tensor, over the axes of what it was computed from. */
  private resultReading(id: TensorId, from: Reading): Reading {
    const wires = orderedLabels(from).map((label) => ({ axes: [label], map: null }));
    const tensor = this.stored.get(id) as PlanTensorId;
    return { ...from, value: expression(0, [1, { kind: "tensor", tensor, wires }]) };
  }

  private holderOf(visibility: Visibility, committed: Holder): Holder {
    if (visibility === "public") return "public";
    return visibility === "committed" ? committed : "advice";
  }
}

/** Axes of a convolution's input that it reads through windows or in groups. */
function spatialAndGrouped(operator: Conv): number[] {
  const spatial = operator.strides.map((_, axis) => axis);
  return operator.groups === 1 ? spatial : [...spatial, spatial.length];
}
