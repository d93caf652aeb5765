/**
 * gather: docs/spec/11-plan.md, 11.7; docs/spec/14-relations.md, 14.10.
 */
import { residue } from "./field.ts";
import { addExpressions, type Expression, numCells, scaleExpression, wholeTensor } from "./plan.ts";
import { indexAlong } from "./planBuilder.ts";
import { BATCH, lengthOf, ordered, placedBy, type Reading } from "./planReading.ts";
import { NOTHING, type PlanState } from "./planState.ts";

export function planGather(
  state: PlanState,
  id: number,
  operator: { readonly table: number; readonly index: number; readonly batchAxes: number },
): Reading {
  const { builder, program } = state;
  const { name } = program.tensors[id]!;
  const { batchAxes } = operator;
  const index = state.reading(operator.index);
  const known = state.entryTables.get(operator.table);
  const table = known?.reading ?? state.reading(operator.table);
  const isShared = table.value.terms.every(
    ({ source }) => source.kind === "tensor" && source.wires.every(({ axes }) => !axes.includes(BATCH)),
  );
  const tableLabels = ordered(table).filter((label) => !isShared || label !== BATCH);
  const tableAxes = tableLabels.map((label) => lengthOf(table, label));

  const standsFor = new Map<number, number>();
  const freshGroups = table.groups.slice(batchAxes + 1).map((group) =>
    group.map((label) => {
      const fresh = state.freshLabel();
      standsFor.set(fresh, label);
      return fresh;
    }),
  );
  const lengths = new Map(index.lengths);
  for (const [fresh, label] of standsFor) lengths.set(fresh, lengthOf(table, label));
  const result: Reading = { lengths, groups: [...index.groups, ...freshGroups], value: NOTHING };
  const order = ordered(result);
  const axes = order.map((label) => lengthOf(result, label));
  const y = wholeTensor(state.addResult(id, axes), axes.length);

  let tag = known?.tag;
  if (tag === undefined) {
    const place = tableAxes
      .map((_, axis) => indexAlong(axis, numCells(tableAxes.slice(axis + 1))))
      .reduce(addExpressions, NOTHING);
    tag = builder.dataTable(`${name}: entries`, tableAxes, [place, placedBy(table.value, tableLabels)]);
    state.entryTables.set(operator.table, { reading: table, tag });
  }

  const { shape } = program.tensors[operator.table]!;
  const sizeBehind = (axis: number): number => numCells(shape.slice(axis + 1));
  let wanted: Expression = scaleExpression(placedBy(index.value, order), residue(sizeBehind(batchAxes)));
  const addIndex = (label: number, stride: number): void => {
    if (lengthOf(result, label) === 1) return;
    wanted = addExpressions(wanted, indexAlong(order.indexOf(label), stride));
  };
  if (!isShared) addIndex(BATCH, sizeBehind(-1));
  for (let axis = 0; axis < batchAxes; axis++) {
    let stride = sizeBehind(axis - 1);
    for (const label of index.groups[axis]!) {
      stride /= lengthOf(index, label);
      addIndex(label, stride);
    }
  }
  for (const [fresh, label] of standsFor) {
    const behind = tableAxes.slice(tableLabels.indexOf(label) + 1);
    addIndex(fresh, numCells(behind));
  }
  builder.lookUp(`${name}: chosen entries`, axes, tag, [wanted, y]);
  return state.resultReading(id, result);
}
