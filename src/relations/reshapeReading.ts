/** Reshapes of readings: program axes become other products of the same view axes, split where a shape cuts one. */
import {
  type AxisRelation,
  BATCH_LABEL,
  groupLengths,
  type Labels,
  layoutError,
  type Reading,
  replaceAxis,
} from "./reading.ts";

/** Whether a shape cuts one of the reading's view axes in two. */
export function cutsViewAxes(reading: Reading, shape: readonly number[]): boolean {
  const ends = (lengths: readonly number[]): number[] => {
    let product = 1;
    return lengths.map((length) => (product *= length));
  };
  const known = new Set(ends(groupLengths(reading, reading.groups.flat())));
  return ends(shape).some((end) => end > 1 && !known.has(end));
}

/** Whether a shape cuts one of the reading's view axes where it does not divide into two. */
export function cutsMidway(reading: Reading, shape: readonly number[]): boolean {
  const lengths = groupLengths(reading, reading.groups.flat());
  return !sameBoundaries(lengths, shape);
}

/** Whether both can be cut into the same axes. */
function sameBoundaries(first: readonly number[], second: readonly number[]): boolean {
  const queue = [...first];
  for (const length of second) {
    let need = length;
    while (need > 1) {
      const own = queue.shift();
      if (own === undefined) return false;
      if (need % own === 0) need /= own;
      else if (own % need === 0) {
        queue.unshift(own / need);
        need = 1;
      } else return false;
    }
  }
  return true;
}

/** The same elements under another shape. */
export function reshaped(labels: Labels, reading: Reading, shape: readonly number[], node: string): Reading {
  let current = reading;
  const queue = reading.groups.flat();
  const groups: number[][] = [];
  for (const length of shape) {
    const group: number[] = [];
    let need = length;
    while (need > 1) {
      const label = queue.shift();
      if (label === undefined) throw layoutError(node, `cannot read [${shape}]`);
      const own = current.lengths.get(label) as number;
      if (need % own === 0) {
        group.push(label);
        need /= own;
      } else if (own % need === 0) {
        const split = splitLabel(labels, current, label, need, node);
        current = split.reading;
        group.push(split.high);
        queue.unshift(split.low);
        need = 1;
      } else {
        throw layoutError(node, `cuts an axis of ${own} elements in the middle of one of ${length}`);
      }
    }
    groups.push(group);
  }
  // Whatever is left has length 1; it stays in the reading without belonging to an axis.
  return { ...current, groups };
}

/** Readings with the same shape, cut into the same view axes and under the same labels. */
export function aligned(labels: Labels, a: Reading, b: Reading, node: string): [Reading, Reading] {
  if (a.groups.length !== b.groups.length) throw layoutError(node, "combines tensors of different shapes");
  labels.spendOnTerms(a.value.terms.length + b.value.terms.length, node);
  let left = a;
  let right = b;
  const names = new Map<number, number>();
  const groups = a.groups.map((_, axis) => {
    const cutsOfLeft = cuts(groupLengths(left, left.groups[axis]));
    const cutsOfRight = cuts(groupLengths(right, right.groups[axis]));
    left = cutAt(labels, left, axis, cutsOfRight, node);
    right = cutAt(labels, right, axis, cutsOfLeft, node);
    const wanted = left.groups[axis].filter((label) => (left.lengths.get(label) as number) > 1);
    const given = right.groups[axis].filter((label) => (right.lengths.get(label) as number) > 1);
    wanted.forEach((label, i) => {
      if (left.lengths.get(label) !== right.lengths.get(given[i])) {
        throw layoutError(node, "combines tensors whose axes are cut differently");
      }
      names.set(given[i], label);
    });
    const units = right.groups[axis].filter((label) => right.lengths.get(label) === 1);
    return [...left.groups[axis], ...units];
  });
  return [
    { ...left, groups },
    { ...renamed(right, names), groups },
  ];
}

/** The same reading under labels of its own, but for the batch. */
export function relabelled(labels: Labels, reading: Reading): Reading {
  const own = [...reading.lengths.keys()].filter((label) => label !== BATCH_LABEL);
  return renamed(reading, new Map(own.map((label) => [label, labels.fresh()])));
}

function renamed(reading: Reading, names: ReadonlyMap<number, number>): Reading {
  const rename = (label: number): number => names.get(label) ?? label;
  return {
    lengths: new Map([...reading.lengths].map(([label, length]) => [rename(label), length])),
    groups: reading.groups.map((group) => group.map(rename)),
    value: {
      constant: reading.value.constant,
      terms: reading.value.terms.map(({ source, factor }) => {
        if (source.kind === "tensor") {
          const wires = source.wires.map(({ axes, map }) => ({ axes: axes.map(rename), map }));
          return { factor, source: { ...source, wires } };
        }
        if (source.kind === "layer") return { factor, source: { ...source, axes: source.axes.map(rename) } };
        return { factor, source };
      }),
    },
  };
}

/** Products of the trailing lengths, without 1 and the whole. */
function cuts(lengths: readonly number[]): number[] {
  const products: number[] = [];
  let product = 1;
  for (let i = lengths.length - 1; i > 0; i--) {
    product *= lengths[i];
    products.push(product);
  }
  return products;
}

/** Splits the view axes of a program axis wherever one of the trailing products falls inside one. */
function cutAt(
  labels: Labels,
  reading: Reading,
  axis: number,
  products: readonly number[],
  node: string,
): Reading {
  let current = reading;
  for (const product of products) {
    let behind = 1;
    for (const label of [...current.groups[axis]].reverse()) {
      const length = current.lengths.get(label) as number;
      if (product > behind && product < behind * length) {
        if (product % behind !== 0 || length % (product / behind) !== 0) {
          throw layoutError(node, "combines tensors whose axes are cut differently");
        }
        current = splitLabel(labels, current, label, length / (product / behind), node).reading;
        break;
      }
      behind *= length;
    }
  }
  return current;
}

function splitLabel(
  labels: Labels,
  reading: Reading,
  label: number,
  high: number,
  node: string,
): { readonly reading: Reading; readonly high: number; readonly low: number } {
  const length = reading.lengths.get(label) as number;
  const low = length / high;
  labels.spend(length, node);
  const relation: AxisRelation = {
    old: Int32Array.from({ length }, (_, i) => i),
    lengths: [high, low],
    to: [
      Int32Array.from({ length }, (_, i) => Math.floor(i / low)),
      Int32Array.from({ length }, (_, i) => i % low),
    ],
  };
  const replaced = replaceAxis(labels, reading, label, relation, node);
  return { reading: replaced.reading, high: replaced.labels[0] as number, low: replaced.labels[1] as number };
}
