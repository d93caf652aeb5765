import { describe, expect, it } from "vitest";
import { P } from "../field/m31.ts";
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
