/** How much each neuron or channel of a layer matters. */
import { Conv2d } from "../train/network/conv2d.ts";
import type { WeightLayer } from "./scope.ts";

/** Neurons of a dense layer, channels of a convolution. */
export function unitsOf(layer: WeightLayer): number {
  return layer instanceof Conv2d ? layer.filters : layer.outputs;
}

/** Calls with the positions in the layer's weights that a unit's values are computed with. */
export function forEachIncoming(layer: WeightLayer, unit: number, visit: (at: number) => void): void {
  const units = unitsOf(layer);
  const fanIn = layer.weight.values.length / units;
  if (layer instanceof Conv2d) for (let i = 0; i < fanIn; i++) visit(unit * fanIn + i);
  else for (let i = 0; i < fanIn; i++) visit(i * units + unit);
}

/** The same for the weights of the next layer that read the unit; `units` is the number of units there are to read. */
export function forEachOutgoing(
  next: WeightLayer,
  units: number,
  unit: number,
  visit: (at: number) => void,
): void {
  if (next instanceof Conv2d) {
    const { channels } = next.image;
    const taps = next.weight.values.length / (next.filters * channels);
    for (let filter = 0; filter < next.filters; filter++) {
      for (let tap = 0; tap < taps; tap++) visit((filter * channels + unit) * taps + tap);
    }
    return;
  }
  // A channel that was flattened is a run of inputs.
  const run = (next.inputs / units) * next.outputs;
  for (let i = 0; i < run; i++) visit(unit * run + i);
}

/**
 * For each unit the product of the norms of what enters it (bias included) and what leaves it: silencing a unit changes the
 * next layer by its activation times the latter. Divided by the layer's mean, so that layers of different scale compare.
 */
export function unitScores(layer: WeightLayer, next: WeightLayer): Float64Array {
  const units = unitsOf(layer);
  const entering = layer.weight.effective;
  const leaving = next.weight.effective;
  const scores = Float64Array.from({ length: units }, (_, unit) => {
    let into = layer.bias.effective[unit] ** 2;
    let out = 0;
    forEachIncoming(layer, unit, (at) => {
      into += entering[at] ** 2;
    });
    forEachOutgoing(next, units, unit, (at) => {
      out += leaving[at] ** 2;
    });
    return Math.sqrt(into * out);
  });
  const mean = scores.reduce((sum, score) => sum + score, 0) / units;
  return mean === 0 ? scores : scores.map((score) => score / mean);
}
