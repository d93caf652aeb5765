/**
 * Operators that add a layer: docs/spec/11-plan.md, 11.6: assembly, matmul, conv, multiply, batchMatMul.
 */
import { numCells, type Operand, wholeTensor } from "./plan.ts";
import { aligned, relabelled } from "./planAlign.ts";
import { type Pair, replaceAxis } from "./planAxes.ts";
import { plain } from "./planCommit.ts";
import {
  axisLabel,
  BATCH,
  layerValue,
  lengthOf,
  lengthsOf,
  mergedLengths,
  ordered,
  placedBy,
  type Reading,
} from "./planReading.ts";
import type { PlanState } from "./planState.ts";
import { windowPairs } from "./planWindows.ts";
import type { Conv, Operator, Weighted } from "./program.ts";

type Matmul = Operator & Weighted;

export function planMatmul(state: PlanState, operator: Matmul): Reading {
  const reading = plain(state, operator.input, []);
  const contracted = reading.groups[reading.groups.length - 1]!;
  const rows = ordered(reading).filter((label) => !contracted.includes(label));
  const channel = state.freshLabel();
  const groups = [...reading.groups.slice(0, -1), [channel]];
  return assemble(state, operator, { reading, rows, channel, contracted, grouped: false, groups });
}

interface Assembly {
  readonly reading: Reading;
  readonly rows: readonly number[];
  readonly channel: number;
  readonly contracted: readonly number[];
  /** The left operand has the channel, too. */
  readonly grouped: boolean;
  /** Of the result. */
  readonly groups: readonly (readonly number[])[];
}

function assemble(state: PlanState, operator: Matmul, assembly: Assembly): Reading {
  const { reading, rows, channel, contracted, grouped, groups } = assembly;
  const numChannels = state.program.constants[operator.weight]!.shape[0]!;
  const sizes = contracted.map((label) => lengthOf(reading, label));
  const weight = state.use(operator.weight, [numChannels, ...sizes]);
  const bias = operator.bias === undefined ? undefined : state.use(operator.bias, [numChannels]);
  const outputs = [...rows, channel];
  const all = [...outputs, ...contracted];
  const lengthOfLabel = (label: number): number =>
    label === channel ? numChannels : lengthOf(reading, label);
  const leftLabels = grouped ? all : all.filter((label) => label !== channel);
  const left: Operand = {
    axes: leftLabels.map((label) => all.indexOf(label)),
    expression: placedBy(reading.value, leftLabels),
  };
  const right: Operand = {
    axes: [channel, ...contracted].map((_, i) => rows.length + i),
    expression: wholeTensor(weight, 1 + contracted.length),
  };
  state.builder.layers.push({
    name: operator.name,
    axes: all.map(lengthOfLabel),
    numOutputAxes: outputs.length,
    left,
    right,
    bias,
  });
  const lengths = new Map(outputs.map((label) => [label, lengthOfLabel(label)]));
  return { lengths, groups, value: layerValue(state.builder.layers.length - 1, outputs) };
}

export function planConv(state: PlanState, operator: Operator & Conv): Reading {
  const { shape } = state.program.tensors[operator.input]!;
  const weightShape = state.program.constants[operator.weight]!.shape;
  const channelAxis = shape.length - 1;
  const [numChannels, inner] = [weightShape[0]!, weightShape[channelAxis + 1]!];
  const spatialAxes = operator.spatial.map((_, axis) => axis);
  const wanted = operator.groups > 1 ? [...spatialAxes, channelAxis] : spatialAxes;
  let reading = plain(state, operator.input, wanted);

  const positions: (number | undefined)[] = [];
  const kernels: number[] = [];
  for (const [axis, window] of operator.spatial.entries()) {
    const relation = windowPairs(window, shape[axis]!, weightShape[axis + 1]!, true);
    state.spend(numCells(relation.lengths));
    const replaced = replaceAxis(state, reading, axisLabel(reading, axis), relation);
    reading = replaced.reading;
    positions.push(replaced.labels[0]);
    if (replaced.labels[1] !== undefined) kernels.push(replaced.labels[1]);
  }

  let channel: number | undefined;
  let contracted = reading.groups[channelAxis]!;
  if (operator.groups > 1) {
    state.spend(numChannels * inner);
    const pairs = groupPairs(numChannels, inner, operator.groups);
    const label = axisLabel(reading, channelAxis);
    const replaced = replaceAxis(state, reading, label, { lengths: [numChannels, inner], pairs });
    reading = replaced.reading;
    channel = replaced.labels[0];
    contracted = replaced.labels[1] === undefined ? [] : [replaced.labels[1]];
  }
  const grouped = channel !== undefined;
  const channelLabel = channel ?? state.freshLabel();
  const spatial = positions.filter((label) => label !== undefined);
  const bound = [...kernels, ...contracted];
  const taken = new Set([BATCH, channelLabel, ...spatial, ...bound]);
  const rest = ordered(reading).filter((label) => !taken.has(label));
  return assemble(state, operator, {
    reading,
    rows: [BATCH, ...rest, ...spatial],
    channel: channelLabel,
    contracted: bound,
    grouped,
    groups: [...positions.map((label) => (label === undefined ? [] : [label])), [channelLabel]],
  });
}

