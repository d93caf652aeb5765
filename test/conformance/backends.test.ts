import { afterEach, describe, expect, it, vi } from "vitest";
import { BACKEND_NAMES, type BackendName } from "../../src/backends/proofBackend.ts";
import { loadBackend } from "../../src/backends/registry.ts";
import { freshSalt } from "../../src/backends/statement/runStatement.ts";
import { setup } from "../../src/engine/prover/setup.ts";
import { writeProvingKey } from "../../src/engine/provingKey.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { describeBackend } from "./describeBackend.ts";
import { hasPeer } from "./peers.ts";
import { smallInput, smallProgram } from "./smallProgram.ts";

/** Backends that prove the Program itself; EZKL has a test of its own. */
const EXACT = BACKEND_NAMES.filter((name) => name !== "ezkl");

const NEEDED: Readonly<Record<Exclude<BackendName, "ezkl">, string | null>> = {
  native: null,
  groth16: "snarkjs",
  plonk: "snarkjs",
  fflonk: "snarkjs",
  ultrahonk: "@aztec/bb.js",
};

for (const name of EXACT) {
  const peer = NEEDED[name];
  const isAbsent = peer === null || hasPeer(peer) ? null : `${peer} is not installed; npm run peers does`;
  // Their gates have three terms each, and a hash's combinations have many.
  describeBackend({ name, isAbsent, isSlow: name === "plonk" || name === "fflonk" });
}

describe("backends", () => {
  it("that do not exist are refused with the names of those that do", async () => {
    await expect(loadBackend("halo3")).rejects.toMatchObject({
      code: "backend.unknown",
      message: `there is no backend "halo3"; there are ${BACKEND_NAMES.join(", ")}`,
    });
  });

  it("whose package is missing are refused with what installs it", async () => {
    const before = process.env.TENSORPROOF_PEERS;
    process.env.TENSORPROOF_PEERS = "/nowhere";
    try {
      for (const name of ["groth16", "plonk", "fflonk"]) {
        await expect(loadBackend(name)).rejects.toMatchObject({
          code: "backend.missingPeer",
          where: "snarkjs",
          message: expect.stringContaining("npm install snarkjs@0.7.6"),
        });
      }
      await expect(loadBackend("ultrahonk")).rejects.toMatchObject({
        code: "backend.missingPeer",
        where: "@noir-lang/noir_wasm",
        message: expect.stringContaining("npm run peers -- noir"),
      });
    } finally {
      if (before === undefined) delete process.env.TENSORPROOF_PEERS;
      else process.env.TENSORPROOF_PEERS = before;
    }
  });
});

describe("the native backend counts the proofs of a commitment", () => {
  const HIDDEN = { input: "private", weights: "private", output: "public" } as const;
  const request = { visibilities: HIDDEN, batch: 1 };
  const run = { inputs: [smallInput(1)] };

  it("across circuits of one program", async () => {
    const backend = await loadBackend("native", { proofs: 1 });
    const [first, second] = [
      await backend.compile(smallProgram(1), request),
      await backend.compile(smallProgram(1), request),
    ];
    const keys = await first.setup();
    await (await first.witness(run, keys)).prove();
    for (const circuit of [second, first]) {
      const witness = await circuit.witness(run, keys);
      await expect(witness.prove()).rejects.toMatchObject({ code: "budget.exhausted" });
    }
    await backend.dispose();
  });

  it("and proves with none that another process made", async () => {
    const backend = await loadBackend("native");
    const kernels = createKernels({ threads: 1 });
    const made = setup(kernels, smallProgram(1), { weights: "hidden", proofs: 2, batch: 1 });
    kernels.dispose();
    const keys = { provingKey: writeProvingKey(made.provingKey), verificationKey: made.verificationKey };
    const witness = await (await backend.compile(smallProgram(1), request)).witness(run, keys);
    await expect(witness.prove()).rejects.toMatchObject({ code: "budget.missing" });
    await backend.dispose();
  });
});

describe("salts of commitments", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("are not drawn from a generator that leaves its bytes at zero", () => {
    vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => array);
    expect(freshSalt).toThrow(expect.objectContaining({ code: "random.generator" }));
  });
});
