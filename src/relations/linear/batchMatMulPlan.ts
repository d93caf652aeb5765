/** The layer of a product of two computed tensors, matrix by matrix: axes that both have before the last two are groups. */
import type { BatchMatMul } from "../../program/program.ts";
import { BATCH_LABEL, type Labels, orderedLabels, placed, type Reading } from "../reading.ts";
import { aligned, relabelled } from "../reshapeReading.ts";
import type { PlannedLayer } from "./plan.ts";

/** `left` and `right`: without accumulators and products of view axes. */
export function planBatchMatMul(
  labels: Labels,
  operator: BatchMatMul,
  left: Reading,
  right: Reading,
): PlannedLayer {
  const { name } = operator;
  const rank = left.groups.length;
  // What both have: matrices and the contracted axis. Rows of either side keep their own labels.
  const common = (reading: Reading): Reading => ({
    ...reading,
    groups: [...reading.groups.slice(0, -2), reading.groups[rank - 1]],
  });
  // Both may read one tensor, and a row of one side is not a row of the other.
  const other = relabelled(labels, right);
  const [first, second] = aligned(labels, common(left), common(other), name);
  const rowGroups = [left, other].map(({ groups }) => groups[rank - 2]);
  const contracted = first.groups[rank - 2];
  const matrices = first.groups.slice(0, -1);
  const lengths = new Map([...second.lengths, ...first.lengths]);
  const known = new Set([...matrices.flat(), ...rowGroups.flat(), ...contracted]);
  const rest = [...lengths.keys()].filter((label) => label !== BATCH_LABEL && !known.has(label));
  const outputs = [BATCH_LABEL, ...rest, ...matrices.flat(), ...rowGroups.flat()];
  const all = [...outputs, ...contracted];
  const operand = (reading: Reading) => {
    const own = new Set(orderedLabels(reading));
    const order = all.filter((label) => own.has(label));
    return { axes: order.map((label) => all.indexOf(label)), value: placed(reading.value, order) };
  };
  return {
    layer: {
      name,
      axes: all.map((label) => lengths.get(label) as number),
      numOutputAxes: outputs.length,
      left: operand(first),
      right: operand(second),
      bias: null,
    },
    outputs,
    groups: [...matrices, ...rowGroups],
  };
}
