/**
 * Two readings under the same labels: docs/spec/11-plan.md, 11.4: aligned, plus, relabelled.
 */
import { addExpressions } from "./plan.ts";
import { split } from "./planAxes.ts";
import { BATCH, essential, lengthOf, mergedLengths, type Reading, rename } from "./planReading.ts";
import type { PlanState } from "./planState.ts";
import { must, refuse } from "./refusal.ts";

export function aligned(state: PlanState, first: Reading, second: Reading): [Reading, Reading] {
  state.spend(16 * (first.value.terms.length + second.value.terms.length));
  let [a, b] = [first, second];
  const newNames = new Map<number, number>();
  const groups = first.groups.map((_, axis) => {
    const [cutsOfA, cutsOfB] = [trailingProducts(a, axis), trailingProducts(b, axis)];
    for (const product of cutsOfB) a = cutAt(state, a, axis, product);
    for (const product of cutsOfA) b = cutAt(state, b, axis, product);
    const [own, other] = [essential(a, a.groups[axis]!), essential(b, b.groups[axis]!)];
    const same =
      own.length === other.length && own.every((label, i) => lengthOf(a, label) === lengthOf(b, other[i]!));
    must(same, "program.unsupportedLayout", `axis ${axis} is divided in two ways`);
    for (const [i, label] of other.entries()) newNames.set(label, own[i]!);
    return [...a.groups[axis]!, ...b.groups[axis]!.filter((label) => lengthOf(b, label) === 1)];
  });
  const renamed = renameReading(b, (label) => newNames.get(label) ?? label);
  return [
    { ...a, groups },
    { ...renamed, groups },
  ];
}

/** l_g, l_g·l_(g−1), …, l_g···l_2 of the labels of a group. */
function trailingProducts(reading: Reading, axis: number): number[] {
  const products: number[] = [];
  let product = 1;
  for (const label of reading.groups[axis]!.slice(1).reverse()) {
    product *= lengthOf(reading, label);
    products.push(product);
  }
  return products;
}

/** The reading with a border between labels where the last `product` entries of the axis begin. */
function cutAt(state: PlanState, reading: Reading, axis: number, product: number): Reading {
  let passed = 1;
  for (const label of reading.groups[axis]!.toReversed()) {
    const length = lengthOf(reading, label);
    if (passed < product && product < passed * length) {
      const low = product / passed;
      const fits = product % passed === 0 && length % low === 0;
      if (!fits) refuse("program.unsupportedLayout", `axis ${axis} cannot be cut at ${product}`);
      return split(state, reading, label, length / low).reading;
    }
    passed *= length;
  }
  return reading;
}

export function renameReading(reading: Reading, newName: (label: number) => number): Reading {
  return {
    lengths: new Map([...reading.lengths].map(([label, length]) => [newName(label), length])),
    groups: reading.groups.map((group) => group.map(newName)),
    value: rename(reading.value, newName),
  };
}

/** plus(A, B) of aligned readings. */
export function plus(a: Reading, b: Reading): Reading {
  return { lengths: mergedLengths(a, b), groups: a.groups, value: addExpressions(a.value, b.value) };
}

/** relabelled(R): fresh labels for all but the batch. */
export function relabelled(state: PlanState, reading: Reading): Reading {
  const names = new Map<number, number>();
  for (const label of reading.lengths.keys()) {
    if (label !== BATCH) names.set(label, state.freshLabel());
  }
  return renameReading(reading, (label) => names.get(label) ?? label);
}
