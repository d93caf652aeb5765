/** Certificates of epochs: chains of them, each changed in many places, and proofs in epochs that are known or not. */
import {
  MAX_EPOCH_DEPTH,
  openCertificate,
  writeCertificateHeader,
} from "../../../src/engine/epoch/certificate.ts";
import { renewWeights } from "../../../src/engine/epoch/prover/renewWeights.ts";
import { NativeProver } from "../../../src/engine/prover/nativeProver.ts";
import { setup } from "../../../src/engine/prover/setup.ts";
import type { ProvingKey } from "../../../src/engine/provingKey.ts";
import { denseProgram, seededIntegers } from "../../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../../src/engine/testing/memorySlotCounter.ts";
import { flipBit, withStatement } from "../../../src/engine/testing/proofEditing.ts";
import type { SuiteBuilder } from "../suiteBuilder.ts";

const REFUSED = /^[a-z]+\.[a-zA-Z]+$/;
const FLIPPED = 12;

export function epochCases(builder: SuiteBuilder): void {
  const { kernels } = builder;
  const program = denseProgram({ input: 8, hidden: 5, output: 4 });
  const { provingKey, verificationKey } = setup(kernels, program, { weights: "hidden", proofs: 2, batch: 1 });
  const prove = (key: ProvingKey): Uint8Array =>
    new NativeProver(kernels, key, new MemorySlotCounter()).prove({
      inputs: [seededIntegers(5, 8, 0, 255)],
      batch: 1,
      visibilities: { input: "private", weights: "private", output: "public" },
    }).proof;
  const certificates: Uint8Array[] = [];
  let newest = provingKey;
  for (let depth = 1; depth <= MAX_EPOCH_DEPTH; depth++) {
    const key = builder.addKey(`key with ${depth - 1} epochs`, verificationKey, [...certificates].reverse());
    const renewal = renewWeights(kernels, newest, new MemorySlotCounter());
    const { certificate } = renewal;
    builder.certificateCase(`certificate of depth ${depth}`, key, certificate, "accepted");
    builder.proofCase(
      `epoch ${depth} without its certificate`,
      key,
      prove(renewal.provingKey),
      "statement.epoch",
    );
    certificates.push(certificate);
    newest = renewal.provingKey;
  }
  const known = builder.addKey("key with all epochs", verificationKey, certificates);
  const proof = prove(newest);
  builder.proofCase("a proof in the last epoch", known, proof, "accepted");
  builder.proofCase("a proof in the key's own epoch", known, prove(provingKey), "accepted");
  const named = (field: "epochRoot" | "certificates"): Uint8Array =>
    withStatement(proof, (s) => {
      if (s.weightSlot === null) throw new Error("hidden weights have a slot");
      return { ...s, weightSlot: { ...s.weightSlot, [field]: new Uint8Array(32) } };
    });
  builder.proofCase("another root than the certificate's", known, named("epochRoot"), "statement.epoch");
  builder.proofCase("another certificate than the root's", known, named("certificates"), "statement.epoch");
  editedCertificates(builder, known, certificates[0], certificates[MAX_EPOCH_DEPTH - 1]);
}

function editedCertificates(builder: SuiteBuilder, key: number, first: Uint8Array, last: Uint8Array): void {
  for (let i = 0; i <= FLIPPED; i++) {
    const at = Math.round(((first.length - 1) * i) / FLIPPED);
    builder.certificateCase(`certificate: byte ${at}`, key, flipBit(first, at, i % 8), REFUSED);
    builder.certificateCase(`certificate: cut at ${at}`, key, first.subarray(0, at), REFUSED);
  }
  for (let at = 0; at < 4 + 2 + 1 + 4 * 32 + 2; at += 8) {
    builder.certificateCase(`certificate: header byte ${at}`, key, flipBit(first, at, at % 8), REFUSED);
  }
  const longer = Uint8Array.from([...first, 0]);
  builder.certificateCase("certificate: one byte more", key, longer, REFUSED);
  const { header, headerBytes } = openCertificate(first);
  const edit = (name: string, change: Partial<typeof header>): void => {
    const bytes = first.slice();
    bytes.set(writeCertificateHeader({ ...header, ...change }));
    builder.certificateCase(`certificate: ${name}`, key, bytes, REFUSED);
  };
  if (headerBytes.length !== 4 + 2 + 1 + 4 * 32 + 2) throw new Error("the header has another length");
  const deepest = openCertificate(last);
  const child = { ...header.subject, parentCertificate: deepest.digest };
  edit("child of the last epoch", { subject: child, parentRoot: deepest.header.root });
  edit("child of the last epoch with another root", { subject: child });
  edit("root of its parent", { root: header.parentRoot });
  for (const renewal of [1, 2, 3, 4, 65535]) edit(`renewal ${renewal}`, { renewal });
}
