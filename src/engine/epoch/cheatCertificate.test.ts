import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createKernels } from "../../kernels/createKernels.ts";
import { NativeProver } from "../prover/nativeProver.ts";
import { setup } from "../prover/setup.ts";
import type { ProvingKey } from "../provingKey.ts";
import type { Statement } from "../statement.ts";
import { denseProgram, seededIntegers } from "../testing/denseProgram.ts";
import { MemorySlotCounter } from "../testing/memorySlotCounter.ts";
import { withStatement } from "../testing/proofEditing.ts";
import { readVerificationKey } from "../verificationKey.ts";
import type { CheckedKey } from "../verifier/checkedKey.ts";
import { checkVerificationKey, verifyWithKey } from "../verifier/verify.ts";
import { openCertificate, type WeightSubject } from "./certificate.ts";
import { commitInputs, renewData } from "./prover/commitData.ts";
import { type Renewal, renewWeights } from "./prover/renewWeights.ts";
import { cheatRenewal, type RenewalCheat } from "./testing/cheatingRenewal.ts";
import { checkCertificate, withEpochs } from "./verifier/checkCertificate.ts";
import { checkDataCertificate } from "./verifier/checkLink.ts";

const kernels = createKernels({ threads: 1 });
const BUDGET = 2;

function makeKey(seed: number): { provingKey: ProvingKey; checked: CheckedKey } {
  const own = denseProgram({ input: 11, hidden: 6, output: 4, seed });
  const { provingKey } = setup(kernels, own, { weights: "hidden", proofs: BUDGET, batch: 1 });
  const verdict = checkVerificationKey(provingKey.verificationKey);
  if (!verdict.ok) throw new Error(verdict.error.code);
  return { provingKey, checked: verdict.key };
}

const { provingKey, checked } = makeKey(1);
const other = makeKey(2);
const renew = (key: ProvingKey): Renewal => renewWeights(kernels, key, new MemorySlotCounter());
const first = renew(provingKey);
const sibling = renew(provingKey);
const third = renew(renew(first.provingKey).provingKey);

function know(...certificates: readonly Uint8Array[]): CheckedKey {
  const verdict = withEpochs(checked, certificates);
  if (!verdict.ok) throw new Error(verdict.error.code);
  return verdict.key;
}

const knowing = know(first.certificate, sibling.certificate);
const deep = know(...third.provingKey.certificates);

function subject(change: Partial<WeightSubject>): NonNullable<RenewalCheat["header"]> {
  return (header) => ({ ...header, subject: { ...header.subject, ...change } });
}

interface CertificateCheat {
  readonly name: string;
  readonly code: string;
  readonly key?: ProvingKey;
  readonly checked?: CheckedKey;
  readonly cheat: RenewalCheat;
}

const digestOf = ({ certificate }: Renewal): Uint8Array => openCertificate(certificate).digest;
const rootOf = ({ certificate }: Renewal): Uint8Array => openCertificate(certificate).header.root;

