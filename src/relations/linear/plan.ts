/** Layers of the operators that multiply: matmul, conv and the element-wise product. */
import { directWires, type LinearLayer, type Operand, type PlanTensorId } from "../../claims/plan.ts";
import type { Conv, MatMul } from "../../program/program.ts";
import { expression } from "../expressions.ts";
import {
  type AxisRelation,
  BATCH_LABEL,
  groupLengths,
  hasLayers,
  type Labels,
  layoutError,
  orderedLabels,
  placed,
  type Reading,
  replaceAxis,
} from "../reading.ts";
import { axisLabel } from "../wiring.ts";

export interface PlannedLayer {
  readonly layer: LinearLayer;
  /** Labels of the layer's output axes, in order. */
  readonly outputs: readonly number[];
  /** Labels of each program axis of the result. */
  readonly groups: readonly (readonly number[])[];
}

/** Stored axes of a weight: output channels, then what they are contracted with. */
export type WeightAxes = readonly number[];

function requireStored(reading: Reading, node: string): void {
  if (hasLayers(reading)) throw layoutError(node, "reads accumulators that were not requantised");
}

/** `weight` and `bias` are made by the caller once the weight's axes are known. */
export interface LayerConstants {
  readonly weight: PlanTensorId;
  readonly bias: PlanTensorId | null;
}

export function planMatMul(
  labels: Labels,
  operator: MatMul,
  input: Reading,
  numOutputs: number,
  constants: (axes: WeightAxes) => LayerConstants,
): PlannedLayer {
  const { name } = operator;
  requireStored(input, name);
  const contracted = input.groups[input.groups.length - 1];
  const rows = orderedLabels(input).filter((label) => !contracted.includes(label));
  const m = labels.fresh();
  return assemble(name, input, {
    rows,
    channel: { label: m, length: numOutputs },
    contracted,
    groups: [...input.groups.slice(0, -1), [m]],
    constants,
    isGrouped: false,
  });
}

export interface ConvShapes {
  /** [L…, C]. */
  readonly inputShape: readonly number[];
  /** Of the spatial axes. */
  readonly outputLengths: readonly number[];
  /** [M, K…, C']. */
  readonly weightShape: readonly number[];
  readonly constants: (axes: WeightAxes) => LayerConstants;
}

export function planConv(labels: Labels, operator: Conv, input: Reading, shapes: ConvShapes): PlannedLayer {
  const { inputShape, outputLengths, weightShape, constants } = shapes;
  const { name, groups: numGroups } = operator;
  requireStored(input, name);
  let reading = input;
  const kernel: number[] = [];
  const groups: number[][] = [];
  outputLengths.forEach((numWindows, i) => {
    labels.spend(numWindows * weightShape[1 + i], name);
    const relation = windows(operator, i, inputShape[i], numWindows, weightShape[1 + i]);
    const label = axisLabel(reading, i, name);
    const replaced = replaceAxis(labels, reading, label, relation, name);
    reading = replaced.reading;
    const [position, offset] = replaced.labels;
    groups.push(position === null ? [] : [position]);
    if (offset !== null) kernel.push(offset);
  });
  const channelAxis = outputLengths.length;
  const numOutputs = weightShape[0];
  let contracted: readonly number[] = [];
  let m: number | null = null;
  if (numGroups === 1) contracted = reading.groups[channelAxis];
  else {
    labels.spend(numOutputs * weightShape[weightShape.length - 1], name);
    const relation = channelGroups(numOutputs, weightShape[weightShape.length - 1], numGroups);
    const label = axisLabel(reading, channelAxis, name);
    const replaced = replaceAxis(labels, reading, label, relation, name);
    reading = replaced.reading;
    m = replaced.labels[0];
    const [, within = null] = replaced.labels;
    if (within !== null) contracted = [within];
  }
  const channel = m ?? labels.fresh();
  const spatial = groups.flat();
  const inner = [...kernel, ...contracted];
  const rest = orderedLabels(reading).filter(
    (label) =>
      label !== BATCH_LABEL && label !== channel && !spatial.includes(label) && !inner.includes(label),
  );
  return assemble(name, reading, {
    rows: [BATCH_LABEL, ...rest, ...spatial],
    channel: { label: channel, length: numOutputs },
    contracted: inner,
    groups: [...groups, [channel]],
    constants,
    isGrouped: m !== null,
  });
}

