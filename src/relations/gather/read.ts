/** How a gather's table and index are read, and what is stored for its result. */
import type { Gather } from "../../program/program.ts";
import type { EntryTable, PlanState } from "../planState.ts";
import { BATCH_LABEL, groupLengths, orderedLabels, placed, type Reading } from "../reading.ts";
import { planEntries, planGather } from "./plan.ts";

/** Reading of the result. */
export function planGatherOperator(state: PlanState, operator: Gather): Reading {
  const { builder, labels, program, readings } = state;
  const { batchAxes, output } = operator;
  // All gathers from a tensor look up the same rows, as the first one reads them.
  const known = state.entryTables.get(operator.table);
  const table = known ?? readTable(readings[operator.table]);
  const index = readings[operator.index];
  const strideOf = (label: number): number =>
    groupLengths(table.reading, table.labels.slice(table.labels.indexOf(label) + 1)).reduce(
      (size, length) => size * length,
      1,
    );
  const tableShape = program.tensors[operator.table].shape;
  const sizeAfter = (axis: number): number => tableShape.slice(axis + 1).reduce((a, n) => a * n, 1);

  // The result has the index's axes, then those of an entry.
  const entryGroups = table.reading.groups
    .slice(batchAxes + 1)
    .map((group) => group.map((label) => ({ label: labels.fresh(), from: label })));
  const entry = entryGroups.flat();
  const lengths = new Map(index.lengths);
  for (const { label, from } of entry) lengths.set(label, table.reading.lengths.get(from) as number);
  const result: Reading = {
    ...index,
    lengths,
    groups: [...index.groups, ...entryGroups.map((group) => group.map(({ label }) => label))],
  };
  const order = orderedLabels(result);
  const axes = groupLengths(result, order);
  const shared = [
    ...(table.isShared ? [] : [{ axis: order.indexOf(BATCH_LABEL), stride: sizeAfter(-1) }]),
    ...index.groups.slice(0, batchAxes).flatMap((group, axis) => {
      let stride = sizeAfter(axis - 1);
      return group.map((label) => {
        stride /= index.lengths.get(label) as number;
        return { axis: order.indexOf(label), stride };
      });
    }),
    ...entry.map(({ label, from }) => ({ axis: order.indexOf(label), stride: strideOf(from) })),
  ];
  const stored = state.addResult(output, axes);
  const tag = known?.tag ?? planTable(state, operator, table);
  planGather(builder, operator, {
    tag,
    axes,
    index: placed(index.value, order),
    entrySize: sizeAfter(batchAxes),
    shared: shared.filter(({ axis }) => axes[axis] > 1),
    output: stored,
  });
  return state.resultReading(output, result);
}

function readTable(reading: Reading): Omit<EntryTable, "tag"> {
  // A table that is the same for every sample is looked up once, not once per sample.
  const isShared = reading.value.terms.every(
    ({ source }) => source.kind === "tensor" && source.wires.every(({ axes }) => !axes.includes(BATCH_LABEL)),
  );
  const labels = orderedLabels(reading).filter((label) => !isShared || label !== BATCH_LABEL);
  return { reading, isShared, labels };
}

function planTable(state: PlanState, operator: Gather, table: Omit<EntryTable, "tag">): number {
  const { reading, labels } = table;
  const entries = placed(reading.value, labels);
  const tag = planEntries(state.builder, operator, groupLengths(reading, labels), entries);
  state.entryTables.set(operator.table, { ...table, tag });
  return tag;
}
