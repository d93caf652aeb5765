import { describe, expect, it } from "vitest";
import { createKernels } from "../../kernels/createKernels.ts";
import type { Program } from "../../program/program.ts";
import { NativeProver, type ProveResult } from "../prover/nativeProver.ts";
import { setup } from "../prover/setup.ts";
import type { ProvingKey } from "../provingKey.ts";
import { denseProgram, firstLayer, seededIntegers } from "../testing/denseProgram.ts";
import { MemorySlotCounter } from "../testing/memorySlotCounter.ts";
import { withStatement } from "../testing/proofEditing.ts";
import { readVerificationKey } from "../verificationKey.ts";
import type { CheckedKey } from "../verifier/checkedKey.ts";
import { checkVerificationKey, verifyWithKey } from "../verifier/verify.ts";
import {
  type DataCommitment,
  dataBudget,
  readDataCommitment,
  writeDataCommitment,
} from "./dataCommitment.ts";
import { commitInputs, renewData } from "./prover/commitData.ts";
import { checkDataCertificate, checkLink, type LinkEnd } from "./verifier/checkLink.ts";

const kernels = createKernels({ threads: 1 });

interface Model {
  readonly provingKey: ProvingKey;
  readonly checked: CheckedKey;
  readonly prover: NativeProver;
}

function model(program: Program, proofs = 12): Model {
  const { provingKey } = setup(kernels, program, { weights: "hidden", proofs, batch: 1 });
  const verdict = checkVerificationKey(provingKey.verificationKey);
  if (!verdict.ok) throw new Error(verdict.error.code);
  return {
    provingKey,
    checked: verdict.key,
    prover: new NativeProver(kernels, provingKey, new MemorySlotCounter()),
  };
}

const first = model(firstLayer({ input: 9, hidden: 12, output: 4 }));
const second = model(denseProgram({ input: 12, hidden: 6, output: 5, seed: 3 }));
const committed = { input: "committed", weights: "private", output: "committed" } as const;
const x = [seededIntegers(7, 9, 0, 255)];

function read(
  { prover }: Model,
  commitment: DataCommitment,
  slots = new MemorySlotCounter(),
  output: "public" | "committed" = "public",
): ProveResult {
  const inputs = commitment.tensors.map(({ values }) => values);
  const visibilities = { ...committed, output };
  return prover.prove({ inputs, batch: 1, visibilities, inputCommitment: { commitment, slots } });
}

function end({ checked }: Model, { proof }: ProveResult, side: "input" | "output"): LinkEnd {
  const verdict = verifyWithKey(proof, checked);
  if (!verdict.ok) throw new Error(`${verdict.error.code}: ${verdict.error.where}`);
  return { statement: verdict.statement, key: checked, side };
}

const produced = first.prover.prove({ inputs: x, batch: 1, visibilities: committed });
const output = produced.committed.output as DataCommitment;

describe("two models and one hidden tensor between them", () => {
  it("are linked by its root", () => {
    const consumed = read(second, output);
    const from = end(first, produced, "output");
    const to = end(second, consumed, "input");
    expect(from.statement.outputCommitment).toEqual(to.statement.inputCommitment);
    expect(checkLink(from, to)).toEqual({ ok: true });
    expect(consumed.statement.outputs[0].values).toEqual(consumed.run.outputs[0]);
  });

  it("are not linked by equal values alone", () => {
    const alone = second.prover.prove({
      inputs: [output.tensors[0].values],
      batch: 1,
      visibilities: committed,
    });
    const verdict = checkLink(end(first, produced, "output"), end(second, alone, "input"));
    expect(verdict).toMatchObject({ ok: false, error: { code: "link.root" } });
  });

  it("cannot be linked by a root put in later", () => {
    const alone = second.prover.prove({
      inputs: [new Int32Array(12).fill(5)],
      batch: 1,
      visibilities: committed,
    });
    const swapped = withStatement(alone.proof, (statement) => ({
      ...statement,
      inputCommitment: output.root,
    }));
    expect(verifyWithKey(swapped, second.checked)).toMatchObject({
      ok: false,
      // Where the vector is committed in its turn, the work before the queries is the first thing that fails.
      error: { code: expect.stringMatching(/^opening\.(evaluation|grind)$/) },
    });
    // Nor by a prover who claims the root from the start, with other values under it.
    const forged = { ...output, tensors: [{ ...output.tensors[0], values: new Int32Array(12).fill(5) }] };
    expect(() => read(second, forged)).toThrow(expect.objectContaining({ code: "commitment.mismatch" }));
  });

  it("are linked through a renewed commitment, with its certificate", () => {
    const slots = new MemorySlotCounter();
    const { commitment, certificate } = renewData(kernels, second.provingKey.verificationKey, output, slots);
    const from = end(first, produced, "output");
    const to = end(second, read(second, commitment), "input");
    expect(checkLink(from, to)).toMatchObject({ ok: false, error: { code: "link.root" } });
    const verdict = checkDataCertificate(certificate, second.checked);
    if (!verdict.ok) throw new Error(verdict.error.code);
    expect(checkLink(from, to, [verdict.data])).toEqual({ ok: true });
    const { parameters } = verdict.data;
    for (const other of [
      { axes: [[1, 13]] },
      { parameters: { ...parameters, logColumns: 4 } },
      { parameters: { ...parameters, logLength: parameters.logLength + 1 } },
      { parameters: { ...parameters, queries: parameters.queries - 1 } },
      { parameters: { ...parameters, weightUses: parameters.weightUses + 1 } },
      { root: new Uint8Array(32) },
    ]) {
      const certified = [{ ...verdict.data, ...other }];
      expect(checkLink(from, to, certified)).toMatchObject({ ok: false, error: { code: "link.root" } });
    }
    expect(() => renewData(kernels, second.provingKey.verificationKey, output, slots)).toThrow(
      expect.objectContaining({ code: "budget.renewals" }),
    );
  });
});

