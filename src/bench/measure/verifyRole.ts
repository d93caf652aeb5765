/** The process that verifies: it knows the key and the proofs alone, as any verifier. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BackendVerdict, ProofBackend } from "../../backends/proofBackend.ts";
import { loadBackend } from "../../backends/registry.ts";
import { guardError } from "./guardError.ts";
import {
  EXPECTED_FILE,
  type Expected,
  type Job,
  proofFile,
  VERIFICATION_KEY_FILE,
  type VerifyAnswer,
} from "./job.ts";
import { peakBytes } from "./peakBytes.ts";
import { stopwatch } from "./stopwatch.ts";

/** Where a proof is changed, as shares of its length. */
const TAMPERED_AT = [0.25, 0.5, 0.75];

/** @returns the bits of security that its statement claims; null for a proof of another arithmetic */
function requireAccepted(
  verdict: BackendVerdict,
  index: number,
  { outputs, reals }: Expected,
): number | null {
  if (!verdict.ok) {
    const { code, where } = verdict.error;
    throw guardError("proofRefused", `proof ${index} is refused: ${code} (${where})`);
  }
  const { statement } = verdict;
  if (statement === null) {
    const isShown =
      reals !== null && "outputs" in verdict && `${reals.join(";")}` === `${verdict.outputs.join(";")}`;
    if (!isShown) throw guardError("wrongStatement", `proof ${index} shows other outputs than its run had`);
    return null;
  }
  const isStated = (values: readonly number[], i: number): boolean =>
    `${statement.outputs[i]?.values ?? ""}` === `${values}`;
  if (outputs !== null && !(statement.outputs.length === outputs.length && outputs.every(isStated)))
    throw guardError("wrongStatement", `proof ${index} states other outputs than those of the program`);
  return statement.securityBits;
}

async function requireRefused(
  backend: ProofBackend,
  proof: Uint8Array,
  key: Uint8Array,
  share: number,
): Promise<void> {
  const changed = proof.slice();
  const at = Math.floor(share * changed.length);
  changed[at] ^= 1;
  const verdict = await backend.verify(changed, key);
  if (verdict.ok)
    throw guardError("tamperedAccepted", `a proof with one bit of byte ${at} changed is accepted`);
}

export async function verifyRole(job: Job, onStep: (step: string) => void): Promise<VerifyAnswer> {
  const file = (name: string): Uint8Array => new Uint8Array(readFileSync(join(job.folder, name)));
  onStep("load");
  const backend = await loadBackend(job.backend, { threads: job.settings.threads });
  const expected: Expected = JSON.parse(new TextDecoder().decode(file(EXPECTED_FILE)));
  const key = file(VERIFICATION_KEY_FILE);
  const verifyMs: number[] = [];
  const verifyCpuMs: number[] = [];
  let securityBits = 0;
  for (let index = 0; index < expected.proofs; index++) {
    onStep(`verify (${index + 1} of ${expected.proofs})`);
    const proof = file(proofFile(index));
    const timed = stopwatch();
    const verdict = await backend.verify(proof, key);
    const { ms, cpuMs } = timed();
    verifyMs.push(ms);
    verifyCpuMs.push(cpuMs);
    securityBits = requireAccepted(verdict, index, expected) ?? backend.capabilities.securityBits;
  }
  const peak = peakBytes();
  onStep("verify tampered proofs");
  const proof = file(proofFile(0));
  for (const share of TAMPERED_AT) await requireRefused(backend, proof, key, share);
  await backend.dispose();
  return {
    role: "verify",
    ...{ verifyMs, verifyCpuMs, securityBits },
    proofsVerified: expected.proofs,
    tamperedRefused: TAMPERED_AT.length,
    peakBytes: peak,
  };
}
