/**
 * Ensembles of decision trees: at every level the records of the nodes that a row has reached are gathered from hidden
 * tables, and the comparison says which child comes next (docs/decisions/0014-classical-models.md).
 */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { IntRange } from "../../program/program.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { TreesStep } from "../realProgram.ts";
import { integerThreshold } from "../treeThresholds.ts";
import type { Emission, Emitted } from "./emission.ts";
import { reachedDomain } from "./requantise.ts";

/** Differences of features and thresholds, and what is added to round them, stay below 2^30. */
const MAX_FEATURE = 2 ** 28;
/** Up to so many values one table of all differences is cheaper than two of roots. */
const MAX_DIRECT = 2 ** 9;

interface IntegerTable {
  readonly feature: Int32Array;
  readonly threshold: Int32Array;
  readonly left: Int32Array;
}

/** A threshold below all that the feature can be becomes one that nothing exceeds, with the other child as the left one. */
function integerTable(step: TreesStep, scale: number, range: IntRange): IntegerTable {
  const left = Int32Array.from(step.left);
  const threshold = Int32Array.from(step.threshold, (t, record) => {
    const q = integerThreshold(t, scale, range);
    if (q >= range.lo) return q;
    left[record]++;
    return range.hi;
  });
  return { feature: step.feature, threshold, left };
}

/** The scale of the leaves: a power of two, as fine as sums and an ArgMax over them allow but no finer than 2^-22 of all. */
function leafScale(step: TreesStep): number {
  const farthest = step.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (farthest === 0) return 1;
  const room = 2 ** 28 / (step.numTrees * Math.max(2, elementCount(step.shape)));
  let scale = 2 ** Math.ceil(Math.log2(farthest / Math.min(room, 2 ** 22)));
  // Coarser where nothing is lost: counts and votes are small integers.
  while (step.values.every((value) => Number.isInteger(value / (2 * scale)))) scale *= 2;
  return scale;
}

function leafRange(leaves: Int32Array): IntRange {
  const farthest = leaves.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const hi = 2 ** Math.ceil(Math.log2(farthest + 1)) - 1;
  return { lo: leaves.some((value) => value < 0) ? -hi : 0, hi };
}

/** 1 where x > t, else 0: the sign of x − t − 1, which rounding towards −∞ keeps. */
function emitExceeds(emission: Emission, node: string, x: Emitted, t: Emitted): Emitted {
  const span = x.tensor.range.hi - x.tensor.range.lo;
  const shift = 2 * span + 1 <= MAX_DIRECT ? 0 : Math.floor((Math.log2(span) + 1) / 2);
  const offset = shift === 0 ? 0 : 2 ** (shift - 1) - 1;
  const difference = emission.add(
    { kind: "combine", name: `${node} (difference)`, inputs: [x.id, t.id], factors: [1, -1], offset },
    { name: `${node} (difference)`, scale: 1 },
  );
  const domain = reachedDomain(difference.interval, difference.tensor.range, shift);
  if (domain === null) throw new RangeError(`no table for differences of ${span}`);
  const name = `${node} (branch)`;
  const f = { domain, map: { kind: "clamp", lo: 0, hi: 1 } } as const;
  const operator = { kind: "requantise", name, input: difference.id, shift, rounding: "half-up" } as const;
  return emission.add({ ...operator, function: f }, { name, scale: 1 });
}

function emitTable(
  emission: Emission,
  name: string,
  shape: readonly number[],
  range: IntRange,
  data: Int32Array,
  scale: number,
): Emitted {
  const constant = emission.addConstant({ name, shape, range, quant: { scale, zeroPoint: 0 }, data });
  return emission.add({ kind: "constant", name, constant }, { name: `${name} (table)`, scale });
}

/** Entries of the table at the nodes; of the roots, which stand first, where no node has been reached yet. */
function emitEntries(
  emission: Emission,
  name: string,
  table: Emitted,
  nodes: Emitted | null,
  numTrees: number,
): Emitted {
  if (nodes !== null) {
    return emission.add(
      { kind: "gather", name, table: table.id, index: nodes.id, batchAxes: 0 },
      { name, scale: null },
    );
  }
  const indices = Int32Array.from({ length: numTrees }, (_, tree) => tree);
  return emission.add(
    { kind: "take", name, input: table.id, axis: 0, indices, fill: 0 },
    { name, scale: null },
  );
}

