/**
 * An epoch of a simulated model with its certificate: a payload that opens two shared trees, the parent's and the epoch's,
 * which hold nothing and therefore the same.
 */
import type { CommitmentParameters } from "../../../commitment/parameters.ts";
import type { StackTree } from "../../../commitment/stackLayout.ts";
import { HASH_BYTES } from "../../../hash/blake3.ts";
import type { KernelSet } from "../../../kernels/kernelSet.ts";
import type { ProgramStructure } from "../../../program/programStructure.ts";
import type { Transcript } from "../../../transcript/transcript.ts";
import { certificateTranscript, openCertificate, writeCertificateHeader } from "../../epoch/certificate.ts";
import { planRenewal, weightTensors } from "../../epoch/renewalPlan.ts";
import { planLayout } from "../../keyLayout.ts";
import { Coins } from "./coins.ts";
import { SimulatedPayload } from "./simulatedPayload.ts";
import { SimulatedTree } from "./simulatedTree.ts";

export class SimulatedEpoch {
  /** The epoch's weights. */
  readonly tree: SimulatedTree;
  private readonly parent: SimulatedTree;
  private readonly payload: SimulatedPayload;

  /** Opens the parent's tree: its root must not have been asked for. */
  constructor(
    kernels: KernelSet,
    model: { readonly structure: ProgramStructure; readonly parameters: CommitmentParameters },
    parent: SimulatedTree,
    challenges: () => Transcript,
    seed: string,
  ) {
    const { structure, parameters } = model;
    const plan = planRenewal(weightTensors(structure), "parent", "weights");
    const layout = planLayout(plan, parameters);
    const weights = layout.trees.find(({ name }) => name === "weights") as StackTree;
    this.parent = parent;
    this.tree = new SimulatedTree(weights, parameters.logLength, new Coins(`${seed} weights`));
    const shared = { parent, weights: this.tree };
    const statement = { plan, layout, publicValues: noPublicValues };
    this.payload = new SimulatedPayload(kernels, statement, challenges, `${seed} certificate`, shared);
  }

  /** `speak`: as for `SimulatedPayload.finish`, from the transcript on that the header has been absorbed by. */
  certify(
    modelIdentity: Uint8Array,
    speak: (inner: Transcript) => (challenges: Transcript) => Transcript,
  ): { readonly certificate: Uint8Array; readonly digest: Uint8Array } {
    const header = writeCertificateHeader({
      subject: { kind: "weights", modelIdentity, parentCertificate: new Uint8Array(HASH_BYTES) },
      parentRoot: this.parent.root(),
      root: this.tree.root(),
      renewal: 0,
    });
    const payload = this.payload.finish(speak(certificateTranscript(header)));
    const certificate = Uint8Array.from([...header, ...payload]);
    return { certificate, digest: openCertificate(certificate).digest };
  }
}

function noPublicValues(): Int32Array {
  throw new TypeError("a certificate's plan has no public tensors");
}
