/** Both verifiers agree about certificates of weights and of data, honest and changed, and about proofs in later epochs. */
import { describe, expect, it } from "vitest";
import { commitInputs, renewData } from "../../src/engine/epoch/prover/commitData.ts";
import { type Renewal, renewWeights } from "../../src/engine/epoch/prover/renewWeights.ts";
import { NativeProver } from "../../src/engine/prover/nativeProver.ts";
import { setup } from "../../src/engine/prover/setup.ts";
import { seededIntegers } from "../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../src/engine/testing/memorySlotCounter.ts";
import { readVerificationKey } from "../../src/engine/verificationKey.ts";
import {
  checkDataCertificate as checkDataFirst,
  checkVerificationKey,
  verifyWithKey,
  withEpochs as withEpochsFirst,
} from "../../src/verify.ts";
import { changedFiles, compare, HEAVY, type Outcomes, outcome, TIMEOUT } from "./agreement.ts";
import { hex } from "./bytes.ts";
import { checkDataCertificate, withEpochs } from "./certificates.ts";
import { kernels, smallDense } from "./suite.ts";
import { Transcript } from "./transcript.ts";
import { vectorFile, vectors } from "./vectors.ts";
import { verdictOf } from "./verdict.ts";
import { checkKey, checkProof } from "./verify.ts";

const { provingKey, verificationKey } = setup(kernels, smallDense(), {
  weights: "hidden",
  proofs: 2,
  batch: 1,
});
const renew = (parent: Renewal["provingKey"]): Renewal =>
  renewWeights(kernels, parent, new MemorySlotCounter());
const first = renew(provingKey);
const second = renew(first.provingKey);
const third = renew(second.provingKey);
const sibling = renew(provingKey);
const CHAIN = [first, second, third].map(({ certificate }) => certificate);

const ofFirst = checkVerificationKey(verificationKey);
if (!ofFirst.ok) throw new Error(ofFirst.error.code);
const key = ofFirst.key;
const ofSecond = checkKey(verificationKey);

const judge = (...files: readonly Uint8Array[]): Outcomes => ({
  first: outcome(withEpochsFirst(key, files)),
  second: outcome(verdictOf(() => withEpochs(ofSecond, files))),
});

/** Verdicts on a proof of this epoch by verifiers that know these certificates. */
function judgeProof(
  { provingKey: epoch }: { provingKey: Renewal["provingKey"] },
  known: Uint8Array[],
): Outcomes {
  const prover = new NativeProver(kernels, epoch, new MemorySlotCounter());
  const visibilities = { input: "private", weights: "private", output: "public" } as const;
  const { proof } = prover.prove({ inputs: [seededIntegers(1, 9, 0, 255)], batch: 1, visibilities });
  const knowing = withEpochsFirst(key, known);
  if (!knowing.ok) throw new Error(knowing.error.code);
  return {
    first: outcome(verifyWithKey(proof, knowing.key)),
    second: outcome(verdictOf(() => checkProof(proof, withEpochs(ofSecond, known)))),
  };
}

const alike = (code: string): Outcomes => ({ first: code, second: code });

describe("the certificate of the vectors", () => {
  const listed = vectors("certificate-dense");
  const certificate = vectorFile("dense.tpec");
  const ofVectors = checkKey(vectorFile("dense.tpvk"));

  it("introduces the epoch that is listed", () => {
    const { epochs } = withEpochs(ofVectors, [certificate]);
    expect([...epochs].map(([digest, { root, depth }]) => ({ digest, root: hex(root), depth }))).toEqual([
      { digest: listed.digest, root: listed.root, depth: listed.depth },
    ]);
  });

  it("absorbs and draws what is listed, in that order", () => {
    const labels = spiedLabels(() => withEpochs(ofVectors, [certificate]));
    expect(labels).toEqual(listed.steps.map(({ label }: { label: string }) => label));
  });
});