/** The features that the nodes compare, of each row. */
function emitFeatures(emission: Emission, name: string, x: Emitted, feature: Emitted): Emitted {
  if (x.tensor.shape[0] > 1)
    return emission.add(
      { kind: "gather", name, table: x.id, index: feature.id, batchAxes: 0 },
      { name, scale: null },
    );
  const indices = new Int32Array(feature.tensor.shape[0]);
  return emission.add({ kind: "take", name, input: x.id, axis: 0, indices, fill: 0 }, { name, scale: null });
}

/** Sums over the trees of each target. Leaves of one value: the targets' trees stand one after the other. */
function emitVotes(emission: Emission, step: TreesStep, name: string, leaves: Emitted): Emitted {
  const numTargets = elementCount(step.shape);
  const [numTrees, width] = leaves.tensor.shape;
  const perTarget = width === 1 ? numTrees / numTargets : numTrees;
  const grouped = width === 1 ? [numTargets, perTarget] : [numTrees, width];
  const axis = width === 1 ? 1 : 0;
  const reshape = (input: Emitted, called: string, shape: readonly number[]): Emitted =>
    emission.add({ kind: "reshape", name: called, input: input.id }, { name: called, scale: null, shape });
  let votes = leaves;
  if (perTarget > 1) {
    const window = { axis, size: perTarget, stride: perTarget, padBegin: 0, padEnd: 0 };
    const sums = `${step.name} (votes)`;
    votes = emission.add(
      { kind: "windowSum", name: sums, input: reshape(leaves, `${sums}, by target`, grouped).id, ...window },
      { name: sums, scale: leaves.tensor.quant.scale },
    );
  }
  return reshape(votes, name, step.shape);
}

export function emitTrees(emission: Emission, step: TreesStep, name: string): Emitted {
  const x = emission.of(step.input);
  const { range, quant } = x.tensor;
  if (Math.max(-range.lo, range.hi) >= MAX_FEATURE) {
    const message = `node "${step.name}": features in [${range.lo}, ${range.hi}] are too wide to compare`;
    throw new TensorproofError("program.rangeTooLarge", message, { where: `node "${step.name}"` });
  }
  const numRecords = step.left.length;
  const { feature, threshold, left } = integerTable(step, quant.scale, range);
  const table = (what: keyof TreesStep["names"], ofRange: IntRange, data: Int32Array, scale = 1): Emitted =>
    emitTable(emission, step.names[what], [numRecords], ofRange, data, scale);
  const features = table("feature", { lo: 0, hi: x.tensor.shape[0] - 1 }, feature);
  const thresholds = table("threshold", range, threshold, quant.scale);
  const children = table("left", { lo: 0, hi: numRecords - 2 }, left);
  let nodes: Emitted | null = null;
  for (let level = 0; level < step.depth; level++) {
    const at = `${step.name}, level ${level}`;
    const entries = (what: string, of: Emitted): Emitted =>
      emitEntries(emission, `${at}: ${what}`, of, nodes, step.numTrees);
    const value = emitFeatures(emission, `${at}: value`, x, entries("feature", features));
    const branch = emitExceeds(emission, at, value, entries("threshold", thresholds));
    const child = entries("left child", children);
    nodes = emission.add(
      { kind: "combine", name: `${at}: child`, inputs: [child.id, branch.id], factors: [1, 1], offset: 0 },
      { name: `${at}: child`, scale: 1 },
    );
  }
  const scale = leafScale(step);
  const leaves = Int32Array.from(step.values, (value) => Math.round(value / scale));
  const width = step.values.length / numRecords;
  const leafTable = emitTable(
    emission,
    step.names.values,
    [numRecords, width],
    leafRange(leaves),
    leaves,
    scale,
  );
  return emitVotes(
    emission,
    step,
    name,
    emitEntries(emission, `${step.name}: leaves`, leafTable, nodes, step.numTrees),
  );
}
