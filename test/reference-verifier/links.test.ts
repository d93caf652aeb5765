/** Both verifiers agree on which statements speak about the same hidden values. */
import { expect, it } from "vitest";
import { renewData } from "../../src/engine/epoch/prover/commitData.ts";
import { NativeProver } from "../../src/engine/prover/nativeProver.ts";
import { setup } from "../../src/engine/prover/setup.ts";
import { denseProgram, firstLayer, seededIntegers } from "../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../src/engine/testing/memorySlotCounter.ts";
import type { Program } from "../../src/program/program.ts";
import * as firstVerifier from "../../src/verify.ts";
import { type Outcomes, outcome, TIMEOUT } from "./agreement.ts";
import { Reader } from "./bytes.ts";
import { checkDataCertificate } from "./certificates.ts";
import type { CheckedKey } from "./checkedKey.ts";
import { checkLink, type DataLink } from "./links.ts";
import { readStatement } from "./statement.ts";
import { kernels } from "./suite.ts";
import { verdictOf } from "./verdict.ts";
import { checkKey } from "./verify.ts";

type Side = "input" | "output";

interface Model {
  readonly keyBytes: Uint8Array;
  readonly prover: NativeProver;
  readonly first: firstVerifier.CheckedKey;
  readonly second: CheckedKey;
}

function model(program: Program): Model {
  const { provingKey, verificationKey } = setup(kernels, program, {
    weights: "hidden",
    proofs: 12,
    batch: 1,
  });
  const verdict = firstVerifier.checkVerificationKey(verificationKey);
  if (!verdict.ok) throw new Error(verdict.error.code);
  const prover = new NativeProver(kernels, provingKey, new MemorySlotCounter());
  return { keyBytes: verificationKey, prover, first: verdict.key, second: checkKey(verificationKey) };
}

/** A side of an accepted proof, as each of the verifiers reads it. */
function end(of: Model, proof: Uint8Array, side: Side) {
  const verdict = firstVerifier.verifyWithKey(proof, of.first);
  if (!verdict.ok) throw new Error(verdict.error.code);
  const reader = new Reader(proof, "proof");
  reader.take(7, "magic, version, backend");
  const statement = readStatement(reader.take(reader.u32("length"), "statement"));
  return {
    first: { statement: verdict.statement, key: of.first, side },
    second: { statement, key: of.second, side },
  };
}

type End = ReturnType<typeof end>;

it("links", { timeout: TIMEOUT }, () => {
  const producer = model(firstLayer({ input: 9, hidden: 12, output: 4 }));
  const consumer = model(denseProgram({ input: 12, hidden: 6, output: 5, seed: 3 }));
  const visibilities = { input: "committed", weights: "private", output: "committed" } as const;
  const x = [seededIntegers(7, 9, 0, 255)];
  const produced = producer.prover.prove({ inputs: x, batch: 1, visibilities });
  const shared = produced.committed.output!;
  const inputs = shared.tensors.map(({ values }) => values);
  const renewed = renewData(kernels, consumer.keyBytes, shared, new MemorySlotCounter());
  const read = (commitment: typeof shared): Uint8Array => {
    const inputCommitment = { commitment, slots: new MemorySlotCounter() };
    const request = {
      inputs,
      batch: 1,
      visibilities: { ...visibilities, output: "public" },
      inputCommitment,
    };
    return consumer.prover.prove(request as Parameters<NativeProver["prove"]>[0]).proof;
  };
  const ends: Record<string, End> = {
    "input of the producer": end(producer, produced.proof, "input"),
    "output of the producer": end(producer, produced.proof, "output"),
    "input of the consumer": end(consumer, read(shared), "input"),
    "public output of the consumer": end(consumer, read(shared), "output"),
    "input after a renewal": end(consumer, read(renewed.commitment), "input"),
    "input of its own": end(
      consumer,
      consumer.prover.prove({ inputs, batch: 1, visibilities }).proof,
      "input",
    ),
  };
  const verdict = firstVerifier.checkDataCertificate(renewed.certificate, consumer.first);
  if (!verdict.ok) throw new Error(verdict.error.code);
  const file = checkDataCertificate(renewed.certificate, consumer.second);
  if (file.subject.kind !== "data") throw new Error("a certificate of weights");
  const { parameters } = consumer.second.file;
  const link: DataLink = {
    parentRoot: file.parentRoot,
    root: file.root,
    axes: file.subject.axes,
    parameters,
  };

  const codes: Record<string, string> = {};
  for (const [name, from] of Object.entries(ends)) {
    for (const [otherName, to] of Object.entries(ends)) {
      for (const certified of [false, true]) {
        const found: Outcomes = {
          first: outcome(firstVerifier.checkLink(from.first, to.first, certified ? [verdict.data] : [])),
          second: outcome(verdictOf(() => checkLink(from.second, to.second, certified ? [link] : []))),
        };
        const where = `${name}, ${otherName}${certified ? ", certified" : ""}`;
        expect(found.second, where).toBe(found.first);
        codes[where] = found.first;
      }
    }
  }
  expect(codes["output of the producer, input of the consumer"]).toBe("accepted");
  expect(codes["output of the producer, input after a renewal"]).toBe("link.root");
  expect(codes["input after a renewal, output of the producer, certified"]).toBe("accepted");
  expect(codes["output of the producer, input of its own, certified"]).toBe("link.root");
  expect(new Set(Object.values(codes))).toEqual(
    new Set(["accepted", "link.root", "link.layout", "link.commitment"]),
  );
});
