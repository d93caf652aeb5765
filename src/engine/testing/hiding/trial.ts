/** One payload of a trial plan by the real prover, under challenges that the trial fixes, taken apart into field elements. */
import { ByteReader } from "../../../bytes/byteReader.ts";
import type { TreeName } from "../../../claims/plan.ts";
import type { OpenedTree } from "../../../commitment/opening.ts";
import type { CommitmentParameters } from "../../../commitment/parameters.ts";
import {
  type CommitmentTables,
  type CommittedTree,
  commitTree,
  loadTables,
} from "../../../commitment/prover/committedTree.ts";
import { freshSeed, SecretStream } from "../../../commitment/prover/secretStream.ts";
import type { StackLayout } from "../../../commitment/stackLayout.ts";
import { FixedTranscript } from "../../../commitment/testing/fixedTranscript.ts";
import { verifyOpeningHead } from "../../../commitment/verifier.ts";
import type { KernelSet } from "../../../kernels/kernelSet.ts";
import { TranscriptReader } from "../../../masking/verifier.ts";
import { reduceToRelations, transcriptSize } from "../../../relations/reduce.ts";
import { expressionColumn } from "../../../relations/witness/expressionColumns.ts";
import { storeTensor } from "../../../relations/witness/paddedTensors.ts";
import type { Witness } from "../../../relations/witness/witness.ts";
import { planLayout } from "../../keyLayout.ts";
import { readOpenedTree, readPayloadHead } from "../../payload.ts";
import { provePayload } from "../../prover/provePayload.ts";
import { verifyPayload } from "../../verifier/verifyPayload.ts";
import { SimulatedPayload } from "../simulator/simulatedPayload.ts";
import type { SimulatedTree } from "../simulator/simulatedTree.ts";
import type { TrialPlan, TrialWitness } from "./trialPlans.ts";

/** What one proof shows. */
export interface View {
  /** Every element of F: scalars, μ, rounds, E₁, v if it is in clear, the opened columns tree by tree. */
  readonly words: Uint32Array;
  /** By tree, in stack order. */
  readonly trees: readonly OpenedTree[];
  readonly positions: readonly number[];
  readonly roots: readonly Uint8Array[];
  readonly payload: Uint8Array;
}

/** A plan with parameters, ready to be proven many times. */
export class Trials {
  readonly layout: StackLayout;
  readonly trial: TrialPlan;
  /** Scalars over K that a proof sends, their number. */
  readonly scalars: number;
  readonly numPads: number;
  readonly seed: string;
  private readonly kernels: KernelSet;
  private readonly tables: CommitmentTables;
  private known: readonly number[] | null = null;

  /** `seed`: of the challenges, the same in every proof. */
  constructor(kernels: KernelSet, trial: TrialPlan, parameters: CommitmentParameters, seed: string) {
    this.kernels = kernels;
    this.trial = trial;
    this.seed = seed;
    this.layout = planLayout(trial.plan, parameters);
    this.tables = loadTables(kernels, parameters);
    const { scalars, pads } = transcriptSize(trial.plan);
    this.scalars = scalars;
    this.numPads = pads;
  }

  /** A proof by the real prover. `weightSeed`: of the weights' commitment, fresh unless proofs share it. */
  prove(values: TrialWitness, weightSeed: Uint8Array = freshSeed()): View {
    const { kernels, tables, layout, trial } = this;
    const mark = kernels.mark();
    const { plan } = trial;
    const witness = this.witness(values);
    const tensor = (id: number): number => witness.tensor(id).ptr;
    const trees = layout.trees.slice(0, -1).map((tree): CommittedTree => {
      const seed = tree.name === "weights" ? weightSeed : freshSeed();
      const stream = new SecretStream(kernels, seed, tree.name);
      return commitTree(kernels, tables, { plan, layout, tree, tensor }, stream);
    });
    const publicValues = (id: number): Int32Array => Int32Array.from(values.tensors[id]);
    const input = { plan, layout, witness, trees, publicValues };
    const payload = provePayload(kernels, tables, this.challenges(), input);
    kernels.release(mark);
    return this.look(
      payload,
      trees.map(({ root }) => root),
      values,
    );
  }

