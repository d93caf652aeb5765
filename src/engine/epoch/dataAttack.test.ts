/**
 * An eavesdropper on one commitment to data: made by a proof under one key, read by proofs under another, renewed with a
 * certificate. Every one of them opens columns of the same rows; within the budget all of them together say nothing.
 */
import { expect, it, vi } from "vitest";
import { hex } from "../../bytes/hex.ts";
import { randomCells } from "../../commitment/parameters.ts";
import type { verifyTreeColumns } from "../../commitment/verifier.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import type { Program } from "../../program/program.ts";
import { NativeProver } from "../prover/nativeProver.ts";
import { setup } from "../prover/setup.ts";
import { denseProgram, firstLayer, seededIntegers } from "../testing/denseProgram.ts";
import { MemorySlotCounter } from "../testing/memorySlotCounter.ts";
import { checkVerificationKey, verifyWithKey } from "../verifier/verify.ts";
import { type DataCommitment, dataBudget } from "./dataCommitment.ts";
import { renewData } from "./prover/commitData.ts";
import { type AttackResult, attackRow } from "./testing/columnAttack.ts";
import { checkDataCertificate } from "./verifier/checkLink.ts";

/** By root and position, the first word of the opened column: the data are in the first row. */
const seen = vi.hoisted(() => new Map<string, Map<number, number>>());

vi.mock("../../commitment/verifier.ts", async (importOriginal) => {
  const original = await importOriginal<{ verifyTreeColumns: typeof verifyTreeColumns }>();
  const spy: typeof verifyTreeColumns = (layout, tree, root, pending, opened, sums) => {
    const symbols = seen.get(hex(root)) ?? new Map<number, number>();
    seen.set(hex(root), symbols);
    pending.positions.forEach((position, i) => {
      symbols.set(position, opened.columns[i * tree.numRows]);
    });
    original.verifyTreeColumns(layout, tree, root, pending, opened, sums);
  };
  return { ...original, verifyTreeColumns: spy };
});

const kernels = createKernels({ threads: 1 });
const LENGTH = 12;

function model(program: Program) {
  const { provingKey } = setup(kernels, program, { weights: "hidden", proofs: 12, batch: 1 });
  const verdict = checkVerificationKey(provingKey.verificationKey);
  if (!verdict.ok) throw new Error(verdict.error.code);
  return {
    provingKey,
    checked: verdict.key,
    prover: new NativeProver(kernels, provingKey, new MemorySlotCounter()),
  };
}

it("columns of data that two models and a certificate open say nothing within the budget, and all beyond it", () => {
  const first = model(firstLayer({ input: 9, hidden: LENGTH, output: 4 }));
  const second = model(denseProgram({ input: LENGTH, hidden: 6, output: 5, seed: 3 }));
  const made = first.prover.prove({
    inputs: [seededIntegers(7, 9, 0, 255)],
    batch: 1,
    visibilities: { input: "private", weights: "private", output: "committed" },
  });
  expect(verifyWithKey(made.proof, first.checked)).toMatchObject({ ok: true });
  const data = made.committed.output as DataCommitment;
  const { parameters } = second.checked.key;
  const columns = (): Map<number, number> => seen.get(hex(data.root)) ?? new Map();
  const attack = (): AttackResult => {
    const { logLength, logColumns } = parameters;
    const uniformCells = randomCells(parameters, parameters.dataUses);
    const cells = Array.from({ length: LENGTH }, (_, i) => i);
    return attackRow({ logLength, logColumns, uniformCells, cells }, columns());
  };
  const read = (): void => {
    const { proof } = second.prover.prove({
      inputs: [data.tensors[0].values],
      batch: 1,
      visibilities: { input: "committed", weights: "private", output: "public" },
      // A counter that has forgotten everything.
      inputCommitment: { commitment: data, slots: new MemorySlotCounter() },
    });
    expect(verifyWithKey(proof, second.checked)).toMatchObject({ ok: true });
  };
  for (let i = 0; i < dataBudget(data); i++) read();
  const { certificate } = renewData(
    kernels,
    second.provingKey.verificationKey,
    data,
    new MemorySlotCounter(),
  );
  expect(checkDataCertificate(certificate, second.checked)).toMatchObject({ ok: true });
  const opened = columns().size;
  expect(opened).toBeGreaterThan(0.8 * parameters.dataUses * parameters.queries);
  expect(attack()).toEqual({ rank: opened, aboutWeights: 0, weights: new Array(LENGTH).fill(null) });

  while (columns().size < randomCells(parameters, parameters.dataUses) + LENGTH) read();
  const { weights } = attack();
  expect(weights).toEqual([...data.tensors[0].values]);
});
