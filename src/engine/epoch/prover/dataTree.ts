/** The tree of a proof's committed inputs or outputs: fresh, or one that was committed to before. */
import { forEachRealCell, realCells } from "../../../claims/axes.ts";
import type { ProofPlan } from "../../../claims/plan.ts";
import {
  type CommitmentTables,
  type CommittedTree,
  commitTree,
} from "../../../commitment/prover/committedTree.ts";
import { freshSeed, SecretStream } from "../../../commitment/prover/secretStream.ts";
import type { StackLayout } from "../../../commitment/stackLayout.ts";
import { toSigned } from "../../../field/m31.ts";
import type { KernelSet } from "../../../kernels/kernelSet.ts";
import type { Witness } from "../../../relations/witness/witness.ts";
import { DATA_PURPOSE, type DataCommitment, dataShape, requireReadable } from "../dataCommitment.ts";
import { treeTensors } from "../renewalPlan.ts";
import { requireRoot } from "./commitData.ts";

export interface DataTree {
  readonly tree: CommittedTree;
  /** For its owner; counts the opening of this proof if it was made for it. */
  readonly commitment: DataCommitment;
}

export interface DataTreeInput {
  readonly plan: ProofPlan;
  readonly layout: StackLayout;
  readonly witness: Witness;
}

/**
 * Null if the plan has no such tree.
 * @param given what the tree must be
 * @throws TensorproofError `commitment.parameters`, `commitment.layout`, `commitment.mismatch`
 */
export function commitDataTree(
  kernels: KernelSet,
  tables: CommitmentTables,
  { plan, layout, witness }: DataTreeInput,
  name: "input" | "output",
  given: DataCommitment | null = null,
): DataTree | null {
  const tree = layout.trees.find((candidate) => candidate.name === name);
  if (tree === undefined) return null;
  const tensors = treeTensors(plan, name);
  if (given !== null) requireReadable(given, layout.parameters, tensors);
  const seed = given?.seed ?? freshSeed();
  const stream = new SecretStream(kernels, seed, DATA_PURPOSE);
  const tensor = (id: number): number => witness.tensor(id).ptr;
  const committed = commitTree(kernels, tables, { plan, layout, tree, tensor }, stream);
  if (given !== null) {
    requireRoot(given, committed.root);
    return { tree: committed, commitment: given };
  }
  const held = tensors.map((planned) => {
    const values = new Int32Array(realCells(planned.axes));
    const at = witness.tensor(plan.tensors.indexOf(planned)).ptr / 4;
    forEachRealCell(planned.axes, (real, virtual) => {
      values[real] = toSigned(kernels.words[at + virtual]);
    });
    return { name: planned.name, axes: planned.axes, values };
  });
  const shape = dataShape(layout.parameters);
  return { tree: committed, commitment: { shape, tensors: held, root: committed.root, seed, spent: 1 } };
}
