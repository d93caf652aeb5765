/** Commits to the same tensors a second time, and proves it: the core that renewals of weights and of data share. */
import type { ProofPlan, TreeName } from "../../../claims/plan.ts";
import type { CommitmentParameters } from "../../../commitment/parameters.ts";
import { type CommittedTree, commitTree, loadTables } from "../../../commitment/prover/committedTree.ts";
import { SecretStream } from "../../../commitment/prover/secretStream.ts";
import type { KernelSet } from "../../../kernels/kernelSet.ts";
import { storeTensor } from "../../../relations/witness/paddedTensors.ts";
import type { Witness } from "../../../relations/witness/witness.ts";
import { planLayout } from "../../keyLayout.ts";
import { provePayload } from "../../prover/provePayload.ts";
import { certificateTranscript } from "../certificate.ts";

export interface RenewedTree {
  readonly name: TreeName;
  readonly seed: Uint8Array;
}

export interface RenewalInput {
  /** From `planRenewal`. */
  readonly plan: ProofPlan;
  readonly parameters: CommitmentParameters;
  readonly parent: RenewedTree;
  readonly renewed: RenewedTree;
  /** Of the streams of both seeds: what these trees are always committed with. */
  readonly purpose: string;
  /** Values of each plan tensor over its real cells; an honest prover's are the same in both halves. */
  readonly values: readonly ArrayLike<number>[];
  /** Takes the use that pays for the certificate, which is made durable here, and writes the header. */
  readonly header: (parentRoot: Uint8Array, root: Uint8Array) => Uint8Array;
}

/** The certificate's bytes. */
export function proveRenewal(kernels: KernelSet, input: RenewalInput): Uint8Array {
  const { plan, parameters, parent, renewed, purpose } = input;
  const mark = kernels.mark();
  try {
    const layout = planLayout(plan, parameters);
    const tables = loadTables(kernels, parameters);
    const stored = plan.tensors.map(({ axes }, id) => storeTensor(kernels, axes, input.values[id]));
    const witness: Witness = {
      tensor: (id) => stored[id],
      layer: () => missing("layers"),
      columns: () => missing("lookups"),
    };
    const commit = ({ name, seed }: RenewedTree): CommittedTree => {
      const tree = layout.trees.find((candidate) => candidate.name === name);
      if (tree === undefined) return missing(`${name} tree`);
      const stream = new SecretStream(kernels, seed, purpose);
      return commitTree(kernels, tables, { plan, layout, tree, tensor: (id) => stored[id].ptr }, stream);
    };
    const trees = [commit(parent), commit(renewed)];
    const header = input.header(trees[0].root, trees[1].root);
    const publicValues = (): never => missing("public tensors");
    const payload = provePayload(kernels, tables, certificateTranscript(header), {
      plan,
      layout,
      witness,
      trees,
      publicValues,
    });
    const certificate = new Uint8Array(header.length + payload.length);
    certificate.set(header);
    certificate.set(payload, header.length);
    return certificate;
  } finally {
    kernels.release(mark);
  }
}

function missing(what: string): never {
  throw new TypeError(`the plan of a certificate has no ${what}`);
}
