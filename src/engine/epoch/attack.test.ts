/**
 * Why there is a budget: an eavesdropper who holds the key and the proofs of a prover that does not count. What the
 * eavesdropper works with is what the verifier reads out of keys, proofs and certificates; nothing else.
 */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { hex } from "../../bytes/hex.ts";
import { forEachRealCell } from "../../claims/axes.ts";
import type { verifyTreeColumns } from "../../commitment/verifier.ts";
import { toSigned } from "../../field/m31.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import { planWeightRanges } from "../../relations/weightPlan.ts";
import { planLayout } from "../keyLayout.ts";
import { NativeProver } from "../prover/nativeProver.ts";
import { setup } from "../prover/setup.ts";
import { denseProgram, seededIntegers } from "../testing/denseProgram.ts";
import { MemorySlotCounter } from "../testing/memorySlotCounter.ts";
import { readVerificationKey } from "../verificationKey.ts";
import { checkVerificationKey, verifyWithKey } from "../verifier/verify.ts";
import { renewWeights } from "./prover/renewWeights.ts";
import { type AttackedRow, attackRow } from "./testing/columnAttack.ts";
import { checkCertificate } from "./verifier/checkCertificate.ts";

/** By root and position, the opened column. */
const seen = vi.hoisted(() => new Map<string, Map<number, Uint32Array>>());

vi.mock("../../commitment/verifier.ts", async (importOriginal) => {
  const original = await importOriginal<{ verifyTreeColumns: typeof verifyTreeColumns }>();
  const spy: typeof verifyTreeColumns = (layout, tree, root, pending, opened, sums) => {
    const columns = seen.get(hex(root)) ?? new Map<number, Uint32Array>();
    seen.set(hex(root), columns);
    pending.positions.forEach((position, i) => {
      columns.set(position, opened.columns.slice(i * tree.numRows, (i + 1) * tree.numRows));
    });
    original.verifyTreeColumns(layout, tree, root, pending, opened, sums);
  };
  return { ...original, verifyTreeColumns: spy };
});

const kernels = createKernels({ threads: 1 });
const program = denseProgram({ input: 20, hidden: 7, output: 5 });
const { provingKey } = setup(kernels, program, { weights: "hidden", proofs: 1, batch: 1 });
const { parameters, weights } = readVerificationKey(provingKey.verificationKey);
const root = weights.kind === "hidden" ? hex(weights.root) : "";

/** All constants of this small network share the first row of the commitment. */
function attackedRow(): AttackedRow {
  const { plan } = planWeightRanges(program);
  const { trees, tensorRow, tensorColumn } = planLayout(plan, parameters);
  const cells = program.constants.flatMap((_, id) => {
    const own: number[] = [];
    const column = tensorColumn.get(id) as number;
    forEachRealCell(plan.tensors[id].axes, (_, virtual) => own.push(column + virtual));
    expect(tensorRow.get(id)).toBe(0);
    return own;
  });
  expect(Math.max(...cells)).toBeLessThan(2 ** parameters.logColumns);
  const { logLength, logColumns } = parameters;
  return { logLength, logColumns, uniformCells: trees[0].randomCells, cells };
}

function openedColumns(): ReadonlyMap<number, Uint32Array> {
  return seen.get(root) ?? new Map();
}

function openedSymbols(): Map<number, number> {
  return new Map([...openedColumns()].map(([position, column]) => [position, column[0]]));
}

function watchKey(): Extract<ReturnType<typeof checkVerificationKey>, { ok: true }>["key"] {
  const verdict = checkVerificationKey(provingKey.verificationKey);
  if (!verdict.ok) throw new Error(verdict.error.code);
  return verdict.key;
}

function watchProof(checked: ReturnType<typeof watchKey>, seed: number): void {
  const visibilities = { input: "private", weights: "private", output: "public" } as const;
  // A counter that has forgotten everything.
  const { proof } = new NativeProver(kernels, provingKey, new MemorySlotCounter()).prove({
    inputs: [seededIntegers(seed, 20, 0, 255)],
    batch: 1,
    visibilities,
  });
  expect(verifyWithKey(proof, checked)).toMatchObject({ ok: true });
}

beforeEach(() => seen.clear());

describe("columns of committed weights", () => {
  it("say nothing within the budget, the range proof and all renewals included", () => {
    const checked = watchKey();
    watchProof(checked, 1);
    const slots = new MemorySlotCounter();
    for (let renewal = 0; renewal < 3; renewal++) {
      const { certificate } = renewWeights(kernels, provingKey, slots);
      expect(checkCertificate(certificate, checked)).toMatchObject({ ok: true });
    }
    const opened = openedColumns().size;
    // Distinct columns: fewer than five times Q, because some positions repeat.
    expect(opened).toBeGreaterThan(4 * parameters.queries * 0.8);
    const { rank, aboutWeights, weights: found } = attackRow(attackedRow(), openedSymbols());
    // As many equations as uniform cells in them can absorb: every weight row agrees with what was opened.
    expect({ rank, aboutWeights }).toEqual({ rank: opened, aboutWeights: 0 });
    expect(found.every((value) => value === null)).toBe(true);
  });

  it("give the weights away when the budget is ignored", () => {
    const checked = watchKey();
    const { uniformCells, cells } = attackedRow();
    let proofs = 0;
    while (openedColumns().size < uniformCells + cells.length) watchProof(checked, proofs++);
    expect(proofs).toBeGreaterThan(parameters.weightUses - 1);
    const { aboutWeights, weights: found } = attackRow(attackedRow(), openedSymbols());
    expect(aboutWeights).toBe(cells.length);
    expect(found.map((value) => (value === null ? null : toSigned(value)))).toEqual(
      program.constants.flatMap(({ data }) => [...data]),
    );
  });
});
