import { describe, expect, it } from "vitest";
import { P } from "../field/m31.ts";
import { bytesToWords, keyedHash, labelKey, wordsToBytes } from "../hash/blake3.ts";
import { Transcript } from "./transcript.ts";

type Step = (transcript: Transcript) => void;

function challengeAfter(...steps: Step[]): string {
  const transcript = new Transcript("test");
  for (const step of steps) step(transcript);
  return transcript.challengeExt("challenge").join();
}

const bytes =
  (label: string, ...values: number[]): Step =>
  (t) =>
    t.absorbBytes(label, Uint8Array.from(values));
const draw: Step = (t) => {
  t.challengeExt("challenge");
};

describe("Transcript", () => {
  it("gives a different challenge for every different history", () => {
    const histories = [
      challengeAfter(),
      challengeAfter(bytes("a", 1, 2)),
      challengeAfter(bytes("b", 1, 2)),
      challengeAfter(bytes("a", 2, 1)),
      challengeAfter(bytes("a", 1, 2, 0)),
      challengeAfter(bytes("a", 1), bytes("a", 2)),
      challengeAfter(bytes("a", 2), bytes("a", 1)),
      challengeAfter(bytes("a", 1), bytes("b", 2)),
      challengeAfter(bytes("b", 2), bytes("a", 1)),
      challengeAfter(bytes("a")),
      challengeAfter(bytes("a"), bytes("a")),
      challengeAfter(bytes("aa")),
      challengeAfter(bytes("a", 1, 2), draw),
      challengeAfter(draw, bytes("a", 1, 2)),
      challengeAfter((t) => t.absorbExts("a", [[1, 2, 0, 0]])),
      challengeAfter((t) => t.absorbFieldWords("a", Uint32Array.of(1, 2, 0, 0))),
      challengeAfter(bytes("a", 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
      new Transcript("other").challengeExt("challenge").join(),
      new Transcript("test").challengeExt("another").join(),
    ];
    expect(new Set(histories).size).toBe(histories.length);
  });

  it("hashes messages as documented", () => {
    const key = labelKey("transcript/v1");
    const text = (s: string): Uint8Array => new TextEncoder().encode(s);
    const part = (tag: number, label: string, length: number): number[] => [
      ...[tag, text(label).length],
      ...text(label),
      ...wordsToBytes([length]),
    ];
    const transcript = new Transcript("test");
    transcript.absorbBytes("näme", Uint8Array.of(7, 8, 9));
    transcript.absorbExts("exts", [[1, 2, 3, P - 1]]);
    transcript.absorbFieldWords("words", Uint32Array.of(P - 2, 5));
    const message = Uint8Array.of(
      ...keyedHash(key, text("test")),
      ...part(1, "näme", 3),
      ...[7, 8, 9],
      ...part(2, "exts", 1),
      ...wordsToBytes([1, 2, 3, P - 1]),
      ...part(2, "words", 2),
      ...wordsToBytes([P - 2, 5]),
      ...part(3, "draw", 5),
    );
    const first = keyedHash(key, message, 32 + 5);
    expect(transcript.challengeBytes("draw", 5)).toEqual(first.subarray(32));
    const second = keyedHash(key, Uint8Array.of(...first.subarray(0, 32), ...part(3, "ext", 24)), 32 + 24);
    const words = bytesToWords(second.subarray(32)).map((word) => word & P);
    expect(transcript.challengeExt("ext")).toEqual([...words.filter((word) => word !== P)].slice(0, 4));
  });

  it("is the same for the same history", () => {
    expect(challengeAfter(bytes("a", 1), draw, bytes("b", 2))).toBe(
      challengeAfter(bytes("a", 1), draw, bytes("b", 2)),
    );
  });

  it("gives challenges that later messages cannot change", () => {
    const record = (last: number): string[] => {
      const transcript = new Transcript("test");
      transcript.absorbBytes("a", Uint8Array.of(1));
      const before = transcript.challengeExt("x").join();
      transcript.absorbBytes("b", Uint8Array.of(last));
      return [before, transcript.challengeExt("x").join()];
    };
    const [first, second] = [record(1), record(2)];
    expect(first[0]).toBe(second[0]);
    expect(first[1]).not.toBe(second[1]);
  });

  it("absorbs messages longer than its buffer whole", () => {
    const long =
      (at: number): Step =>
      (t) => {
        const message = new Uint8Array(5000);
        message[at] = 1;
        t.absorbBytes("a", message);
      };
    expect(new Set([0, 1023, 1024, 4999].map((at) => challengeAfter(long(at)))).size).toBe(4);
  });

  it("gives canonical elements and refuses words that are none", () => {
    const transcript = new Transcript("test");
    for (const value of transcript.challengeExts("many", 200)) {
      for (const word of value) expect(word).toBeLessThan(P);
    }
    expect(() => transcript.absorbFieldWords("a", Uint32Array.of(0, P))).toThrow(RangeError);
  });
});
