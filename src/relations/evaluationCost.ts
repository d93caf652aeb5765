/**
 * What a verifier computes with besides the proof itself: cells of public tensors and weights along wired axes, as often
 * as expressions read them. A program of few bytes can read a long axis a thousand times, entry by entry.
 */
import { realCells } from "../claims/axes.ts";
import type { Expression, PlanTensorId, ProofPlan, Source } from "../claims/plan.ts";
import { eqCost } from "../claims/view.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { placeSections } from "../lookup/cube.ts";
import { claimedLayers } from "./reduce.ts";

/** Each takes a verifier up to 0.2 µs, and 16 bytes until the end. A GAN's deconvolutions, the most of any model here, take 10^6. */
export const MAX_WIRED_ENTRIES: number = 2 ** 22;
/** Cells that a few public tensors may be read for in any case. */
const MIN_PUBLIC_READS = 2 ** 24;
/** How often each public cell may be read on average: once for each slice of a layer's lookups, and for each use. */
const READS_PER_CELL = 256;

/** @throws TensorproofError `program.tablesTooLarge` */
export function checkEvaluationCost(plan: ProofPlan): void {
  const { wired, read } = evaluationCost(plan);
  const cells = plan.tensors.reduce(
    (sum, { axes, holder }) => sum + (holder === "public" ? realCells(axes) : 0),
    0,
  );
  if (wired <= MAX_WIRED_ENTRIES && read <= MIN_PUBLIC_READS + READS_PER_CELL * cells) return;
  throw new TensorproofError(
    "program.tablesTooLarge",
    "the program reads long tensors so often in parts that a proof of it would take too long to verify",
    { where: "program" },
  );
}

export interface EvaluationCost {
  /** Entries of wired axes, pairs of their maps, and what eq at the pairs' indices takes along the view's axes. */
  readonly wired: number;
  /** Cells of public tensors. */
  readonly read: number;
}

export function evaluationCost(plan: ProofPlan): EvaluationCost {
  let wired = 0;
  let read = 0;
  const readTensor = (tensor: PlanTensorId | null): void => {
    if (tensor !== null && plan.tensors[tensor].holder === "public")
      read += realCells(plan.tensors[tensor].axes);
  };
  const readSource = (viewAxes: readonly number[], source: Source): void => {
    if (source.kind !== "tensor") return;
    const axes = source.tensor === null ? [] : plan.tensors[source.tensor].axes;
    source.wires.forEach((wire, k) => {
      if (wire.map === null) return;
      const numPairs = wire.map.from.length;
      wired += numPairs + (axes[k] ?? 1);
      for (const axis of wire.axes) wired += eqCost(viewAxes[axis], numPairs);
    });
    readTensor(source.tensor);
  };
  const readExpression = (viewAxes: readonly number[], { terms }: Expression): void => {
    for (const { source } of terms) readSource(viewAxes, source);
  };
  for (const { axes, columns } of plan.sections) for (const column of columns) readExpression(axes, column);
  for (const { axes, value } of plan.equalities) readExpression(axes, value);
  for (const id of claimedLayers(plan, placeSections(plan.sections))) {
    const { axes, left, right, bias } = plan.layers[id];
    for (const operand of [left, right])
      readExpression(
        operand.axes.map((axis) => axes[axis]),
        operand.value,
      );
    readTensor(bias);
  }
  return { wired, read };
}
