/** The complete proof of the tiny dense program, with all that its verification says on the way. */
import { renewWeights } from "../../src/engine/epoch/prover/renewWeights.ts";
import { NativeProver } from "../../src/engine/prover/nativeProver.ts";
import { setup } from "../../src/engine/prover/setup.ts";
import { MemorySlotCounter } from "../../src/engine/testing/memorySlotCounter.ts";
import { checkVerificationKey, type Verdict, verifyWithKey } from "../../src/engine/verifier/verify.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { programStructure } from "../../src/program/programStructure.ts";
import { planInference } from "../../src/relations/inferencePlan.ts";
import { planWeightRanges } from "../../src/relations/weightPlan.ts";
import type { CertificateBytes } from "./certificateVector.ts";
import { dense } from "./planPrograms.ts";
import { hex, type Json } from "./planVectors.ts";
import { recorded, relationsJson } from "./proofTrace.ts";

export interface ProofBytes {
  readonly key: Uint8Array;
  readonly proof: Uint8Array;
}

/** New bytes every time: keys, proofs and certificates are randomised. */
export function freshProof(): ProofBytes & CertificateBytes {
  const kernels = createKernels({ threads: 1 });
  const program = dense();
  const { provingKey, verificationKey } = setup(kernels, program, { weights: "hidden", proofs: 1, batch: 1 });
  const slots = new MemorySlotCounter();
  const prover = new NativeProver(kernels, provingKey, slots);
  const visibilities = { input: "private", weights: "private", output: "public" } as const;
  const context = new TextEncoder().encode("specification");
  const { proof } = prover.prove({ inputs: [Int32Array.of(11, 6)], batch: 1, visibilities, context });
  const { certificate } = renewWeights(kernels, provingKey, slots);
  return { key: verificationKey, proof, certificate };
}

/** A format that changes changes the specification, too. */
export function outdated(what: string): Error {
  return new Error(
    `docs/spec/vectors, ${what}; if the format changed: node scripts/specPlanVectors.mjs --prove`,
  );
}

/** What a verifier makes of the bytes. */
export function proofVector({ key, proof }: ProofBytes): Json {
  const ofKey = recorded(() => checkVerificationKey(key));
  if (!ofKey.result.ok) throw outdated(`key: ${ofKey.result.error.code}`);
  const checked = ofKey.result.key;
  const ofProof = recorded((): Verdict => verifyWithKey(proof, checked));
  if (!ofProof.result.ok) throw outdated(`proof: ${ofProof.result.error.code}`);
  const { statement } = ofProof.result;
  const structure = programStructure(dense());
  const inference = planInference(structure, statement.visibilities, statement.batch);
  const values = (tensor: number): Int32Array => {
    const at = inference.outputs.indexOf(tensor);
    return statement.outputs[at].values as Int32Array;
  };
  const noValues = (): Int32Array => new Int32Array();
  return {
    keyBytes: key.length,
    proofBytes: proof.length,
    modelIdentity: hex(checked.identity),
    outputs: [...values(inference.outputs[0] as number)],
    rangeProof: {
      steps: ofKey.steps,
      relations: relationsJson(planWeightRanges(structure).plan, ofKey.steps, noValues),
    },
    inference: {
      steps: ofProof.steps,
      relations: relationsJson(inference.plan, ofProof.steps, values),
    },
  };
}