describe("committed inputs", () => {
  const commitment = commitInputs(kernels, readVerificationKey(first.provingKey.verificationKey), x, 1);

  it("are read by as many proofs as their uniform cells allow", () => {
    const slots = new MemorySlotCounter();
    const roots = Array.from({ length: dataBudget(commitment) }, () => {
      const result = read(first, commitment, slots);
      expect(verifyWithKey(result.proof, first.checked)).toMatchObject({ ok: true });
      return result.statement.inputCommitment;
    });
    expect(roots).toEqual([commitment.root, commitment.root, commitment.root]);
    expect(() => read(first, commitment, slots)).toThrow(
      expect.objectContaining({ code: "budget.exhausted" }),
    );
    // One use fewer where a proof or a certificate has opened them already.
    expect(dataBudget(output)).toBe(2);
  });

  it("link proofs of two models that read them", () => {
    const other = model(denseProgram({ input: 9, hidden: 5, output: 3, seed: 8 }));
    const [a, b] = [
      end(first, read(first, commitment), "input"),
      end(other, read(other, commitment), "input"),
    ];
    expect(checkLink(a, b)).toEqual({ ok: true });
  });

  it("survive as a file, and not with a byte changed", () => {
    const bytes = writeDataCommitment(commitment);
    expect(readDataCommitment(bytes)).toEqual(commitment);
    bytes[bytes.length - 50] ^= 1;
    expect(() => readDataCommitment(bytes)).toThrow(expect.objectContaining({ code: "commitment.checksum" }));
  });

  it("must lie in their range, and are committed wherever they are read", () => {
    const key = readVerificationKey(first.provingKey.verificationKey);
    const outside = [Int32Array.from(x[0], (value, i) => (i === 3 ? 256 : value))];
    expect(() => commitInputs(kernels, key, outside, 1)).toThrow(
      expect.objectContaining({ code: "input.range" }),
    );
    const visibilities = { ...committed, input: "private" } as const;
    const inputCommitment = { commitment, slots: new MemorySlotCounter() };
    expect(() => first.prover.prove({ inputs: x, batch: 1, visibilities, inputCommitment })).toThrow(
      expect.objectContaining({ code: "input.visibility" }),
    );
  });

  it("are refused by name where a key has other parameters or another layout", () => {
    const larger = model(denseProgram({ input: 9, hidden: 6, output: 4 }), 100);
    expect(() => read(larger, commitment)).toThrow(
      expect.objectContaining({
        code: "commitment.parameters",
        message: expect.stringContaining("setup --like"),
      }),
    );
    // The same twelve integers, as two samples of six.
    const pairs = model(denseProgram({ input: 6, hidden: 6, output: 4 }));
    const request = {
      inputs: [output.tensors[0].values],
      batch: 2,
      visibilities: committed,
      inputCommitment: { commitment: output, slots: new MemorySlotCounter() },
    };
    expect(() => pairs.prover.prove(request)).toThrow(
      expect.objectContaining({ code: "commitment.layout", message: expect.stringContaining("[1,12]") }),
    );
  });
});

describe("a link that lies", () => {
  const from = end(first, produced, "output");
  const to = end(second, read(second, output), "input");
  const values = (change: object): LinkEnd => ({
    ...to,
    statement: { ...to.statement, inputs: to.statement.inputs.map((value) => ({ ...value, ...change })) },
  });
  const rows = (key: CheckedKey): CheckedKey => ({
    ...key,
    key: { ...key.key, parameters: { ...key.key.parameters, logColumns: 4 } },
  });

  it.each([
    ["outputs that are not committed", "link.commitment", { ...to, side: "output" as const }],
    ["another scale", "link.scale", values({ quant: { scale: 0.5, zeroPoint: 0 } })],
    ["another zero point", "link.scale", values({ quant: { scale: 1, zeroPoint: 1 } })],
    ["tensors of another shape", "link.layout", end(first, produced, "input")],
    ["rows of another length", "link.parameters", { ...to, key: rows(to.key) }],
  ])("%s: %s", (_, code, other) => {
    expect(checkLink(from, other)).toMatchObject({ ok: false, error: { code } });
  });
});
