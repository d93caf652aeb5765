/** Every step of the transcript, wrong where it is taken first and where it is taken last; no step goes without a cheat. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { InnerLevel } from "../commitment/parameters.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { cheatingSetup, cheatProof } from "./testing/cheatingProver.ts";
import { VICTIMS, type VictimName, victimInputs } from "./testing/cheatVictims.ts";
import { StepForger, type Steps, type WrongStep } from "./testing/stepForger.ts";
import { checkVerificationKey, verifyWithKey } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const LEVELS: readonly InnerLevel[] = [
  { logColumns: 7, logLength: 11, queries: 102, grindBits: 8 },
  { logColumns: 5, logLength: 9, queries: 102, grindBits: 8 },
];

/** The verdict on a proof with one wrong step, and the steps that were taken. */
function target(name: VictimName, levels: readonly InnerLevel[]) {
  const program = VICTIMS[name]();
  const cheat = cheatingSetup(kernels, program, program.constants, undefined, levels);
  const checked = checkVerificationKey(cheat.verificationKey);
  if (!checked.ok) throw new Error(`${checked.error.code}: ${checked.error.where}`);
  const { key } = checked;
  return (wrong: WrongStep | null): { readonly code: string; readonly steps: readonly Steps[] } => {
    const forger = new StepForger(wrong);
    const mark = kernels.mark();
    const proof = cheatProof(kernels, cheat, {
      inputs: victimInputs(program),
      batch: 1,
      visibilities: { input: "committed", weights: "private", output: "committed" },
      forger,
    });
    kernels.release(mark);
    const verdict = verifyWithKey(proof, key);
    return { code: verdict.ok ? "accepted" : verdict.error.code, steps: forger.steps };
  };
}

const TARGETS = [
  { name: "stored", levels: [] },
  { name: "wiring", levels: [] },
  { name: "dense", levels: LEVELS },
] as const;

const ATTACKED = TARGETS.map(({ name, levels }) => {
  const attack = target(name, levels);
  const { code, steps } = attack(null);
  if (code !== "accepted") throw new Error(`${name}, no step wrong: ${code}`);
  return { name, depth: levels.length, attack, steps };
});

/** With one claim there is nothing to batch: nobody uses the challenge, and another target must. */
const BATCHES = ["layers/batch", "view/batch"];

/** Where the vector goes out in clear: what is not named here fails the equation over committed values. */
const CODES: Readonly<Record<string, RegExp>> = {
  "message commitment/advice": /^opening[.]root$/,
  "message opening/nonce": /^opening[.]root$/,
  "challenge opening/gamma": /^opening[.]column$/,
  "challenge opening/grind": /^opening[.]grind$/,
  "challenge opening/queries": /^opening[.]root$/,
  // Both sides weight zeros: their sum does not tell, the columns do.
  "challenge equality/point": /^opening[.](column|evaluation)$/,
};
/** With levels the equation is that of the last one; work and roots come before it. */
const LEVEL_CODE = /^opening[.](level[A-Z]|grind$|root$)/;
/** At other positions the paths have another number of hashes: the file may end too early. */
const POSITIONS = ["message opening/nonce", "challenge opening/queries"];
const POSITION_CODE = /^(opening[.](root|levelRoot)|proof[.](truncated|notCanonical))$/;

function expected(name: string, depth: number): RegExp {
  if (depth === 0) return CODES[name] ?? /^opening[.]evaluation$/;
  return POSITIONS.includes(name) ? POSITION_CODE : LEVEL_CODE;
}

const refused = new Set<string>();

describe.each(ATTACKED)("a prover with one wrong step ($name, $depth levels)", ({ attack, steps, depth }) => {
  it.each(steps)("$kind $label", ({ kind, label, count }) => {
    const name = `${kind} ${label}`;
    for (const occurrence of new Set([0, count - 1])) {
      const { code } = attack({ kind, label, occurrence });
      if (code === "accepted" && kind === "challenge" && BATCHES.includes(label)) continue;
      refused.add(name);
      expect(code, `number ${occurrence} of ${count}`).toMatch(expected(name, depth));
    }
  });
});

/** Steps that small programs or other files have, and where they are attacked. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "lookup/work": "src/engine/lookupWork.test.ts",
  "lookup/nonce": "src/engine/lookupWork.test.ts",
  "key/header": "src/engine/verifier/malformedKey.test.ts",
  "certificate/header": "src/engine/epoch/cheatCertificate.test.ts",
};

it("leaves no step of the transcript without a cheat", () => {
  const root = new URL("../", import.meta.url);
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !/[.]test[.]ts$|testing/.test(path))
    .map((path) => readFileSync(new URL(path, root), "utf8"));
  const labels = sources.flatMap((source) =>
    [...source.matchAll(/(?:LABEL_[A-Z_]+ = |absorb\w+\()"([^"]+)"/g)].map(([, label]) => label),
  );
  expect(labels.length).toBeGreaterThan(35);
  const attacked = [...refused].map((name) => name.split(" ")[1]);
  const isAttacked = (label: string): boolean => attacked.includes(label) || label in ELSEWHERE;
  expect(labels.filter((label) => !isAttacked(label))).toEqual([]);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).map((path) => `src/${path}`);
  expect(files).toEqual(expect.arrayContaining(Object.values(ELSEWHERE)));
});
