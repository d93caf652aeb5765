/**
 * One payload without a witness. The conversation is gone through twice with the same coins and the same challenges: first
 * to learn which columns are opened and what they must satisfy, then, with the roots that contain them, to write the
 * challenges into the oracle.
 */
import type { ProofPlan, TreeName } from "../../../claims/plan.ts";
import { circleEncodeExtAt } from "../../../code/circle.ts";
import type { OpenedLevel, SentVector } from "../../../commitment/opening.ts";
import { innerShapes } from "../../../commitment/parameters.ts";
import { type CommitmentTables, loadTables } from "../../../commitment/prover/committedTree.ts";
import { grind } from "../../../commitment/prover/grind.ts";
import { proveLevels } from "../../../commitment/prover/levelProver.ts";
import { sendVector, workAndDraw } from "../../../commitment/prover/sentVector.ts";
import type { StackLayout, StackTree } from "../../../commitment/stackLayout.ts";
import { EXT_WORDS } from "../../../field/ext.ts";
import { type ExtVector, getExt } from "../../../field/extVector.ts";
import { HASH_BYTES, wordsToBytes } from "../../../hash/blake3.ts";
import { extWords, writeExt4 } from "../../../kernels/extLayout.ts";
import type { KernelSet } from "../../../kernels/kernelSet.ts";
import { type PublicValues, reduceToRelations } from "../../../relations/reduce.ts";
import type { Transcript } from "../../../transcript/transcript.ts";
import { writePayload } from "../../prover/writePayload.ts";
import { lookupWorkBits } from "../../security.ts";
import { LABEL_ADVICE_ROOT, LABEL_LOOKUP_NONCE, LABEL_LOOKUP_WORK } from "../../verifier/verifyPayload.ts";
import { Coins } from "./coins.ts";
import { fitLastMask, type SimulatedHead, simulateHead } from "./simulatedHead.ts";
import { SimulatedMessages } from "./simulatedMessages.ts";
import { SimulatedTree } from "./simulatedTree.ts";

export interface PayloadStatement {
  readonly plan: ProofPlan;
  readonly layout: StackLayout;
  readonly publicValues: PublicValues;
}

interface Conversation {
  readonly lookupNonce: number | null;
  readonly scalars: ExtVector;
  readonly head: SimulatedHead;
  readonly sent: SentVector;
  readonly nonce: number;
  readonly positions: readonly number[];
  /** The codeword of v at the positions. */
  readonly symbols: ExtVector;
  readonly levels: readonly OpenedLevel[];
}

export class SimulatedPayload {
  private readonly kernels: KernelSet;
  private readonly tables: CommitmentTables;
  private readonly statement: PayloadStatement;
  private readonly seed: string;
  private readonly challenges: () => Transcript;
  private readonly trees: readonly SimulatedTree[];

  /**
   * Draws everything but the roots.
   * @param kernels for the prover's own code of what follows the vector
   * @param challenges gives the same challenges in the same order, whatever is absorbed, each time it is called
   * @param shared trees that other payloads open as well; the others are this payload's own
   */
  constructor(
    kernels: KernelSet,
    statement: PayloadStatement,
    challenges: () => Transcript,
    seed: string,
    shared: Partial<Record<TreeName, SimulatedTree>> = {},
  ) {
    this.kernels = kernels;
    this.tables = loadTables(kernels, statement.layout.parameters);
    this.statement = statement;
    this.seed = seed;
    this.challenges = challenges;
    const { layout } = statement;
    const { logLength } = layout.parameters;
    this.trees = layout.trees.map(
      (tree) => shared[tree.name] ?? new SimulatedTree(tree, logLength, new Coins(`${seed} ${tree.name}`)),
    );
    const { head, positions, symbols } = this.converse(challenges(), new Uint8Array(HASH_BYTES));
    const columns = this.trees.map((tree) => positions.map((position) => tree.column(position)));
    fitLastMask(layout, head, symbols, columns);
  }

  /** Final: no payload can open further columns of this tree afterwards. */
  root(name: TreeName): Uint8Array {
    return this.trees[this.indexOf(name)].root();
  }

  /** The payload's bytes. `speak`: the transcript that programs the oracle, before the advice root. */
  finish(speak: (challenges: Transcript) => Transcript): Uint8Array {
    const advice = this.root("advice");
    const said = this.converse(speak(this.challenges()), advice);
    const { maskSum, rounds, proximity } = said.head;
    return writePayload(advice, said.lookupNonce, said.scalars, {
      head: { maskSum, rounds, proximity, sent: said.sent, nonce: said.nonce },
      trees: this.trees.map((tree) => tree.open(said.positions)),
      levels: said.levels,
    });
  }

  private converse(transcript: Transcript, adviceRoot: Uint8Array): Conversation {
    const { kernels } = this;
    const { plan, layout, publicValues } = this.statement;
    const mark = kernels.mark();
    const coins = new Coins(`${this.seed} messages`);
    transcript.absorbBytes(LABEL_ADVICE_ROOT, adviceRoot);
    const lookupNonce = workBeforeLookups(kernels, transcript, lookupWorkBits(plan));
    const messages = new SimulatedMessages(transcript, coins);
    const relations = reduceToRelations(plan, messages, publicValues);
    const head = simulateHead(transcript, plan, layout, relations, coins);
    const rest = this.afterVector(transcript, head);
    kernels.release(mark);
    return { lookupNonce, scalars: messages.scalars(), head, ...rest };
  }

  /** Everything behind v is a function of v and the challenges: it is computed as the prover computes it. */
  private afterVector(
    transcript: Transcript,
    { vector, rho }: SimulatedHead,
  ): Pick<Conversation, "sent" | "nonce" | "positions" | "symbols" | "levels"> {
    const { kernels, tables } = this;
    const { parameters } = this.statement.layout;
    const shapes = innerShapes(parameters);
    const length = vector.length / EXT_WORDS;
    // A level folds the vector as one of the next power of two.
    const ptr = kernels.alloc(extWords(2 ** Math.ceil(Math.log2(length))));
    for (let i = 0; i < length; i++) writeExt4(kernels.words, ptr, i, getExt(vector, i));
    const held = sendVector(kernels, tables, transcript, { ptr, length }, shapes[0]);
    const { nonce, positions } = workAndDraw(kernels, transcript, parameters);
    const { logLength } = parameters;
    const symbols = circleEncodeExtAt(vector, logLength, positions);
    const sums = positions.map((_, i) => getExt(symbols, i));
    const claims = { point: rho, positions, logLength, sums };
    const levels = proveLevels(kernels, tables, transcript, shapes, held, claims);
    return { sent: held.sent, nonce, positions, symbols, levels };
  }

  private indexOf(name: TreeName): number {
    return this.statement.layout.trees.findIndex((tree: StackTree) => tree.name === name);
  }
}

function workBeforeLookups(kernels: KernelSet, transcript: Transcript, bits: number): number | null {
  if (bits === 0) return null;
  const nonce = grind(kernels, transcript.challengeBytes(LABEL_LOOKUP_WORK, 32), bits);
  transcript.absorbBytes(LABEL_LOOKUP_NONCE, wordsToBytes([nonce]));
  return nonce;
}
