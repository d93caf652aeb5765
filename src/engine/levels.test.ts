/** Openings with levels of recursion of several shapes: complete, and strict about their bytes and parameters. */
import { describe, expect, it } from "vitest";
import { chooseParameters } from "../commitment/chooseParameters.ts";
import type { OpenedLevel } from "../commitment/opening.ts";
import type { InnerLevel } from "../commitment/parameters.ts";
import { P } from "../field/m31.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { levelQueryBits, REQUIRED_BITS } from "./security.ts";
import { type CheatingKey, type CheatRequest, cheatingSetup, cheatProof } from "./testing/cheatingProver.ts";
import { denseProgram, seededIntegers } from "./testing/denseProgram.ts";
import { flipBit, proofRegions, spread } from "./testing/proofEditing.ts";
import { readVerificationKey, writeVerificationKey } from "./verificationKey.ts";
import { checkVerificationKey, type Verdict, verifyWithKey } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const program = denseProgram({ input: 11, hidden: 7, output: 5 });
const visibilities = { input: "private", weights: "private", output: "public" } as const;

const level = (logColumns: number, logLength: number, queries: number, grindBits = 12): InnerLevel => ({
  logColumns,
  logLength,
  queries,
  grindBits,
});

function setupWith(levels: readonly InnerLevel[]) {
  const key = cheatingSetup(kernels, program, program.constants, undefined, levels);
  const checked = checkVerificationKey(key.verificationKey);
  if (!checked.ok) throw new Error(`${checked.error.code}: ${checked.error.where}`);
  return {
    verificationKey: key.verificationKey,
    cheatingKey: key,
    key: checked.key,
    proof: proofOf(key, {}),
  };
}

function proofOf(key: CheatingKey, deviation: Partial<CheatRequest>): Uint8Array {
  const mark = kernels.mark();
  const inputs = [seededIntegers(4, 11, 0, 255)];
  const proof = cheatProof(kernels, key, { inputs, batch: 1, visibilities, ...deviation });
  kernels.release(mark);
  return proof;
}

function codeOf(verdict: Verdict): string {
  return verdict.ok ? "accepted" : verdict.error.code;
}

describe("levels of recursion", () => {
  it.each<[string, InnerLevel[]]>([
    ["two rows, the second nearly full or nearly empty", [level(10, 12, 140)]],
    ["many short rows", [level(3, 9, 95)]],
    ["a code of rate one half", [level(8, 9, 220)]],
    ["no work", [level(7, 11, 112, 0)]],
    ["three levels", [level(9, 12, 107), level(7, 10, 108), level(5, 9, 98)]],
    ["one level right above another", [level(8, 11, 107), level(7, 11, 98)]],
  ])("prove what an opening without them does: %s", (_, levels) => {
    const { key, proof } = setupWith(levels);
    expect(codeOf(verifyWithKey(proof, key))).toBe("accepted");
  });
});

describe("a proof with levels whose bytes were changed", () => {
  const { verificationKey, cheatingKey, key, proof } = setupWith([level(7, 10, 107), level(5, 9, 98)]);

  it("is refused at every length but its own", () => {
    for (let length = 0; length < proof.length; length += 1 + Math.floor(proof.length / 150)) {
      expect(codeOf(verifyWithKey(proof.subarray(0, length), key)), `${length} bytes`).toBe(
        "proof.truncated",
      );
    }
    const longer = new Uint8Array(proof.length + 4);
    longer.set(proof);
    expect(codeOf(verifyWithKey(longer, key))).toBe("proof.notCanonical");
  });

  it("is refused for every flipped bit, in whichever region", () => {
    const regions = proofRegions(proof, verificationKey);
    expect(regions[regions.length - 1].end).toBe(proof.length);
    expect(regions.map(({ name }) => name)).toContain("vector root");
    for (const region of regions) {
      for (const [i, offset] of spread(region, 40).entries()) {
        const code = codeOf(verifyWithKey(flipBit(proof, offset, i % 8), key));
        expect(code, `${region.name}, byte ${offset}, bit ${i % 8}`).toMatch(
          /^(proof|statement|lookup|products|opening|merkle)\.[a-zA-Z]+$/,
        );
      }
    }
  });

  it.each([0, 1])("is refused if a word of level %i is p, the second name of zero", (index) => {
    const edits: ((level: OpenedLevel) => Partial<OpenedLevel>)[] = [
      ({ columns }) => ({ columns: Uint32Array.from(columns, (word, i) => (i === 5 ? P : word)) }),
      ({ head }) => ({
        head: { ...head, rounds: head.rounds.map(({ c2 }) => ({ c0: [P, 0, 0, 0] as const, c2 })) },
      }),
      ({ head }) => ({ head: { ...head, proximity: [0, 0, 0, P] as const } }),
    ];
    for (const edit of edits) {
      const changed = proofOf(cheatingKey, {
        opening: (opening) => ({
          ...opening,
          levels: opening.levels.map((level, i) => (i === index ? { ...level, ...edit(level) } : level)),
        }),
      });
      expect(codeOf(verifyWithKey(changed, key))).toBe("proof.notCanonical");
    }
  });
});

