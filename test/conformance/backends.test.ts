import { describe, expect, it } from "vitest";
import { BACKEND_NAMES, type BackendName } from "../../src/backends/proofBackend.ts";
import { loadBackend } from "../../src/backends/registry.ts";
import { describeBackend } from "./describeBackend.ts";
import { hasPeer } from "./peers.ts";

/** Backends that prove the Program itself; EZKL has a test of its own. */
const EXACT = BACKEND_NAMES.filter((name) => name !== "ezkl");

const NEEDED: Readonly<Record<Exclude<BackendName, "ezkl">, string | null>> = {
  native: null,
  groth16: "snarkjs",
  plonk: "snarkjs",
  fflonk: "snarkjs",
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
    } finally {
      if (before === undefined) delete process.env.TENSORPROOF_PEERS;
      else process.env.TENSORPROOF_PEERS = before;
    }
  });
});
