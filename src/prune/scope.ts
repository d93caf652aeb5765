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
  | { readonly kind: "layer"; readonly name: string };

const LAYER_PREFIX = "layer:";

/** @throws TensorproofError `prune.scope` */
export function parseScope(text: string): PruneScope {
  if (text === "global" || text === "costliest") return { kind: text };
  if (text.startsWith(LAYER_PREFIX) && text.length > LAYER_PREFIX.length)
    return { kind: "layer", name: text.slice(LAYER_PREFIX.length) };
  const message = `expected "global", "costliest" or "layer:NAME", got "${text}"`;
  throw new TensorproofError("prune.scope", message, { where: text });
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
