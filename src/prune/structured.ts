/**
 * Structured pruning: whole neurons and channels are removed, so that tensors shrink and every proof system pays less. After
 * Li et al. 2017 ("Pruning filters for efficient ConvNets"), with scores that also weigh what reads a unit.
 */
import { Conv2d } from "../train/network/conv2d.ts";
import type { LayerSpec } from "../train/network/layerSpec.ts";
import { Network } from "../train/network/network.ts";
import { isWeightLayer, type WeightLayer } from "./scope.ts";
import { unitScores, unitsOf } from "./unitScores.ts";

/** By name of layer: the units that stay, in ascending order. */
type KeptUnits = ReadonlyMap<string, readonly number[]>;

/**
 * The network without `count` units of these layers (fewer where a layer would lose its last): those with the lowest scores in
 * one ranking. Masks of the network become zeros.
 */
export function removeUnits(network: Network, layers: readonly WeightLayer[], count: number): Network {
  const readers = readersOf(network);
  const ranked = layers.flatMap((layer) => {
    const next = readers.get(layer);
    if (next === undefined) throw new TypeError(`layer "${layer.name}" is the last one`);
    return Array.from(unitScores(layer, next), (score, unit) => ({ layer, unit, score }));
  });
  const left = new Map(layers.map((layer) => [layer, new Set(Array(unitsOf(layer)).keys())]));
  let remaining = count;
  for (const { layer, unit } of ranked.toSorted((a, b) => a.score - b.score)) {
    const units = left.get(layer);
    if (remaining <= 0) break;
    if (units === undefined || units.size === 1) continue;
    units.delete(unit);
    remaining--;
  }
  return shrunk(network, new Map(Array.from(left, ([{ name }, units]) => [name, [...units]])));
}

/** By layer with weights, the next such layer. */
function readersOf(network: Network): ReadonlyMap<WeightLayer, WeightLayer> {
  const all = network.layers.filter(isWeightLayer);
  return new Map(all.slice(0, -1).map((layer, i) => [layer, all[i + 1]]));
}

function shrunk(network: Network, kept: KeptUnits): Network {
  const layers = network.spec.layers.map((spec, i): LayerSpec => {
    const { name } = network.layers[i];
    const units = kept.get(name)?.length;
    if (units !== undefined && spec.type === "dense") return { ...spec, name, units };
    if (units !== undefined && spec.type === "conv2d") return { ...spec, name, filters: units };
    return { ...spec, name };
  });
  const smaller = new Network({ inputShape: network.inputShape, layers }, 0);
  let before: WeightLayer | null = null;
  network.layers.forEach((layer, i) => {
    const target = smaller.layers[i];
    if (!isWeightLayer(layer) || !isWeightLayer(target)) return;
    const units = kept.get(layer.name) ?? upTo(unitsOf(layer));
    const readUnits = before === null ? null : (kept.get(before.name) ?? upTo(unitsOf(before)));
    copyKept(layer, target, units, inputsKept(layer, before, readUnits));
    before = layer;
  });
  smaller.refresh();
  return smaller;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Channels of a convolution, inputs of a dense layer, that still exist. */
function inputsKept(
  layer: WeightLayer,
  before: WeightLayer | null,
  readUnits: readonly number[] | null,
): readonly number[] {
  if (before === null || readUnits === null)
    return upTo(layer instanceof Conv2d ? layer.image.channels : layer.inputs);
  if (layer instanceof Conv2d) return readUnits;
  // A channel that was flattened is a run of inputs.
  const run = layer.inputs / unitsOf(before);
  return readUnits.flatMap((unit) => upTo(run).map((i) => unit * run + i));
}

function copyKept(
  source: WeightLayer,
  target: WeightLayer,
  units: readonly number[],
  inputs: readonly number[],
): void {
  const from = source.weight.effective;
  const into = target.weight.values;
  units.forEach((unit, u) => {
    target.bias.values[u] = source.bias.effective[unit];
  });
  let at = 0;
  if (source instanceof Conv2d) {
    const { channels } = source.image;
    const taps = from.length / (source.filters * channels);
    for (const unit of units) {
      for (const channel of inputs) {
        const start = (unit * channels + channel) * taps;
        into.set(from.subarray(start, start + taps), at);
        at += taps;
      }
    }
    return;
  }
  for (const input of inputs) {
    for (const unit of units) into[at++] = from[input * source.outputs + unit];
  }
}
