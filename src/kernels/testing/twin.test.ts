import { describe, expect, it } from "vitest";
import { P } from "../../field/m31.ts";
import { randomElements, randomWords, restartRandom } from "./twin.ts";

describe("random numbers of the kernel tests", () => {
  it("are the same in every run", () => {
    restartRandom();
    const first = [randomWords(700), randomElements(700)];
    restartRandom();
    expect([randomWords(700), randomElements(700)]).toEqual(first);
    expect(randomWords(700)).not.toEqual(first[0]);
  });

  it("reach every bit of a word, and the ends of the field among its elements", () => {
    restartRandom();
    const words = randomWords(1000);
    for (let bit = 0; bit < 32; bit++) {
      const ones = words.reduce((sum, word) => sum + ((word >>> bit) & 1), 0);
      expect(ones, `bit ${bit}`).toBeGreaterThan(400);
      expect(ones, `bit ${bit}`).toBeLessThan(600);
    }
    const elements = randomElements(1000);
    for (const edge of [0, 1, P - 1]) expect(elements).toContain(edge);
    expect(elements.every((element) => element < P)).toBe(true);
    expect(new Set(elements).size).toBeGreaterThan(600);
  });
});
