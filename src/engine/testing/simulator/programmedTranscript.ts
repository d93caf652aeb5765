/**
 * A random oracle that someone has programmed. An answer belongs to the whole conversation before it: the oracle's points
 * are the states of a real transcript, so that an answer is found again only by whoever says the very same things.
 */
import type { Ext } from "../../../field/ext.ts";
import { Transcript } from "../../../transcript/transcript.ts";

/** What the oracle answers at its programmed points. */
export type OracleTable = Map<string, Uint8Array>;

/** Absorbs into a real transcript, but takes its challenges from elsewhere. */
abstract class DivertedTranscript extends Transcript {
  private readonly inner: Transcript;

  /** `inner`: has absorbed what comes before the messages; not to be used by anyone else. */
  constructor(inner: Transcript) {
    super("diverted");
    this.inner = inner;
  }

  override absorbBytes(label: string, bytes: Uint8Array): void {
    this.inner.absorbBytes(label, bytes);
  }

  override absorbExts(label: string, values: readonly Ext[]): void {
    this.inner.absorbExts(label, values);
  }

  override absorbFieldWords(label: string, words: Uint32Array): void {
    this.inner.absorbFieldWords(label, words);
  }

  /** The point of the oracle that is asked now. */
  protected point(label: string, numBytes: number): string {
    const state = this.inner.challengeBytes(label, 32);
    return `${label} ${numBytes} ${Array.from(state, (byte) => byte.toString(16)).join(".")}`;
  }
}

/** The simulator's side: writes the challenges of `source` into the oracle at the points that the conversation reaches. */
export class ProgrammingTranscript extends DivertedTranscript {
  private readonly source: Transcript;
  private readonly table: OracleTable;

  constructor(inner: Transcript, source: Transcript, table: OracleTable) {
    super(inner);
    this.source = source;
    this.table = table;
  }

  override challengeBytes(label: string, numBytes: number): Uint8Array {
    const point = this.point(label, numBytes);
    if (this.table.has(point)) throw new Error(`the oracle has answered at ${point} already`);
    const answer = this.source.challengeBytes(label, numBytes);
    this.table.set(point, answer);
    return answer;
  }
}

/** Everybody else's side. Asks of the oracle what nobody programmed are answered as the inner transcript does. */
export class ProgrammedTranscript extends DivertedTranscript {
  private readonly table: OracleTable;

  constructor(inner: Transcript, table: OracleTable) {
    super(inner);
    this.table = table;
  }

  override challengeBytes(label: string, numBytes: number): Uint8Array {
    const point = this.point(label, numBytes);
    const programmed = this.table.get(point);
    // An answer outside the table is as good as any other: a fresh point of the oracle.
    return programmed ?? new Transcript(point).challengeBytes(label, numBytes);
  }
}