describe("a key with levels", () => {
  const { verificationKey } = setupWith([level(7, 10, 107), level(5, 9, 98)]);
  const key = readVerificationKey(verificationKey);
  const verdictOf = (levels: readonly InnerLevel[]): string => {
    const bytes = writeVerificationKey({ ...key, parameters: { ...key.parameters, levels } });
    const verdict = checkVerificationKey(bytes);
    return verdict.ok ? "accepted" : verdict.error.code;
  };
  const [first, second] = key.parameters.levels;

  it("comes back as it was written", () => {
    expect(verdictOf(key.parameters.levels)).toBe("accepted");
    expect(readVerificationKey(writeVerificationKey(key))).toEqual(key);
  });

  it.each<[string, InnerLevel[]]>([
    ["a query too few for its work", [first, { ...second, queries: second.queries - 2 }]],
    ["a bit of work too few", [{ ...first, grindBits: first.grindBits - 2 }, second]],
    ["no queries", [first, { ...second, queries: 0 }]],
    ["more queries than half its columns", [first, { ...second, queries: 2 ** (second.logLength - 1) + 1 }]],
    ["too much work", [{ ...first, grindBits: 31 }, second]],
    ["no redundancy", [{ ...first, logLength: first.logColumns }, second]],
    ["rows of one element", [first, { ...second, logColumns: 0 }]],
    ["rows as long as the vector", [first, level(7, 10, 108)]],
    ["rows longer than the vector", [level(12, 15, 108), second]],
    ["a code beyond all bounds", [level(7, 30, 108), second]],
  ])("is refused with %s", (_, levels) => {
    expect(verdictOf(levels)).toBe("key.parameters");
  });

  it("is refused with more than three levels, and with others than its range proof was made for", () => {
    const four = [level(9, 12, 107), level(8, 11, 107), level(7, 10, 108), level(5, 9, 98)];
    expect(verdictOf(four)).toBe("key.notCanonical");
    expect(verdictOf([first])).not.toBe("accepted");
    expect(verdictOf([])).not.toBe("accepted");
    expect(verdictOf([first, { ...second, queries: second.queries + 1 }])).not.toBe("accepted");
  });
});

describe("the choice of levels", () => {
  const rowsAt = (cells: number) => (logColumns: number) => 24 + Math.ceil(cells / 2 ** logColumns);

  it("pays where vectors are long, and every level reaches the required bits", () => {
    const lengths = [2 ** 10, 2 ** 16, 2 ** 24].map((cells) => {
      const shape = { rowsAt: rowsAt(cells), numTrees: 2, weightUses: 16, numClaims: 20 };
      const { levels, logColumns } = chooseParameters(shape);
      for (const chosen of levels) expect(levelQueryBits(chosen)).toBeGreaterThanOrEqual(REQUIRED_BITS);
      return { logColumns, levels: levels.length };
    });
    expect(lengths[2].levels).toBeGreaterThan(0);
    expect(lengths[2].logColumns).toBeGreaterThan(lengths[0].logColumns);
  });
});
