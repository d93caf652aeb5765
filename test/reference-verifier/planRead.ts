/**
 * Operators that only change how a tensor is read: docs/spec/11-plan.md, 11.6.
 */
import { residue } from "./field.ts";
import { addConstant, numCells, scaleExpression, type Wire } from "./plan.ts";
import { aligned, plus } from "./planAlign.ts";
import { cuts, type Pair, type Relation, replaceAxis, reshaped, reshapeFails } from "./planAxes.ts";
import { flattened, materialise, plain } from "./planCommit.ts";
import { axisLabel, hasLayers, type Reading } from "./planReading.ts";
import { type PlanState, withoutOnes } from "./planState.ts";
import { windowPairs } from "./planWindows.ts";
import type { WindowSum } from "./program.ts";

export function planReshape(state: PlanState, input: number, shape: readonly number[]): Reading {
  const before = state.reading(input);
  if (cuts(before, shape) && hasLayers(before)) materialise(state, input, "advice");
  const reading = state.reading(input);
  return reshaped(state, reshapeFails(reading, shape) ? flattened(state, input) : reading, shape);
}

export function planTranspose(state: PlanState, input: number, permutation: readonly number[]): Reading {
  const reading = state.reading(input);
  return { ...reading, groups: permutation.map((axis) => reading.groups[axis]!) };
}

/** One program axis read otherwise: its group becomes the new label, or nothing for length 1. */
function readAxis(
  state: PlanState,
  reading: Reading,
  axis: number,
  relation: Relation,
): { reading: Reading; label: number | undefined } {
  const replaced = replaceAxis(state, reading, axisLabel(reading, axis), relation);
  const label = replaced.labels[0];
  const groups = replaced.reading.groups.with(axis, label === undefined ? [] : [label]);
  return { reading: { ...replaced.reading, groups }, label };
}

export function planTake(
  state: PlanState,
  operator: {
    readonly input: number;
    readonly axis: number;
    readonly indices: readonly number[];
    readonly fill: bigint;
  },
): Reading {
  const { input, axis, indices, fill } = operator;
  const before = plain(state, input, [axis]);
  state.spend(indices.length);
  const all = indices.map((old, j): Pair => ({ old, at: [j] }));
  const pairs = all.filter(({ old }) => old >= 0);
  const { reading, label } = readAxis(state, before, axis, { lengths: [indices.length], pairs });
  const filled = all.filter(({ old }) => old < 0).map(({ at }) => at[0]!);
  if (fill === 0n || filled.length === 0) return reading;
  const wires: Wire[] =
    label === undefined ? [] : [{ axes: [label], map: { from: filled.map(() => 0), to: [filled] } }];
  const source = { kind: "tensor", tensor: "one", wires } as const;
  const terms = [...reading.value.terms, { factor: residue(fill), source }];
  return { ...reading, value: { ...reading.value, terms } };
}

export function planWindowSum(state: PlanState, operator: WindowSum): Reading {
  const { input, axis, size } = operator;
  const reading = plain(state, input, [axis]);
  const length = state.program.tensors[input]!.shape[axis]!;
  const relation = windowPairs({ ...operator, dilation: 1 }, length, size, false);
  state.spend(relation.lengths[0]! * size);
  return readAxis(state, reading, axis, relation).reading;
}

export function planConcat(state: PlanState, inputs: readonly number[], axis: number): Reading {
  const readings = inputs.map((input) => plain(state, input, [axis]));
  const lengths = inputs.map((input) => state.program.tensors[input]!.shape[axis]!);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  state.spend(total);
  let offset = 0;
  const parts = readings.map((reading, i) => {
    const start = offset;
    offset += lengths[i]!;
    const pairs = Array.from({ length: lengths[i]! }, (_, j) => ({ old: j, at: [start + j] }));
    return readAxis(state, reading, axis, { lengths: [total], pairs }).reading;
  });
  return sumOf(state, parts);
}

export function planCombine(
  state: PlanState,
  operator: {
    readonly inputs: readonly number[];
    readonly factors: readonly bigint[];
    readonly offset: bigint;
  },
): Reading {
  const parts = operator.inputs.map((input, i) => {
    const reading = state.reading(input);
    const scaled = scaleExpression(reading.value, residue(operator.factors[i]!));
    return { ...reading, value: i === 0 ? addConstant(scaled, residue(operator.offset)) : scaled };
  });
  return sumOf(state, parts);
}

function sumOf(state: PlanState, parts: readonly Reading[]): Reading {
  return parts.reduce((result, next) => plus(...aligned(state, result, next)));
}

export function planConstant(state: PlanState, constant: number): Reading {
  const { shape } = state.program.constants[constant]!;
  const tensor = state.use(constant, withoutOnes(shape));
  return state.storedReading(tensor, shape, false);
}

/** Elements of a program tensor, per sample. */
export function numElements(state: PlanState, tensor: number): number {
  return numCells(state.program.tensors[tensor]!.shape);
}
