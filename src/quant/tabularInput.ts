/** Inputs of models of tables: finer integers than activations have, so that comparisons and sums stay. */

import { elementCount } from "../tensor/shape.ts";
import type { RealInput, RealProgram, TreesStep } from "./realProgram.ts";
import type { IntegerForm, RealRange } from "./realRange.ts";
import { integerThreshold } from "./treeThresholds.ts";

/** Steps of tables of numbers: 1, 0.1, … */
const DECIMALS = 6;
const MAX_DECIMAL = 2 ** 20;
const MIN_BITS = 14;
const MAX_BITS = 27;
/** Without rows to look at: as fine as single precision. */
const UNSEEN_BITS = 24;
/** Features that a linear model weighs. */
const WEIGHED_BITS = 21;
/** Features that are multiplied with each other. */
const SQUARED_BITS = 16;

function formOf(real: RealRange, scale: number): IntegerForm {
  let bound = 2;
  while (bound - 1 < real.hi / scale || bound < -real.lo / scale) bound *= 2;
  return { range: { lo: real.lo < 0 ? -bound : 0, hi: bound - 1 }, quant: { scale, zeroPoint: 0 } };
}

/** The coarsest decimal step of which all values are multiples, in single precision; null where there is none. */
function decimalStep(values: Float32Array, farthest: number): number | null {
  for (let digits = 0; digits <= DECIMALS; digits++) {
    const scale = Number(`1e-${digits}`);
    if (farthest / scale >= MAX_DECIMAL) return null;
    if (values.every((value) => Math.fround(Math.round(value / scale) * scale) === value)) return scale;
  }
  return null;
}

/** Whether every value stays on its side of every threshold when it is rounded. */
function keepsSides(
  trees: TreesStep,
  values: Float32Array,
  numFeatures: number,
  { range, quant }: IntegerForm,
): boolean {
  const thresholds = new Map<number, Set<number>>();
  trees.threshold.forEach((t, record) => {
    const feature = trees.feature[record];
    thresholds.set(feature, (thresholds.get(feature) ?? new Set()).add(t));
  });
  for (const [feature, cuts] of thresholds) {
    const column = values.filter((_, at) => at % numFeatures === feature);
    for (const t of cuts) {
      const most = integerThreshold(t, quant.scale, range);
      if (column.some((value) => value <= t !== Math.floor(value / quant.scale + 0.5) <= most)) return false;
    }
  }
  return true;
}

/** Trees that read the value, perhaps under another shape. */
function treesOf(program: RealProgram, id: number): TreesStep[] {
  return program.steps.flatMap((step) => {
    if (step.kind === "trees" && step.input === id) return [step];
    return step.kind === "reshape" && step.input === id ? treesOf(program, step.id) : [];
  });
}

/**
 * The integers for an input that trees or linear models of tables read, null for any other: on the decimal grid of the samples where they have one;
 * else the coarsest power of two that keeps each sample on its side of each threshold. `samples` null: not known.
 */
export function tabularForm(
  program: RealProgram,
  input: RealInput,
  real: RealRange,
  samples: Float32Array | null,
): IntegerForm | null {
  const trees = treesOf(program, input.id);
  const isRead = (kind: "wideLinear" | "wideQuadratic"): boolean =>
    program.steps.some((step) => step.kind === kind && step.inputs.includes(input.id));
  const isSquared = isRead("wideQuadratic");
  const isWeighed = isSquared || isRead("wideLinear");
  if (trees.length === 0 && !isWeighed) return null;
  const weighedBits = isSquared ? SQUARED_BITS : WEIGHED_BITS;
  const farthest = Math.max(Math.abs(real.lo), Math.abs(real.hi)) || 1;
  const binary = (bits: number): IntegerForm =>
    formOf(real, 2 ** Math.ceil(Math.log2(farthest / (2 ** bits - 1))));
  if (samples === null) return binary(isWeighed ? weighedBits : UNSEEN_BITS);
  const step = decimalStep(samples, farthest);
  if (step !== null) return formOf(real, step);
  const numFeatures = elementCount(input.shape);
  let bits = isWeighed ? weighedBits : MIN_BITS;
  while (bits < MAX_BITS && !trees.every((one) => keepsSides(one, samples, numFeatures, binary(bits))))
    bits++;
  return binary(bits);
}
