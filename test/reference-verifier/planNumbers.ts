/**
 * Numbers that follow from a plan: docs/spec/15-reduction.md, 15.6 and 15.8; the lookup cube: 13-lookups.md, 13.1.
 */
import {
  claimedLayers,
  equalityReadings,
  knownEquality,
  sectionOrder,
  sectionReadings,
} from "./claimedReadings.ts";
import { bits, bitsOfAxes } from "./multilinear.ts";
import { type Expression, type Layer, numCells, type Operand, type Plan, type Section } from "./plan.ts";
import type { PlanNumbers } from "./security.ts";

export interface CubeSection {
  readonly section: Section;
  readonly numVariables: number;
  /** First leaf. */
  readonly offset: number;
}

export interface Cube {
  readonly sections: readonly CubeSection[];
  readonly dummy: number;
  readonly numVariables: number;
}

/** 13.1 */
export function lookupCube(plan: Plan): Cube {
  let offset = 0;
  const sections = sectionOrder(plan).map((section): CubeSection => {
    const placed = { section, numVariables: bitsOfAxes(section.axes), offset };
    offset += 2 ** placed.numVariables;
    return placed;
  });
  return { sections, dummy: offset, numVariables: Math.max(1, bits(offset + 1)) };
}

/** Bits of the block of a mapped tensor source (12.5); none if it is not mapped. */
function blocksOf(plan: Plan, expression: Expression): number[] {
  const blocks: number[] = [];
  for (const { source } of expression.terms) {
    if (source.kind !== "tensor" || source.tensor === "one") continue;
    const { axes, holder } = plan.tensors[source.tensor]!;
    const mapped = [...axes.keys()].filter((axis) => source.wires[axis]!.map !== undefined);
    if (holder === "public" || mapped.length === 0) continue;
    blocks.push(bitsOfAxes(axes.slice(mapped[0]!, mapped[mapped.length - 1]! + 1)));
  }
  return blocks;
}

/** V of 15.6, or none. */
export function viewVariables(plan: Plan): number | undefined {
  const layers = claimedLayers(plan).map((layer) => plan.layers[layer]!);
  const expressions = [
    ...plan.sections.flatMap(({ columns }) => columns),
    ...plan.equalities.map(({ expression }) => expression),
    ...layers.flatMap(({ left, right }) => [left.expression, right.expression]),
  ];
  const blocks = expressions.flatMap((expression) => blocksOf(plan, expression));
  return blocks.length === 0 ? undefined : Math.max(...blocks);
}

/** All tensor sources are public or 1 (15.5). */
export function operandIsPublic(plan: Plan, { expression }: Operand): boolean {
  return expression.terms.every(({ source }) => {
    if (source.kind !== "tensor" || source.tensor === "one") return true;
    return plan.tensors[source.tensor]!.holder === "public";
  });
}

/** Output axes that both operands have. */
export function groupAxes(layer: Layer): number[] {
  return layer.left.axes.filter((axis) => axis < layer.numOutputAxes && layer.right.axes.includes(axis));
}

/** Group axes, then contracted axes. */
export function boundAxes(layer: Layer): number[] {
  const contracted = layer.axes.map((_, axis) => axis).slice(layer.numOutputAxes);
  return [...groupAxes(layer), ...contracted];
}

/** B: bits of the bound axes. */
export function boundBits(layer: Layer): number {
  return bitsOfAxes(boundAxes(layer).map((axis) => layer.axes[axis]!));
}

/** Rounds and degree of the sumcheck over all claimed layers. */
export function layerSumcheck(layers: readonly Layer[]): { rounds: number; degree: number } {
  const rounds = Math.max(0, ...layers.map(boundBits));
  return { rounds, degree: layers.some((layer) => groupAxes(layer).length > 0) ? 3 : 2 };
}

export function planNumbers(plan: Plan): PlanNumbers {
  const { numVariables } = lookupCube(plan);
  const unknown = plan.equalities.filter((equality) => knownEquality(plan, equality) === undefined);
  const layers = claimedLayers(plan).map((layer) => plan.layers[layer]!);
  const isHidden = (tensor: number): boolean => plan.tensors[tensor]!.holder !== "public";

  let lookups = 1;
  for (let layer = 0; layer < numVariables; layer++) lookups += 3 * layer + 5;

  const accumulators =
    sectionReadings(plan).length +
    unknown.reduce((sum, equality) => sum + equalityReadings(equality).length, 0);

  const sectionsMapped = plan.sections.some(({ columns }) =>
    columns.some((column) => blocksOf(plan, column).length > 0),
  );
  const unknownMapped = unknown.filter(({ expression }) => blocksOf(plan, expression).length > 0);
  const viewValues = (sectionsMapped ? 1 : 0) + unknownMapped.length;

  let [layerScalars, layerProducts] = [0, 0];
  if (layers.length > 0) {
    const { rounds, degree } = layerSumcheck(layers);
    layerScalars += rounds * degree;
  }
  for (const layer of layers) {
    const hiddenOperands = [layer.left, layer.right].filter((operand) => !operandIsPublic(plan, operand));
    if (layer.bias !== undefined && isHidden(layer.bias)) layerScalars++;
    layerScalars += hiddenOperands.length;
    if (hiddenOperands.length === 2) layerProducts++;
  }
  const products = 2 * numVariables + layerProducts;
  const views = 2 * (viewVariables(plan) ?? 0);
  const counts = [lookups, accumulators, viewValues, layerScalars, layerProducts, views, products + 3];
  return {
    maxColumns: Math.max(1, ...plan.sections.map(({ columns }) => columns.length)),
    sectionCells: plan.sections.reduce((sum, { axes }) => sum + numCells(axes), 0),
    equalityVariables: Math.max(0, ...plan.equalities.map(({ axes }) => bitsOfAxes(axes))),
    equalities: plan.equalities.length,
    layerClaims: layers.length,
    viewClaims: viewValues + 2 * layers.length,
    products,
    scalars: counts.reduce((sum, count) => sum + count, 0),
  };
}