const CERTIFICATE_CHEATS: readonly CertificateCheat[] = [
  {
    name: "one weight differs in the new epoch",
    code: "opening.evaluation",
    cheat: {
      weights: ([w1]) => {
        w1[5] += w1[5] > 0 ? -1 : 1;
      },
    },
  },
  {
    name: "two weights exchanged in the new epoch",
    code: "opening.evaluation",
    cheat: {
      weights: ([, , w2]) => {
        [w2[0], w2[1]] = [w2[1] + (w2[0] === w2[1] ? 1 : 0), w2[0]];
      },
    },
  },
  {
    name: "a weight out of its range, which no range proof would accept",
    code: "opening.evaluation",
    cheat: {
      weights: ([w1]) => {
        w1[0] = 2 ** 30;
      },
    },
  },
  {
    name: "the renewed tree is another one than the header names",
    code: "opening.root",
    cheat: { header: (header) => ({ ...header, root: rootOf(sibling) }) },
  },
  {
    name: "the epoch's root exchanged after the proof was made",
    code: "opening.evaluation",
    cheat: { sent: (header) => ({ ...header, root: rootOf(sibling) }) },
  },
  {
    name: "the two roots exchanged",
    code: "certificate.parent",
    cheat: { sent: (header) => ({ ...header, root: header.parentRoot, parentRoot: header.root }) },
  },
  {
    name: "another parent's root",
    code: "certificate.parent",
    cheat: { header: (header) => ({ ...header, parentRoot: rootOf(sibling) }) },
  },
  {
    name: "a known epoch as parent, whose tree is another",
    code: "opening.root",
    checked: knowing,
    cheat: {
      header: (header) =>
        subject({ parentCertificate: digestOf(sibling) })({ ...header, parentRoot: rootOf(sibling) }),
    },
  },
  {
    name: "a parent that nobody certified",
    code: "certificate.parent",
    cheat: { header: subject({ parentCertificate: new Uint8Array(32).fill(1) }) },
  },
  {
    name: "the renewal number exchanged after the proof was made",
    code: "opening.evaluation",
    cheat: { sent: (header) => ({ ...header, renewal: 1 }) },
  },
  {
    name: "a renewal that no opening was reserved for",
    code: "certificate.renewal",
    cheat: { header: (header) => ({ ...header, renewal: 3 }) },
  },
  {
    name: "the parent itself as its renewal",
    code: "certificate.root",
    cheat: { seed: provingKey.seed },
  },
  {
    name: "a fourth certificate on three",
    code: "certificate.depth",
    key: third.provingKey,
    checked: deep,
    cheat: {},
  },
  {
    name: "the certificate of another model's epoch",
    code: "certificate.model",
    key: other.provingKey,
    cheat: {},
  },
  {
    name: "the certificate of another model, with this model's name",
    code: "opening.root",
    key: other.provingKey,
    cheat: {
      header: (header) =>
        subject({ modelIdentity: checked.identity })({
          ...header,
          parentRoot: openCertificate(first.certificate).header.parentRoot,
        }),
    },
  },
  {
    name: "parameters of too few bits",
    code: "certificate.security",
    checked: { ...checked, key: { ...checked.key, parameters: { ...checked.key.parameters, queries: 20 } } },
    cheat: {},
  },
];

describe("a certificate that lies in one place", () => {
  it("is believed while it does not lie", () => {
    const { certificate } = cheatRenewal(kernels, provingKey, {});
    expect(checkCertificate(certificate, checked)).toMatchObject({ ok: true, epoch: { depth: 1 } });
  });

  it.each(CERTIFICATE_CHEATS)("$name: $code", ({ cheat, key, checked: own, code }) => {
    const { certificate } = cheatRenewal(kernels, key ?? provingKey, cheat);
    expect(checkCertificate(certificate, own ?? checked)).toMatchObject({ ok: false, error: { code } });
    expect(withEpochs(own ?? checked, [certificate])).toMatchObject({ ok: false, error: { code } });
  });

  it("is about weights where it is given for an epoch, and about data where for a link", () => {
    const key = readVerificationKey(provingKey.verificationKey);
    const data = commitInputs(kernels, key, [seededIntegers(3, 11, 0, 255)], 1);
    const renewed = renewData(kernels, provingKey.verificationKey, data, new MemorySlotCounter());
    const refused = { ok: false, error: { code: "certificate.kind" } };
    expect(checkDataCertificate(renewed.certificate, checked)).toMatchObject({ ok: true });
    expect(checkCertificate(renewed.certificate, checked)).toMatchObject(refused);
    expect(withEpochs(checked, [renewed.certificate])).toMatchObject(refused);
    expect(checkDataCertificate(first.certificate, checked)).toMatchObject(refused);
    expect(checkDataCertificate(renewed.certificate, other.checked)).toMatchObject({
      ok: false,
      error: { code: "certificate.model" },
    });
    const few = { ...checked.key.parameters, queries: 20 };
    expect(
      checkDataCertificate(renewed.certificate, { ...checked, key: { ...checked.key, parameters: few } }),
    ).toMatchObject({ ok: false, error: { code: "certificate.security" } });
    const late = { takeRenewal: () => 1 };
    const second = renewData(kernels, provingKey.verificationKey, data, late);
    expect(checkDataCertificate(second.certificate, checked)).toMatchObject({
      ok: false,
      error: { code: "certificate.renewal" },
    });
    const at = renewed.certificate.length - 1;
    const changed = renewed.certificate.map((byte, i) => (i === at ? byte ^ 1 : byte));
    expect(checkDataCertificate(changed, checked)).toMatchObject({
      ok: false,
      error: { code: "opening.root" },
    });
  });

  it("is refused with a bit, byte or version too many, or too few", () => {
    const { certificate } = first;
    const refusal = (bytes: Uint8Array): unknown => checkCertificate(bytes, checked);
    const failed = (code: string) => ({ ok: false, error: { code } });
    expect(refusal(certificate.subarray(0, 3))).toMatchObject(failed("certificate.truncated"));
    expect(refusal(certificate.subarray(0, certificate.length - 1))).toMatchObject(
      failed("certificate.truncated"),
    );
    expect(refusal(Uint8Array.of(...certificate, 0))).toMatchObject(failed("certificate.notCanonical"));
    const with7 = (at: number): Uint8Array => certificate.map((byte, i) => (i === at ? 7 : byte));
    expect(refusal(with7(0))).toMatchObject(failed("certificate.notCanonical"));
    expect(refusal(with7(4))).toMatchObject(failed("certificate.version"));
    expect(refusal(with7(6))).toMatchObject(failed("certificate.notCanonical"));
    for (let at = 7; at < certificate.length; at += 997) {
      const changed = certificate.slice();
      changed[at] ^= 1;
      expect(refusal(changed), `byte ${at}`).toMatchObject({ ok: false });
    }
  });
});

