/** Everything that a run adds to a plan: the values of all plan tensors, accumulators and lookup columns. */
import { realCells, totalBits } from "../../claims/axes.ts";
import { type LookupSection, layerAxes } from "../../claims/plan.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { forEachRealRun } from "../../lookup/realRuns.ts";
import type { ProgramRun } from "../../program/interpreter.ts";
import type { ConstantId, Program } from "../../program/program.ts";
import type { AnnotatedPlan, Origin, TableAddress } from "../planBuilder.ts";
import { type ColumnSources, expressionColumn } from "./expressionColumns.ts";
import { type PaddedTensor, storeTensor } from "./paddedTensors.ts";
import { accumulatorValues, type PieceMemo, programValues } from "./programValues.ts";
import { rowFinder } from "./tableRows.ts";

export interface Witness extends ColumnSources {
  /** Pointers to the columns of a section, over its virtual cells. */
  columns(section: LookupSection): readonly number[];
}

/** `constants`: those that kernel memory holds already over these axes. */
export function buildWitness(
  kernels: KernelSet,
  annotated: AnnotatedPlan,
  program: Program,
  run: ProgramRun,
  constants?: (id: ConstantId, axes: readonly number[]) => PaddedTensor | undefined,
): Witness {
  const { plan, origins, addresses } = annotated;
  const tensors: PaddedTensor[] = [];
  const layers = plan.layers.map((layer, id) =>
    storeTensor(kernels, layerAxes(layer), accumulatorValues(run, annotated.accumulators[id])),
  );
  const sources: ColumnSources = { tensor: (id) => tensors[id], layer: (id) => layers[id] };

  const memo: PieceMemo = { last: null };
  plan.tensors.forEach(({ axes }, id) => {
    const origin = origins[id];
    const known = origin.kind === "constant" ? constants?.(origin.constant, axes) : undefined;
    if (known !== undefined) {
      tensors[id] = known;
      return;
    }
    const values = programValues(program, run, origin, memo);
    if (values !== null) tensors[id] = storeTensor(kernels, axes, values);
    // A limb is cut from tensors that stand before it; multiplicities follow once all columns are known.
    else if (origin.kind === "limb") {
      const whole = expressionColumn(kernels, sources, axes, origin.expression);
      tensors[id] = lowBits(kernels, whole, axes, origin.bits);
    }
  });

  const columns = new Map<LookupSection, readonly number[]>();
  for (const section of plan.sections) {
    columns.set(
      section,
      section.columns.map((column) => expressionColumn(kernels, sources, section.axes, column)),
    );
  }
  for (const [tag, address] of addresses) {
    const counts = new Int32Array(address.numRows);
    for (const looked of plan.sections) {
      if (looked.tag === tag && looked.multiplicity === null) {
        countRows(kernels, looked, columns.get(looked) as readonly number[], address, counts);
      }
    }
    for (const { tag: own, axes, multiplicity } of plan.sections) {
      if (own !== tag || multiplicity === null) continue;
      const { from } = origins[multiplicity] as Extract<Origin, { kind: "multiplicity" }>;
      tensors[multiplicity] = storeTensor(kernels, axes, counts.subarray(from, from + realCells(axes)));
    }
  }
  return { ...sources, columns: (section) => columns.get(section) as readonly number[] };
}

function lowBits(kernels: KernelSet, source: number, axes: readonly number[], bits: number): PaddedTensor {
  const ptr = kernels.alloc(2 ** totalBits(axes));
  const { words } = kernels;
  const mask = 2 ** bits - 1;
  forEachRealRun(axes, (from, to) => {
    for (let i = from; i < to; i++) words[ptr / 4 + i] = words[source / 4 + i] & mask;
  });
  return { ptr, axes };
}

/** Cells whose rows are found before they are counted. */
const ROWS_AT_ONCE = 1024;

function countRows(
  kernels: KernelSet,
  section: LookupSection,
  columns: readonly number[],
  address: TableAddress,
  counts: Int32Array,
): void {
  const { words } = kernels;
  const find = rowFinder(words, columns, address);
  const rows = new Int32Array(ROWS_AT_ONCE);
  forEachRealRun(section.axes, (begin, end) => {
    for (let from = begin; from < end; from += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, end - from);
      find(from, from + count, rows);
      for (let i = 0; i < count; i++) {
        const row = rows[i];
        // A value outside its table is a bug of the compiler or interpreter: no proof of it could verify.
        if (row < 0 || row >= address.numRows) {
          const cell = `cell ${from + i} of [${section.axes}]`;
          throw new Error(`internal: "${section.name}" ${cell} is not in its table`);
        }
        counts[row]++;
      }
    }
  });
}