  /** A proof without a witness; `values` only for what is public of it. */
  simulate(values: TrialWitness, seed: string): View {
    return this.prepareSimulation(values, seed, {})();
  }

  /** The same in two steps: proofs that share a tree must all know their positions before any of them is finished. */
  prepareSimulation(
    values: TrialWitness,
    seed: string,
    shared: Partial<Record<TreeName, SimulatedTree>>,
  ): () => View {
    const { layout, trial } = this;
    const { plan } = trial;
    const publicValues = (id: number): Int32Array => {
      if (plan.tensors[id].holder !== "public") throw new TypeError(`tensor ${id} is hidden`);
      return Int32Array.from(values.tensors[id]);
    };
    const statement = { plan, layout, publicValues };
    const challenges = (): FixedTranscript => this.challenges();
    const simulated = new SimulatedPayload(this.kernels, statement, challenges, seed, shared);
    return () => {
      const roots = layout.trees.slice(0, -1).map(({ name }) => simulated.root(name));
      return this.look(
        simulated.finish((transcript) => transcript),
        roots,
        values,
      );
    };
  }

  /** Runs the verifier. @throws ProofError */
  verify(view: View, values: TrialWitness): void {
    const { plan } = this.trial;
    const roots: Partial<Record<TreeName, Uint8Array>> = {};
    this.layout.trees.slice(0, -1).forEach(({ name }, i) => {
      roots[name] = view.roots[i];
    });
    const publicValues = (id: number): Int32Array => Int32Array.from(values.tensors[id]);
    const reader = new ByteReader(view.payload, "proof");
    verifyPayload(this.challenges(), plan, this.layout, roots, publicValues, reader);
  }

  /** The positions that the challenges open, the same in every proof. */
  private positions(payload: Uint8Array, values: TrialWitness): readonly number[] {
    const { layout, trial, scalars } = this;
    const transcript = this.challenges();
    const head = readPayloadHead(new ByteReader(payload, "proof"), layout, {
      scalars,
      lookupWorkBits: 0,
    });
    const publicValues = (id: number): Int32Array => Int32Array.from(values.tensors[id]);
    const messages = new TranscriptReader(transcript, head.scalars);
    const relations = reduceToRelations(trial.plan, messages, publicValues);
    return verifyOpeningHead(transcript, trial.plan, layout, relations, head.opening).positions;
  }

  private challenges(): FixedTranscript {
    return new FixedTranscript(this.seed);
  }

  private look(payload: Uint8Array, roots: readonly Uint8Array[], values: TrialWitness): View {
    const { layout, scalars } = this;
    const reader = new ByteReader(payload, "proof");
    const head = readPayloadHead(reader, layout, { scalars, lookupWorkBits: 0 });
    const { maskSum, rounds, proximity, sent } = head.opening;
    this.known ??= this.positions(payload, values);
    const positions = this.known;
    const trees = layout.trees.map((tree) => readOpenedTree(reader, layout, tree, positions));
    const words = [
      ...head.scalars,
      ...maskSum,
      ...rounds.flatMap(({ c0, c2 }) => [...c0, ...c2]),
      ...proximity,
      ...(sent.kind === "clear" ? sent.vector : []),
      ...trees.flatMap(({ columns }) => [...columns]),
    ];
    return { words: Uint32Array.from(words), trees, positions, roots: [...roots, head.adviceRoot], payload };
  }

  private witness({ tensors, layers }: TrialWitness): Witness {
    const { kernels, trial } = this;
    const { plan } = trial;
    const stored = plan.tensors.map(({ axes }, id) => storeTensor(kernels, axes, tensors[id]));
    const results = plan.layers.map(({ axes, numOutputAxes }, id) =>
      storeTensor(kernels, axes.slice(0, numOutputAxes), layers[id]),
    );
    const sources = { tensor: (id: number) => stored[id], layer: (id: number) => results[id] };
    const columns = new Map(
      plan.sections.map((section) => [
        section,
        section.columns.map((column) => expressionColumn(kernels, sources, section.axes, column)),
      ]),
    );
    return { ...sources, columns: (section) => columns.get(section) as readonly number[] };
  }
}
