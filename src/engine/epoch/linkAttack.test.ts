/** Two proofs with one root and two meanings: what a review found that a link did not notice. */
import { describe, expect, it } from "vitest";
import { circleEncode } from "../../code/circle.ts";
import { nullSpace } from "../../commitment/testing/linearAlgebra.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import type { Program } from "../../program/program.ts";
import { ProgramDraft } from "../../program/testing/programDraft.ts";
import { NativeProver, type ProveResult } from "../prover/nativeProver.ts";
import { setup } from "../prover/setup.ts";
import { denseProgram } from "../testing/denseProgram.ts";
import { MemorySlotCounter } from "../testing/memorySlotCounter.ts";
import type { CheckedKey } from "../verifier/checkedKey.ts";
import { checkVerificationKey, verifyWithKey } from "../verifier/verify.ts";
import type { DataCommitment } from "./dataCommitment.ts";
import { checkLink, type LinkEnd } from "./verifier/checkLink.ts";

const kernels = createKernels({ threads: 1 });
const BYTE = { lo: -128, hi: 127 };
const clamp = { kind: "clamp", lo: -128, hi: 127 } as const;
const identity = { kind: "requantise", shift: 0, rounding: "half-up" } as const;

interface Model {
  readonly checked: CheckedKey;
  readonly prover: NativeProver;
}

function model(program: Program): Model {
  const { provingKey } = setup(kernels, program, { weights: "public", proofs: 1, batch: 1 });
  const verdict = checkVerificationKey(provingKey.verificationKey);
  if (!verdict.ok) throw new Error(verdict.error.code);
  return { checked: verdict.key, prover: new NativeProver(kernels, provingKey, null) };
}

function end({ checked }: Model, { proof }: ProveResult, side: "input" | "output"): LinkEnd {
  const verdict = verifyWithKey(proof, checked);
  if (!verdict.ok) throw new Error(`${verdict.error.code}: ${verdict.error.where}`);
  return { statement: verdict.statement, key: checked, side };
}

/** Two stored results, listed as outputs in this order. */
function twoOutputs(order: readonly [0 | 1, 0 | 1]): Program {
  const draft = new ProgramDraft();
  const input = draft.input([4], BYTE);
  const f = { domain: BYTE, map: clamp };
  const first = draft.add({ ...identity, input, function: f });
  const negated = draft.add({ kind: "combine", inputs: [input], factors: [-1], offset: 0 });
  const wide = { domain: { lo: -128, hi: 255 }, map: clamp };
  const second = draft.add({ ...identity, input: negated, function: wide });
  const made = [first, second];
  return { ...draft.program(), outputs: order.map((i) => made[i]) };
}

/** The first input minus twice the second. */
function twoInputs(): Program {
  const draft = new ProgramDraft();
  const inputs = [draft.input([4], BYTE), draft.input([4], BYTE)];
  draft.add({ kind: "combine", inputs, factors: [1, -2], offset: 0 });
  return draft.program();
}

describe("outputs that a program lists in another order than it computes them", () => {
  const committed = { input: "private", weights: "public", output: "committed" } as const;
  const reading = { input: "committed", weights: "public", output: "public" } as const;
  const x = Int32Array.of(1, 2, 3, 4);
  const reader = model(twoInputs());
  const linked = (order: readonly [0 | 1, 0 | 1]) => {
    const maker = model(twoOutputs(order));
    const produced = maker.prover.prove({ inputs: [x], batch: 1, visibilities: committed });
    const commitment = produced.committed.output as DataCommitment;
    const inputs = commitment.tensors.map(({ values }) => values);
    const inputCommitment = { commitment, slots: new MemorySlotCounter() };
    const consumed = reader.prover.prove({ inputs, batch: 1, visibilities: reading, inputCommitment });
    return {
      verdict: checkLink(end(maker, produced, "output"), end(reader, consumed, "input")),
      outputs: produced.run.outputs.map((values) => [...values]),
      inputs: inputs.map((values) => [...values]),
    };
  };

  it("are linked to inputs in the order in which they stand", () => {
    const { verdict, outputs, inputs } = linked([0, 1]);
    expect(inputs).toEqual(outputs);
    expect(verdict).toEqual({ ok: true });
  });

  it("are no inputs in the order in which they are listed", () => {
    const { verdict, outputs, inputs } = linked([1, 0]);
    // The second verifier's user would take the first input for the first output.
    expect(inputs).toEqual([...outputs].reverse());
    expect(verdict).toMatchObject({ ok: false, error: { code: "link.layout" } });
  });
});

describe("a root under two codes", () => {
  it("can be nearer than half the distance to two codewords with different data", () => {
    const [logLength, cells] = [5, 8];
    const [short, long] = [cells + 1, cells + 7];
    const length = 2 ** logLength;
    // A codeword of the longer code that is zero at one position fewer than it has coefficients.
    const basis = Array.from({ length: long }, (_, j) =>
      circleEncode(
        Uint32Array.from({ length: long }, (_, i) => (i === j ? 1 : 0)),
        logLength,
      ),
    );
    const zeros = Array.from({ length: long - 1 }, (_, position) =>
      Uint32Array.from(basis, (word) => word[position]),
    );
    const [other] = nullSpace(zeros, long);
    const codeword = circleEncode(other, logLength);
    const apart = [...codeword.keys()].filter((i) => codeword[i] !== 0);
    const [fromZero, fromOther] = [short, long].map((dimension) => Math.floor((length - dimension) / 2));
    // The word that is 0, a codeword of the shorter code, but for as many symbols as its radius allows.
    const word = codeword.map((value, i) => (apart.indexOf(i) < fromZero ? value : 0));
    const distance = (a: Uint32Array): number => a.filter((value, i) => value !== word[i]).length;
    expect(other.subarray(0, cells).some((value) => value !== 0)).toBe(true);
    expect(distance(new Uint32Array(length))).toBeLessThanOrEqual(fromZero);
    expect(distance(codeword)).toBeLessThanOrEqual(fromOther);
  });

  it("links nothing unless both keys' queries suffice for the longer code", () => {
    const reader = model(denseProgram({ input: 9, hidden: 5, output: 3 }));
    const proof = reader.prover.prove({
      inputs: [new Int32Array(9)],
      batch: 1,
      visibilities: { input: "committed", weights: "public", output: "public" },
    });
    const a = end(reader, proof, "input");
    const under = (change: object): LinkEnd => {
      const key = { ...a.key.key, parameters: { ...a.key.key.parameters, ...change } };
      return { ...a, key: { ...a.key, key } };
    };
    const refused = { ok: false, error: { code: "link.parameters" } };
    const { queries, dataUses, logLength } = a.key.key.parameters;
    expect(checkLink(a, under({}))).toEqual({ ok: true });
    // Rows of more uniform cells: a longer code, for which the other key's queries are too few.
    expect(checkLink(a, under({ weightUses: dataUses + 1 }))).toMatchObject(refused);
    expect(checkLink(under({ weightUses: dataUses + 1 }), a)).toMatchObject(refused);
    // With enough queries under both it may be longer.
    const more = { queries: 2 * queries };
    expect(checkLink(under({ ...more, weightUses: dataUses + 1 }), under(more))).toEqual({ ok: true });
    expect(checkLink(a, under({ logLength: logLength + 1 }))).toMatchObject(refused);
  });
});