interface Assembly {
  /** Output labels of the input alone. */
  readonly rows: readonly number[];
  readonly channel: { readonly label: number; readonly length: number };
  readonly contracted: readonly number[];
  readonly groups: readonly (readonly number[])[];
  readonly constants: (axes: WeightAxes) => LayerConstants;
  /** The input is read along the output channels too. */
  readonly isGrouped: boolean;
}

function assemble(name: string, input: Reading, parts: Assembly): PlannedLayer {
  const { rows, channel, contracted, groups, constants, isGrouped } = parts;
  const contractedLengths = groupLengths(input, contracted);
  const { weight, bias } = constants([channel.length, ...contractedLengths]);
  const outputs = [...rows, channel.label];
  const all = [...outputs, ...contracted];
  const inputLabels = isGrouped ? all : all.filter((label) => label !== channel.label);
  const left: Operand = {
    axes: inputLabels.map((label) => all.indexOf(label)),
    value: placed(input.value, inputLabels),
  };
  const weightAxes = [outputs.length - 1, ...contracted.map((_, i) => outputs.length + i)];
  const wires = directWires(weightAxes.map((_, position) => position));
  const right: Operand = {
    axes: weightAxes,
    value: expression(0, [1, { kind: "tensor", tensor: weight, wires }]),
  };
  const lengths = [...groupLengths(input, rows), channel.length, ...contractedLengths];
  return {
    layer: { name, axes: lengths, numOutputAxes: outputs.length, left, right, bias },
    outputs,
    groups,
  };
}

/** Element-wise product of aligned readings. */
export function planMultiply(name: string, left: Reading, right: Reading): PlannedLayer {
  requireStored(left, name);
  requireStored(right, name);
  const lengths = new Map([...right.lengths, ...left.lengths]);
  const outputs = [...new Set([...orderedLabels(left), ...orderedLabels(right)])];
  const axes = outputs.map((_, position) => position);
  const layer: LinearLayer = {
    name,
    axes: outputs.map((label) => lengths.get(label) as number),
    numOutputAxes: outputs.length,
    left: { axes, value: placed(left.value, outputs) },
    right: { axes, value: placed(right.value, outputs) },
    bias: null,
  };
  return { layer, outputs, groups: left.groups };
}

/** Pairs (input position; output position, kernel position) inside the input. */
function windows(
  operator: Conv,
  axis: number,
  length: number,
  numWindows: number,
  size: number,
): AxisRelation {
  const stride = operator.strides[axis];
  const dilation = operator.dilations[axis];
  const old: number[] = [];
  const position: number[] = [];
  const offset: number[] = [];
  for (let o = 0; o < numWindows; o++) {
    for (let k = 0; k < size; k++) {
      const at = stride * o + dilation * k - operator.padBegin[axis];
      if (at < 0 || at >= length) continue;
      old.push(at);
      position.push(o);
      offset.push(k);
    }
  }
  return {
    old: Int32Array.from(old),
    lengths: [numWindows, size],
    to: [Int32Array.from(position), Int32Array.from(offset)],
  };
}

/** Pairs (input channel; output channel, channel within its group). */
function channelGroups(numOutputs: number, within: number, numGroups: number): AxisRelation {
  const perGroup = numOutputs / numGroups;
  const size = numOutputs * within;
  const pair = (e: number): [number, number] => [Math.floor(e / within), e % within];
  return {
    old: Int32Array.from({ length: size }, (_, e) => {
      const [m, c] = pair(e);
      return Math.floor(m / perGroup) * within + c;
    }),
    lengths: [numOutputs, within],
    to: [0, 1].map((i) => Int32Array.from({ length: size }, (_, e) => pair(e)[i])),
  };
}
