/** Which layers of a network are thinned out. */
import { nearestNames } from "../errors/nearestNames.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { elementCount } from "../tensor/shape.ts";
import { Conv2d } from "../train/network/conv2d.ts";
import { Dense } from "../train/network/dense.ts";
import type { Layer } from "../train/network/layer.ts";
import type { Network } from "../train/network/network.ts";

export type WeightLayer = Dense | Conv2d;

/** `costliest`: the layer with the most multiply-accumulates per sample. */
export type PruneScope =
  | { readonly kind: "global" }
  | { readonly kind: "costliest" }
  | { readonly kind: "layer"; readonly name: string }
  /** Each layer is ranked by itself; its budget is the part of the amount that it takes. */
  | { readonly kind: "layers"; readonly budgets: readonly LayerBudget[] };

export interface LayerBudget {
  readonly name: string;
  /** 0 to 1. */
  readonly share: number;
}

/** Layers that share one ranking. */
export interface RankedLayers {
  readonly layers: readonly WeightLayer[];
  /** Of the amount. */
  readonly share: number;
}

const LAYER_PREFIX = "layer:";
const BUDGETS_PREFIX = "layers:";

/** @throws TensorproofError `prune.scope` */
export function parseScope(text: string): PruneScope {
  if (text === "global" || text === "costliest") return { kind: text };
  if (text.startsWith(LAYER_PREFIX) && text.length > LAYER_PREFIX.length)
    return { kind: "layer", name: text.slice(LAYER_PREFIX.length) };
  const budgets = text.startsWith(BUDGETS_PREFIX) ? parseBudgets(text.slice(BUDGETS_PREFIX.length)) : null;
  if (budgets !== null) return { kind: "layers", budgets };
  const message = `expected "global", "costliest", "layer:NAME" or "layers:NAME=0.5,OTHER=0.9", got "${text}"`;
  throw new TensorproofError("prune.scope", message, { where: text });
}

/** Null where a budget is no share or a layer is named twice. */
function parseBudgets(text: string): LayerBudget[] | null {
  const budgets = text.split(",").map((part) => {
    const at = part.lastIndexOf("=");
    const share = part.slice(at + 1).trim();
    return { name: part.slice(0, Math.max(at, 0)).trim(), share: share === "" ? Number.NaN : Number(share) };
  });
  const isWhole = budgets.every(({ name, share }) => name !== "" && share >= 0 && share <= 1);
  return isWhole && new Set(budgets.map(({ name }) => name)).size === budgets.length ? budgets : null;
}

export function isWeightLayer(layer: Layer): layer is WeightLayer {
  return layer instanceof Dense || layer instanceof Conv2d;
}

/** Of one sample. */
export function multiplyAccumulatesOf({ weight, outputShape }: WeightLayer): number {
  return weight.values.length * elementCount(outputShape.slice(1));
}

/**
 * The layers of a scope, in the network's order. With `shrinkable`, only those whose units can be removed: all but the last,
 * whose units are the outputs.
 * @throws TensorproofError `prune.layer` with the nearest names, `prune.nothing` where no layer is left
 */
export function layersOf(network: Network, scope: PruneScope, shrinkable: boolean): WeightLayer[] {
  const all = network.layers.filter(isWeightLayer);
  const candidates = shrinkable ? all.slice(0, -1) : all;
  if (scope.kind === "layer") return [namedLayer(candidates, all, scope.name)];
  if (scope.kind === "layers") {
    const named = scope.budgets.map(({ name }) => namedLayer(candidates, all, name));
    return candidates.filter((layer) => named.includes(layer));
  }
  if (candidates.length === 0) {
    const message = shrinkable
      ? "the network has no layer but the last, whose units are its outputs: nothing can be removed"
      : "the network has no layer with weights";
    throw new TensorproofError("prune.nothing", message);
  }
  if (scope.kind === "global") return candidates;
  return [
    candidates.reduce((most, layer) =>
      multiplyAccumulatesOf(layer) > multiplyAccumulatesOf(most) ? layer : most,
    ),
  ];
}

/**
 * The layers of a scope, those together that are ranked together.
 * @throws TensorproofError as `layersOf` does
 */
export function rankingsOf(network: Network, scope: PruneScope, shrinkable: boolean): RankedLayers[] {
  const layers = layersOf(network, scope, shrinkable);
  if (scope.kind !== "layers") return [{ layers, share: 1 }];
  return layers.map((layer) => {
    const share = scope.budgets.find(({ name }) => name === layer.name)?.share ?? 0;
    return { layers: [layer], share };
  });
}

function namedLayer(
  candidates: readonly WeightLayer[],
  all: readonly WeightLayer[],
  name: string,
): WeightLayer {
  const found = candidates.find((layer) => layer.name === name);
  if (found !== undefined) return found;
  if (all.some((layer) => layer.name === name)) {
    const message = `layer "${name}" is the last one: its units are the network's outputs and stay`;
    throw new TensorproofError("prune.layer", message, { where: name });
  }
  const offered = nearestNames(
    name,
    candidates.map((layer) => layer.name),
  ).map((near) => `"${near}"`);
  const hint = offered.length === 0 ? "" : `; nearest: ${offered.join(", ")}`;
  throw new TensorproofError("prune.layer", `there is no layer "${name}" to prune${hint}`, { where: name });
}
