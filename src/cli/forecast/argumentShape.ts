/** The layer claims and view terms that relations/prove.ts binds, with the sizes of their tables. */
import { axisBits, totalBits } from "../../claims/axes.ts";
import type { Expression, LinearLayer, Operand, ProofPlan, Source } from "../../claims/plan.ts";
import { blockOf, isMappedSource } from "../../claims/view.ts";
import { type LookupCube, placeSections } from "../../lookup/cube.ts";
import { layerReadings, lookedUpLayers } from "../../relations/leaves.ts";
import { boundAxes, boundBits, groupAxes, isPublicOperand } from "../../relations/linear/shape.ts";
import { knownLayer } from "../../relations/reduce.ts";

export interface LayerClaimShape {
  readonly layer: LinearLayer;
  /** log2 of the tables over the bound axes, and how many of the leading coordinates are groups. */
  readonly bits: number;
  readonly groupBits: number;
}

export interface ViewTermShape {
  /** Virtual cells of the tensor, and log2 of those of the block that the sumcheck binds. */
  readonly cells: number;
  readonly blockBits: number;
  readonly trailBits: number;
}

export interface ArgumentShape {
  readonly cube: LookupCube;
  /** In the order in which the prover binds them: views of leaves and equalities, and layer claims. */
  readonly steps: readonly (
    | { readonly kind: "layer"; readonly claim: LayerClaimShape }
    | { readonly kind: "view"; readonly term: ViewTermShape }
  )[];
  /** Views of operands, bound when the layers' sumcheck is over. */
  readonly operandViews: readonly ViewTermShape[];
}

export function argumentShape(plan: ProofPlan): ArgumentShape {
  const cube = placeSections(plan.sections);
  const steps: ArgumentShape["steps"][number][] = [];
  const operandViews: ViewTermShape[] = [];
  const addLayer = (id: number): void => {
    const layer = plan.layers[id];
    const groupBits = groupAxes(layer).reduce((bits, axis) => bits + axisBits(layer.axes[axis]), 0);
    steps.push({ kind: "layer", claim: { layer, bits: boundBits(layer), groupBits } });
    for (const operand of [layer.left, layer.right]) operandViews.push(...viewsOfOperand(plan, operand));
  };
  const addViews = (expression: Expression): void => {
    for (const { source } of expression.terms) {
      if (isMappedSource(plan.tensors, source)) steps.push({ kind: "view", term: viewTerm(plan, source) });
    }
  };
  for (const { layer } of lookedUpLayers(cube)) addLayer(layer);
  for (const { section } of cube.sections) for (const column of section.columns) addViews(column);
  for (const equality of plan.equalities) {
    for (const { layer } of layerReadings(equality.axes, equality.value)) addLayer(layer);
    if (knownLayer(plan.tensors, equality) === null) addViews(equality.value);
  }
  return { cube, steps, operandViews };
}

/** An operand that reads any tensor otherwise than as it is becomes a claim about all that it reads. */
function viewsOfOperand(plan: ProofPlan, operand: Operand): ViewTermShape[] {
  const { terms } = operand.value;
  if (isPublicOperand(plan, operand) || !terms.some(({ source }) => isMappedSource(plan.tensors, source)))
    return [];
  return terms.flatMap(({ source }) => {
    if (source.kind !== "tensor" || source.tensor === null) return [];
    return plan.tensors[source.tensor].holder === "public" ? [] : [viewTerm(plan, source)];
  });
}

function viewTerm(plan: ProofPlan, source: Source): ViewTermShape {
  if (source.kind !== "tensor" || source.tensor === null) throw new TypeError("expected a tensor");
  const { axes } = plan.tensors[source.tensor];
  const block = blockOf(axes, (axis) => source.wires[axis].map !== null);
  return {
    cells: 2 ** totalBits(axes),
    blockBits: block.bits,
    trailBits: totalBits(axes.slice(block.to)),
  };
}

/** Multiplications of a stored entry by a weight while an operand is bound to a claim's point. */
export function bindingWork(plan: ProofPlan, layer: LinearLayer): number {
  const bound = new Set(boundAxes(layer));
  return [layer.left, layer.right].reduce((sum, operand) => {
    const freeOf = (axis: number): boolean => bound.has(operand.axes[axis]);
    return operand.value.terms.reduce((work, { source }) => {
      if (source.kind !== "tensor" || source.tensor === null) return work;
      const { axes } = plan.tensors[source.tensor];
      // Each choice of the free indices that a mapped axis takes part in is a pass over the tensor.
      const passes = source.wires.reduce((product, wire) => {
        if (wire.map === null) return product;
        const free = wire.axes.filter(freeOf);
        return free.reduce((size, axis) => size * layer.axes[operand.axes[axis]], product);
      }, 1);
      return work + passes * 2 ** totalBits(axes);
    }, sum);
  }, 0);
}
