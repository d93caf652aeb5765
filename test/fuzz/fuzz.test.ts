/** A short run of every target, and everything that was ever found. The long runs: `npm run fuzz`. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { emptyTally, judge, runCase } from "./campaign.ts";
import { makeTarget, TARGET_NAMES } from "./targets/targets.ts";

/** Cases of a short run: fewer where a case is slow. */
const CASES: Readonly<Record<string, number>> = {
  proof: 200,
  randomProofs: 80,
  keras: 60,
  prover: 12,
  key: 150,
  certificate: 80,
  image: 150,
};

describe.each(TARGET_NAMES)("hostile bytes: %s", (name) => {
  it("are refused in order", async () => {
    const target = await makeTarget(name);
    const tally = emptyTally();
    for (let index = 0; index < (CASES[name] ?? 300); index++) await runCase(target, 5, index, tally, true);
    expect(tally.findings).toEqual([]);
    // Not all alike: the bytes go deeper than the first check.
    expect(tally.outcomes.size).toBeGreaterThan(name === "prover" ? 0 : 1);
  });
});

interface Kept {
  /** Why it is kept. */
  readonly what: string;
  readonly bytes: string;
  /** Which of the target's valid inputs it was made of. */
  readonly seed: number;
  /** How the bytes are refused. */
  readonly outcome: string;
}

/** By target: what was found and mended, and bytes for every way in which a parser refuses. */
const CORPUS = new URL("./corpus/", import.meta.url);
const files = readdirSync(CORPUS).filter((file) => file.endsWith(".json"));

it.each(files)("what is kept is refused as before: %s", async (file) => {
  const target = await makeTarget(file.replace(".json", ""));
  for (const { what, bytes, seed, outcome } of JSON.parse(
    readFileSync(new URL(file, CORPUS), "utf8"),
  ) as Kept[]) {
    const input = { bytes: Uint8Array.from(Buffer.from(bytes, "hex")), seed };
    expect(await judge(target, input), what).toEqual({ outcome, finding: null });
  }
});
