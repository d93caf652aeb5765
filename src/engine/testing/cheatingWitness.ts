/** The witness of a cheat: cells changed where told, and everything that follows from them. */
import { forEachRealCell, totalBits } from "../../claims/axes.ts";
import type { PlanTensorId } from "../../claims/plan.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { ProgramRun } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import type { AnnotatedPlan, Origin, TableAddress } from "../../relations/planBuilder.ts";
import { expressionColumn } from "../../relations/witness/expressionColumns.ts";
import { rowFinder } from "../../relations/witness/tableRows.ts";
import { buildWitness, type Witness } from "../../relations/witness/witness.ts";

/** Virtual cells of a plan tensor, found by name, in kernel memory. */
export type Cells = (name: string) => Uint32Array;

export interface CellChanges {
  /** Values before lookup columns are computed; the columns and multiplicities follow from them. */
  readonly cells?: (cells: Cells) => void;
  /** Values after lookup columns and multiplicities are computed. */
  readonly lateCells?: (cells: Cells) => void;
}

export function cheatingWitness(
  kernels: KernelSet,
  annotated: AnnotatedPlan,
  program: Program,
  run: ProgramRun,
  deviation: CellChanges,
): Witness {
  const { plan, addresses, origins } = annotated;
  const anywhere = new Map<number, TableAddress>();
  for (const [tag, address] of addresses) {
    if (address.kind === "affine")
      anywhere.set(tag, { ...address, factors: address.factors.map(() => 0), constant: 0 });
    else anywhere.set(tag, address);
  }
  const witness = buildWitness(kernels, { ...annotated, addresses: anywhere }, program, run);
  const cells = cellsOf(kernels, annotated, witness);
  deviation.cells?.(cells);
  cutLimbs(kernels, annotated, witness);
  const columns = new Map(
    plan.sections.map((section) => [
      section,
      section.columns.map((column) => expressionColumn(kernels, witness, section.axes, column)),
    ]),
  );
  for (const table of plan.sections) {
    if (table.multiplicity === null) continue;
    const address = addresses.get(table.tag) as TableAddress;
    const { numRows } = address;
    const counts = new Uint32Array(numRows);
    for (const section of plan.sections) {
      if (section.tag !== table.tag || section.multiplicity !== null) continue;
      const pointers = columns.get(section) as number[];
      const find = rowFinder(kernels.words, pointers, address);
      const rows = new Int32Array(1);
      forEachRealCell(section.axes, (_, virtual) => {
        find(virtual, virtual + 1, rows);
        const [row] = rows;
        counts[row < numRows ? row : 0]++;
      });
    }
    const target = witness.tensor(table.multiplicity).ptr / 4;
    const { from } = origins[table.multiplicity] as Extract<Origin, { kind: "multiplicity" }>;
    forEachRealCell(table.axes, (real, virtual) => {
      kernels.words[target + virtual] = counts[from + real];
    });
  }
  deviation.lateCells?.(cells);
  return { ...witness, columns: (section) => columns.get(section) as number[] };
}

/** Limbs of what the cells now hold. */
function cutLimbs(kernels: KernelSet, { plan, origins }: AnnotatedPlan, witness: Witness): void {
  plan.tensors.forEach(({ axes }, id) => {
    const origin = origins[id];
    if (origin.kind !== "limb") return;
    const source = expressionColumn(kernels, witness, axes, origin.expression) / 4;
    const target = witness.tensor(id).ptr / 4;
    forEachRealCell(axes, (_, virtual) => {
      kernels.words[target + virtual] = kernels.words[source + virtual] & (2 ** origin.bits - 1);
    });
  });
}

export function cellsOf(kernels: KernelSet, { plan }: AnnotatedPlan, witness: Witness): Cells {
  return (name) => {
    const id: PlanTensorId = plan.tensors.findIndex((tensor) => tensor.name === name);
    if (id < 0)
      throw new RangeError(`no tensor "${name}" among ${plan.tensors.map((t) => t.name).join(", ")}`);
    const { ptr, axes } = witness.tensor(id);
    const size = 2 ** totalBits(axes);
    return kernels.words.subarray(ptr / 4, ptr / 4 + size);
  };
}
