/**
 * Where the masks come from: the platform's generator, a fresh seed for every commitment of every proof, and nothing else.
 */
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { freshSeed } from "../commitment/prover/secretStream.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { NativeProver } from "./prover/nativeProver.ts";
import { setup } from "./prover/setup.ts";
import { denseProgram, seededIntegers } from "./testing/denseProgram.ts";
import { Trials, type View } from "./testing/hiding/trial.ts";
import { LEAN, WIRED } from "./testing/hiding/trialPlans.ts";
import { MemorySlotCounter } from "./testing/memorySlotCounter.ts";
import { Coins } from "./testing/simulator/coins.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const SHAPE = {
  logColumns: 3,
  logLength: 5,
  queries: 3,
  grindBits: 0,
  weightUses: 1,
  dataUses: 1,
  levels: [],
};
const kernels = createKernels();

/** The platform's generator, replaced. Every call is listed by its length. */
function generator(fill: (bytes: Uint8Array, call: number) => void): number[] {
  const calls: number[] = [];
  vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
    if (!(array instanceof Uint8Array)) throw new TypeError("expected bytes");
    fill(array, calls.length);
    calls.push(array.length);
    return array;
  });
  return calls;
}

function seeded(seed: string): (bytes: Uint8Array, call: number) => void {
  return (bytes, call) => bytes.set(new Coins(`${seed} ${call}`).bytes(bytes.length));
}

describe.each([LEAN, WIRED])("two proofs of one witness under the same challenges ($name)", (plan) => {
  const trials = new Trials(kernels, plan, SHAPE, "fresh");
  const witness = plan.witness("first");
  const prove = (): View => trials.prove(witness);

  it("differ in every element, salt and root", () => {
    const [one, two] = [prove(), prove()];
    // Elements agree by chance once in 2^31.
    const same = one.words.filter((word, i) => word === two.words[i]);
    expect(same.length).toBeLessThanOrEqual(1);
    one.roots.forEach((root, i) => {
      expect(root).not.toEqual(two.roots[i]);
    });
    one.trees.forEach(({ salts }, i) => {
      for (let at = 0; at < salts.length; at += 32) {
        expect(salts.slice(at, at + 32)).not.toEqual(two.trees[i].salts.slice(at, at + 32));
      }
    });
  });

  it("are equal if the generator's answers are: nothing else is random", () => {
    const views = ["a", "a", "b"].map((seed) => {
      const calls = generator(seeded(seed));
      const view = prove();
      // One seed per tree.
      expect(calls).toEqual(trials.layout.trees.map(() => 32));
      vi.restoreAllMocks();
      return view;
    });
    expect(views[0].payload).toEqual(views[1].payload);
    expect(views[0].payload).not.toEqual(views[2].payload);
  });

  it("need every byte of the seed", () => {
    generator(seeded("bytes"));
    const { payload } = prove();
    for (const byte of [0, 7, 8, 15, 16, 24, 31]) {
      vi.restoreAllMocks();
      generator((bytes, call) => {
        seeded("bytes")(bytes, call);
        if (call === trials.layout.trees.length - 1) bytes[byte] ^= 1;
      });
      expect(prove().payload).not.toEqual(payload);
    }
  });
});

describe("a generator that cannot be relied on", () => {
  const failed = expect.objectContaining({ name: "TensorproofError", code: "random.generator" });
  const program = denseProgram({ input: 11, hidden: 7, output: 5 });
  const inputs = [seededIntegers(1, 11, 0, 255)];

  it.each<[string, (bytes: Uint8Array, call: number) => void]>([
    [
      "throws",
      () => {
        throw new Error("no entropy");
      },
    ],
    ["leaves everything as it was", () => {}],
    ["fills too little", (bytes, call) => bytes.set(new Coins(`${call}`).bytes(16))],
    ["repeats itself", (bytes) => bytes.fill(7)],
  ])("stops setup and proofs: %s", (_, fill) => {
    const { provingKey } = setup(kernels, program, { weights: "hidden", proofs: 8, batch: 1 });
    const prover = new NativeProver(kernels, provingKey, new MemorySlotCounter());
    const visibilities = { input: "private", weights: "private", output: "public" } as const;
    const prove = (): unknown => prover.prove({ inputs, batch: 1, visibilities });
    expect(prove).not.toThrow();
    generator(fill);
    // The first seed of a generator that repeats itself looks like any other.
    expect(() => {
      prove();
      prove();
    }).toThrow(failed);
    expect(() => {
      freshSeed();
      freshSeed();
    }).toThrow(failed);
    expect(() => setup(kernels, program, { weights: "hidden", proofs: 8, batch: 1 })).toThrow(failed);
  });
});

it("no product code knows another source of randomness", () => {
  const folders = [
    "bytes",
    "claims",
    "code",
    "commitment",
    "engine",
    "field",
    "hash",
    "kernels",
    "lookup",
  ].concat(["masking", "poly", "products", "relations", "sumcheck", "transcript"]);
  const source = new URL("../", import.meta.url);
  const users: string[] = [];
  for (const folder of folders) {
    for (const name of readdirSync(new URL(folder, source), { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".ts") || name.endsWith(".test.ts") || /(^|[\\/])testing[\\/]/.test(name)) continue;
      const text = readFileSync(new URL(`${folder}/${name}`, source), "utf8");
      if (/Math\.random|randomBytes|randomUUID|getRandomValues|Date\.now|webcrypto/.test(text)) {
        users.push(`${folder}/${name}`);
      }
    }
  }
  expect(users).toEqual(["commitment/prover/secretStream.ts"]);
});