/** Output channel m reads the input channels of its group. */
function groupPairs(numChannels: number, inner: number, groups: number): Pair[] {
  const pairs: Pair[] = [];
  for (let m = 0; m < numChannels; m++) {
    const group = Math.floor(m / (numChannels / groups));
    for (let c = 0; c < inner; c++) pairs.push({ old: group * inner + c, at: [m, c] });
  }
  return pairs;
}

export function planMultiply(state: PlanState, name: string, left: number, right: number): Reading {
  const first = plain(state, left, []);
  const second = plain(state, right, []);
  const [a, b] = aligned(state, first, second);
  return multiplyLayer(state, name, a, b);
}

/** The layer a·b of aligned readings. */
export function multiplyLayer(state: PlanState, name: string, a: Reading, b: Reading): Reading {
  const outputs = [...new Set([...ordered(a), ...ordered(b)])];
  const lengths = lengthsOf(outputs, a, b);
  const axes = outputs.map((_, position) => position);
  const operand = ({ value }: Reading): Operand => ({ axes, expression: placedBy(value, outputs) });
  state.builder.layers.push({
    name,
    axes: [...lengths.values()],
    numOutputAxes: outputs.length,
    left: operand(a),
    right: operand(b),
  });
  return { lengths, groups: a.groups, value: layerValue(state.builder.layers.length - 1, outputs) };
}

export function planBatchMatMul(state: PlanState, name: string, left: number, right: number): Reading {
  const numAxes = state.program.tensors[left]!.shape.length;
  const everyAxis = Array.from({ length: numAxes }, (_, axis) => axis);
  plain(state, left, everyAxis);
  plain(state, right, everyAxis);
  const first = state.reading(left);
  const second = relabelled(state, state.reading(right));
  const common = (reading: Reading): Reading => ({
    ...reading,
    groups: [...reading.groups.slice(0, -2), ...reading.groups.slice(-1)],
  });
  const [a, b] = aligned(state, common(first), common(second));
  const rowsOf = (reading: Reading): readonly number[] => reading.groups[numAxes - 2]!;
  const [rowsA, rowsB] = [rowsOf(first), rowsOf(second)];
  const contracted = a.groups[a.groups.length - 1]!;
  const matrices = a.groups.slice(0, -1);
  const lengths = mergedLengths(b, a);
  const taken = new Set([BATCH, ...matrices.flat(), ...rowsA, ...rowsB, ...contracted]);
  const rest = [...lengths.keys()].filter((label) => !taken.has(label));
  const outputs = [BATCH, ...rest, ...matrices.flat(), ...rowsA, ...rowsB];
  const all = [...outputs, ...contracted];
  const operand = (reading: Reading): Operand => {
    const own = new Set(ordered(reading));
    const labels = all.filter((label) => own.has(label));
    return {
      axes: labels.map((label) => all.indexOf(label)),
      expression: placedBy(reading.value, labels),
    };
  };
  const axes = all.map((label) => lengths.get(label)!);
  const [leftOperand, rightOperand] = [operand(a), operand(b)];
  state.builder.layers.push({
    name,
    axes,
    numOutputAxes: outputs.length,
    left: leftOperand,
    right: rightOperand,
  });
  return {
    lengths: new Map(outputs.map((label) => [label, lengths.get(label)!])),
    groups: [...matrices, rowsA, rowsB],
    value: layerValue(state.builder.layers.length - 1, outputs),
  };
}