/** Labels of all messages and challenges of the reference verifier's transcript. */
function spiedLabels(run: () => void): string[] {
  const labels: string[] = [];
  const { absorbBytes, absorbExts, absorbWords, challengeBytes, challengeExt } = Transcript.prototype;
  let drawing = false;
  Object.assign(Transcript.prototype, {
    absorbBytes(this: Transcript, label: string, bytes: Uint8Array): void {
      labels.push(label);
      absorbBytes.call(this, label, bytes);
    },
    absorbExts(this: Transcript, label: string, values: Parameters<typeof absorbExts>[1]): void {
      labels.push(label);
      absorbExts.call(this, label, values);
    },
    absorbWords(this: Transcript, label: string, words: readonly bigint[]): void {
      labels.push(label);
      absorbWords.call(this, label, words);
    },
    challengeBytes(this: Transcript, label: string, count: number): Uint8Array {
      if (!drawing) labels.push(label);
      return challengeBytes.call(this, label, count);
    },
    challengeExt(this: Transcript, label: string): ReturnType<typeof challengeExt> {
      labels.push(label);
      drawing = true;
      const value = challengeExt.call(this, label);
      drawing = false;
      return value;
    },
  });
  try {
    run();
  } finally {
    Object.assign(Transcript.prototype, {
      absorbBytes,
      absorbExts,
      absorbWords,
      challengeBytes,
      challengeExt,
    });
  }
  return labels;
}

describe("certificates of weights", () => {
  it("are accepted in any order if the chain is whole", { timeout: TIMEOUT }, () => {
    expect(judge(...CHAIN)).toEqual(alike("accepted"));
    expect(judge(...[...CHAIN].reverse(), sibling.certificate)).toEqual(alike("accepted"));
    expect(judge(CHAIN[0]!, CHAIN[0]!)).toEqual(alike("accepted"));
    expect(judge(CHAIN[1]!)).toEqual(alike("certificate.parent"));
    expect(judge(CHAIN[2]!, CHAIN[0]!)).toEqual(alike("certificate.parent"));
  });

  it("make proofs of their epochs acceptable, and no others", { timeout: TIMEOUT }, () => {
    expect(judgeProof({ provingKey }, CHAIN)).toEqual(alike("accepted"));
    expect(judgeProof(third, CHAIN)).toEqual(alike("accepted"));
    expect(judgeProof(third, CHAIN.slice(0, 2))).toEqual(alike("statement.epoch"));
    expect(judgeProof(sibling, CHAIN)).toEqual(alike("statement.epoch"));
  });

  it("are refused alike when changed", { timeout: TIMEOUT }, () => {
    const file = CHAIN[0]!;
    const files = changedFiles(file, HEAVY ? 1000 : 20, HEAVY, () => withEpochs(ofSecond, [file]));
    const { disagreements, outcomes } = compare(files, (bytes) => judge(bytes));
    expect(disagreements).toEqual([]);
    expect(outcomes.accepted).toBeUndefined();
    expect(Object.keys(outcomes).length).toBeGreaterThan(5);
  });
});

describe("certificates of data", () => {
  const data = commitInputs(kernels, readVerificationKey(verificationKey), [seededIntegers(1, 9, 0, 255)], 1);
  const { certificate } = renewData(kernels, verificationKey, data, new MemorySlotCounter());
  const judgeData = (bytes: Uint8Array): Outcomes => ({
    first: outcome(checkDataFirst(bytes, key)),
    second: outcome(verdictOf(() => checkDataCertificate(bytes, ofSecond))),
  });

  it("are accepted as such, and as no others", () => {
    expect(judgeData(certificate)).toEqual(alike("accepted"));
    expect(judge(certificate)).toEqual(alike("certificate.kind"));
    expect(judgeData(CHAIN[0]!)).toEqual(alike("certificate.kind"));
  });

  it("are refused alike when changed", { timeout: TIMEOUT }, () => {
    const files = changedFiles(certificate, HEAVY ? 1000 : 20, HEAVY, () =>
      checkDataCertificate(certificate, ofSecond),
    );
    const { disagreements, outcomes } = compare(files, judgeData);
    expect(disagreements).toEqual([]);
    expect(outcomes.accepted).toBeUndefined();
  });
});
