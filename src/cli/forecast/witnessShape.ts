/** What building a witness allocates and writes (relations/witness). */
import { realCells, totalBits } from "../../claims/axes.ts";
import { type Expression, layerAxes, type Source } from "../../claims/plan.ts";
import type { AnnotatedPlan } from "../../relations/planBuilder.ts";

export interface WitnessShape {
  /** Virtual cells of each array in kernel memory, in the order in which they are made. */
  readonly arrays: readonly number[];
  /** Virtual cells of columns that are evaluated cell by cell, once for each term of their expressions. */
  readonly columnCells: number;
  /** Real cells that are stored: accumulators and tensors. */
  readonly storedCells: number;
  /** Real cells that are looked up in tables. */
  readonly lookups: number;
}

export function witnessShape({ plan, origins }: AnnotatedPlan): WitnessShape {
  const arrays: number[] = [];
  let columnCells = 0;
  let storedCells = 0;
  const store = (axes: readonly number[]): void => {
    arrays.push(2 ** totalBits(axes));
    storedCells += realCells(axes);
  };
  const evaluate = (axes: readonly number[], expression: Expression): void => {
    if (isShared(axes, expression)) return;
    const cells = 2 ** totalBits(axes);
    arrays.push(cells);
    columnCells += cells * Math.max(1, expression.terms.length);
  };
  for (const layer of plan.layers) store(layerAxes(layer));
  plan.tensors.forEach(({ axes }, id) => {
    const origin = origins[id];
    if (origin.kind === "multiplicity") return;
    if (origin.kind === "limb") evaluate(axes, origin.expression);
    store(axes);
  });
  for (const { axes, columns } of plan.sections) {
    for (const column of columns) evaluate(axes, column);
  }
  let lookups = 0;
  for (const { axes, multiplicity } of plan.sections) {
    if (multiplicity === null) lookups += realCells(axes);
    else store(axes);
  }
  return { arrays, columnCells, storedCells, lookups };
}

/** A column that is a stored tensor as it is takes no memory of its own. */
function isShared(axes: readonly number[], { constant, terms }: Expression): boolean {
  return constant === 0 && terms.length === 1 && terms[0].factor === 1 && isWhole(axes, terms[0].source);
}

function isWhole(axes: readonly number[], source: Source): boolean {
  if (source.kind === "layer") {
    return source.slices === undefined && source.axes.every((axis, i) => axis === i);
  }
  if (source.kind !== "tensor" || source.tensor === null || source.wires.length !== axes.length) return false;
  return source.wires.every(
    ({ axes: [axis], map, slice }, i) => map === null && slice === undefined && axis === i,
  );
}