interface EpochCheat {
  readonly name: string;
  readonly code: string;
  readonly edit: (statement: Statement) => Statement;
}

type Slot = NonNullable<Statement["weightSlot"]>;

function slot(change: (slot: Slot) => Partial<Slot>): EpochCheat["edit"] {
  return (statement) => ({
    ...statement,
    weightSlot: { ...(statement.weightSlot as Slot), ...change(statement.weightSlot as Slot) },
  });
}

const EPOCH_CHEATS: readonly EpochCheat[] = [
  { name: "a slot beyond the budget", code: "statement.slot", edit: slot(() => ({ slot: BUDGET })) },
  { name: "another slot", code: "opening.evaluation", edit: slot((own) => ({ slot: own.slot + 1 })) },
  {
    name: "another certified epoch",
    code: "opening.evaluation",
    edit: slot(() => ({ epochRoot: rootOf(sibling), certificates: digestOf(sibling) })),
  },
  {
    name: "another epoch than its certificate introduces",
    code: "statement.epoch",
    edit: slot(() => ({ epochRoot: rootOf(sibling) })),
  },
  {
    name: "the key's commitment in place of the epoch",
    code: "statement.epoch",
    edit: slot(() => ({ certificates: new Uint8Array(32) })),
  },
  {
    name: "an epoch that nobody certified",
    code: "statement.epoch",
    edit: slot(() => ({ certificates: new Uint8Array(32).fill(3) })),
  },
];

describe("a proof in an epoch that lies about it", () => {
  const prover = new NativeProver(kernels, first.provingKey, new MemorySlotCounter());
  const visibilities = { input: "private", weights: "private", output: "public" } as const;
  const { proof } = prover.prove({ inputs: [seededIntegers(3, 11, 0, 255)], batch: 1, visibilities });

  it("is believed while it does not lie", () => {
    expect(
      verifyWithKey(
        withStatement(proof, (statement) => statement),
        knowing,
      ),
    ).toMatchObject({ ok: true });
  });

  it.each(EPOCH_CHEATS)("$name: $code", ({ edit, code }) => {
    expect(verifyWithKey(withStatement(proof, edit), knowing)).toMatchObject({ ok: false, error: { code } });
  });

  it("is refused under another model, which does not know the epoch", () => {
    expect(verifyWithKey(proof, other.checked)).toMatchObject({
      ok: false,
      error: { code: "statement.model" },
    });
    const renamed = withStatement(proof, (statement) => ({
      ...statement,
      modelIdentity: other.checked.identity,
      programHash: other.checked.programHash,
    }));
    expect(verifyWithKey(renamed, other.checked)).toMatchObject({
      ok: false,
      error: { code: "statement.epoch" },
    });
    const forced = { ...other.checked, epochs: knowing.epochs };
    expect(verifyWithKey(renamed, forced)).toMatchObject({
      ok: false,
      error: { code: "opening.evaluation" },
    });
  });
});

describe("the tables of cheats", () => {
  it("have an entry for every check of certificates and epochs", () => {
    const source = readFileSync(new URL("./verifier/checkCertificate.ts", import.meta.url), "utf8");
    const codes = [...source.matchAll(/"((?:certificate|statement)\.\w+)"/g)].map((match) => match[1]);
    expect(new Set(codes)).toContain("certificate.depth");
    // The kind has a test of its own above.
    const attacked = new Set([
      "certificate.kind",
      ...[...CERTIFICATE_CHEATS, ...EPOCH_CHEATS].map(({ code }) => code),
    ]);
    expect(codes.filter((code) => !attacked.has(code))).toEqual([]);
  });
});
