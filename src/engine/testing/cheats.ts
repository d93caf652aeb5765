/**
 * A prover that deviates from the protocol where told and follows it everywhere else: it runs the code of the real
 * prover, except that values outside their tables are counted in row 0 instead of stopping it.
 */
import type { ProofPlan } from "../../claims/plan.ts";
import type { Relation } from "../../claims/relation.ts";
import type { Opening } from "../../commitment/opening.ts";
import {
  type CommitmentTables,
  type CommittedTree,
  commitTree,
  loadTables,
} from "../../commitment/prover/committedTree.ts";
import { proveOpening } from "../../commitment/prover/openingProver.ts";
import { freshSeed, SecretStream } from "../../commitment/prover/secretStream.ts";
import type { StackLayout, StackTree } from "../../commitment/stackLayout.ts";
import { type Ext, isZero, ONE } from "../../field/ext.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { MessageReader } from "../../masking/messages.ts";
import { TranscriptWriter } from "../../masking/prover.ts";
import type { AnnotatedPlan } from "../../relations/planBuilder.ts";
import { provePlan } from "../../relations/prove.ts";
import { LABEL_ALPHA, type PublicValues, reduceToRelations } from "../../relations/reduce.ts";
import type { Witness } from "../../relations/witness/witness.ts";
import type { Transcript } from "../../transcript/transcript.ts";
import { writePayload } from "../prover/writePayload.ts";
import { LABEL_ADVICE_ROOT } from "../verifier/verifyPayload.ts";
import { type CellChanges, type Cells, cellsOf } from "./cheatingWitness.ts";

/** What a cheating prover does differently. All of it is optional. */
export interface Deviation extends CellChanges {
  /** Values after the commitments to them: what is argued is not what is committed. */
  readonly argued?: (cells: Cells) => void;
  /** Each scalar before it is masked and sent. */
  readonly message?: (label: string, value: Ext, index: number) => Ext;
  /** Draws the lookup challenge before it commits to multiplicities. */
  readonly commitLate?: boolean;
  /** Sets the dummy leaf's denominator to zero. */
  readonly zeroDelta?: boolean;
  /** Listens to the transcript and changes what is sent before it is absorbed. */
  readonly forger?: Forger;
  /** Kernels that compute something else in the opening. */
  readonly openingKernels?: (kernels: KernelSet) => KernelSet;
  readonly opening?: (opening: Opening) => Opening;
  /** Kernels that compute something else. */
  readonly kernels?: (kernels: KernelSet) => KernelSet;
}

export interface Forger {
  /** Called with the claims of the opening before it begins. */
  prepare(plan: ProofPlan, layout: StackLayout, relations: readonly Relation[]): void;
  transcript(protocol: string): Transcript;
}

export interface CheatInput {
  readonly annotated: AnnotatedPlan;
  readonly layout: StackLayout;
  readonly witness: Witness;
  readonly trees: readonly CommittedTree[];
  readonly publicValues: PublicValues;
}

/** provePayload with the deviations. */
export function cheatPayload(
  honest: KernelSet,
  transcript: Transcript,
  { annotated, layout, witness, trees, publicValues }: CheatInput,
  deviation: Deviation,
): Uint8Array {
  const { plan } = annotated;
  const kernels = deviation.kernels?.(honest) ?? honest;
  const tables: CommitmentTables = loadTables(honest, layout.parameters);
  const tree = layout.trees[layout.trees.length - 1] as StackTree;
  const tensor = (id: number): number => witness.tensor(id).ptr;
  const advice = commitTree(
    kernels,
    tables,
    { plan, layout, tree, tensor },
    adviceStream(honest, layout, deviation),
  );
  const commit = (): void => transcript.absorbBytes(LABEL_ADVICE_ROOT, advice.root);
  if (deviation.commitLate !== true) commit();
  deviation.argued?.(cellsOf(honest, annotated, witness));

  const pads = (index: number): Ext => {
    const size = 2 ** layout.parameters.logColumns;
    const row = layout.firstPadRow - advice.tree.firstRow + 4 * Math.floor(index / size);
    const at = advice.rows / 4 + row * advice.rowStride + (index % size);
    return [0, 1, 2, 3].map((c) => honest.words[at + c * advice.rowStride]) as unknown as Ext;
  };
  const writer = new CheatingWriter(transcript, pads, deviation, commit);
  provePlan(honest, plan, writer, witness, pads);
  const relations = reduceToRelations(plan, unconcerned(writer.replay()), publicValues);
  deviation.forger?.prepare(plan, layout, relations);
  const openingKernels = deviation.openingKernels?.(honest) ?? honest;
  const opening = proveOpening(openingKernels, tables, transcript, plan, layout, relations, [
    ...trees,
    advice,
  ]);
  return writePayload(advice.root, null, writer.scalars(), deviation.opening?.(opening) ?? opening);
}

/** Reads the cheat's own messages without the check that a zero among them would fail. */
function unconcerned(reader: MessageReader): MessageReader {
  return {
    hidden: (label) => reader.hidden(label),
    challenge: (label) => reader.challenge(label),
    clear: (label) => {
      const value = reader.clear(label);
      return isZero(value) ? ONE : value;
    },
  };
}

class CheatingWriter extends TranscriptWriter {
  private readonly deviation: Deviation;
  private readonly commit: () => void;
  private index = 0;
  private masked = false;

  constructor(
    transcript: Transcript,
    pads: (index: number) => Ext,
    deviation: Deviation,
    commit: () => void,
  ) {
    super(transcript, pads);
    this.deviation = deviation;
    this.commit = commit;
  }

  override hidden(label: string, value: Ext): void {
    const changed = this.changed(label, value);
    this.masked = true;
    super.hidden(label, changed);
    this.masked = false;
  }

  override clear(label: string, value: Ext): void {
    super.clear(label, this.masked ? value : this.changed(label, value));
  }

  override challenge(label: string): Ext {
    const drawn = super.challenge(label);
    if (label === LABEL_ALPHA && this.deviation.commitLate === true) this.commit();
    return drawn;
  }

  private changed(label: string, value: Ext): Ext {
    return this.deviation.message?.(label, value, this.index++) ?? value;
  }
}

function adviceStream(kernels: KernelSet, layout: StackLayout, deviation: Deviation): SecretStream {
  const advice = layout.trees[layout.trees.length - 1] as StackTree;
  const firstPadRow = layout.firstPadRow - advice.firstRow;
  return deviation.zeroDelta === true
    ? new ZeroDeltaStream(kernels, firstPadRow)
    : new SecretStream(kernels, freshSeed(), "advice");
}

/** Rows are filled in order, one call each: the first cell of the first four pad rows is the dummy's denominator. */
class ZeroDeltaStream extends SecretStream {
  private readonly memory: KernelSet;
  private readonly firstPadRow: number;
  private row = 0;

  constructor(kernels: KernelSet, firstPadRow: number) {
    super(kernels, freshSeed(), "advice");
    this.memory = kernels;
    this.firstPadRow = firstPadRow;
  }

  override fillField(ptr: number, numWords: number): void {
    super.fillField(ptr, numWords);
    const padRow = this.row++ - this.firstPadRow;
    if (padRow >= 0 && padRow < 4) this.memory.words[ptr / 4] = 0;
  }
}
