/** Random tensors that are read along random views: sums, gaps, repetitions, wires along two axes or none. */
import type { Source, Wire } from "../plan.ts";

export interface RandomView {
  /** Of the view. */
  readonly axes: readonly number[];
  /** Of the tensor. */
  readonly tensorAxes: readonly number[];
  readonly values: Int32Array;
  /** Of tensor 0. */
  readonly source: Extract<Source, { kind: "tensor" }>;
}

export type RandomInteger = (bound: number) => number;

export function randomInteger(seed: number): RandomInteger {
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(((state >>> 8) / 2 ** 24) * bound);
  };
}

export function randomView(seed: number): RandomView {
  const random = randomInteger(seed);
  const axes = Array.from({ length: 1 + random(4) }, () => 1 + random(5));
  // Every axis of the view belongs to at most one wire: two axes of a tensor are never read along one.
  const free = axes.map((_, axis) => axis);
  const take = (): number => free.splice(random(free.length), 1)[0];
  const tensorAxes: number[] = [];
  const wires: Wire[] = [];
  const numWires = Math.min(random(4), axes.length);
  for (let k = 0; k < numWires && free.length > 0; k++) {
    const own = random(3) === 0 && free.length > 1 ? [take(), take()] : [take()];
    if (own.length === 1 && random(3) === 0) {
      wires.push({ axes: own, map: null });
      tensorAxes.push(axes[own[0]]);
      continue;
    }
    const length = 1 + random(5);
    tensorAxes.push(length);
    wires.push({
      axes: own,
      map: randomPairs(
        random,
        length,
        own.map((axis) => axes[axis]),
      ),
    });
  }
  const size = tensorAxes.reduce((product, length) => product * length, 1);
  const values = Int32Array.from({ length: size }, () => random(2000) - 1000);
  // Wires behind the tensor's axes, and all wires of the constant 1, read nothing but that constant.
  const isUnit = random(4) === 0;
  const units = free.length > 0 && random(2) === 0 ? [take()] : [];
  const extra = units.map((axis) => ({ axes: [axis], map: randomPairs(random, 1, [axes[axis]]) }));
  if (isUnit) {
    const confined = wires.map((wire) => ({
      axes: wire.axes,
      map: randomPairs(
        random,
        1,
        wire.axes.map((axis) => axes[axis]),
      ),
    }));
    return {
      axes,
      tensorAxes: [],
      values: Int32Array.of(1),
      source: { kind: "tensor", tensor: null, wires: [...confined, ...extra] },
    };
  }
  return { axes, tensorAxes, values, source: { kind: "tensor", tensor: 0, wires: [...wires, ...extra] } };
}

/** Any pairs, the same one twice perhaps, or none. */
function randomPairs(random: RandomInteger, length: number, lengths: readonly number[]) {
  const count = random(2 * length + 2);
  return {
    from: Int32Array.from({ length: count }, () => random(length)),
    to: lengths.map((bound) => Int32Array.from({ length: count }, () => random(bound))),
  };
}
