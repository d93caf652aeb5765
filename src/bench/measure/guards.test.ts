/** The guards of a measurement, against backends and models that must not count. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { BackendCapabilities } from "../../backends/capabilities.ts";
import type { BackendVerdict, ProofBackend } from "../../backends/proofBackend.ts";
import { writeNpy } from "../../data/npy.ts";
import { writeOnnx } from "../../formats/onnx/write.ts";
import { chainGraph, gemmLink } from "../../quant/testing/smallGraphs.ts";
import { withDefaults } from "../suite.ts";
import { accuracyRole } from "./accuracyRole.ts";
import type { Job, Role } from "./job.ts";
import { proveRole, type Telling } from "./proveRole.ts";
import { verifyRole } from "./verifyRole.ts";

/** What the next loaded backend does otherwise than the native one. */
let changed: Partial<ProofBackend> = {};

vi.mock(import("../../backends/registry.ts"), async (original) => {
  const { loadBackend } = await original();
  return {
    loadBackend: async (name, options) => ({ ...(await loadBackend(name, options)), ...changed }),
  };
});

const QUIET: Telling = { onStep: () => {}, onKnown: () => {} };
const OWN = { arithmetic: "own" } as BackendCapabilities;
let folder: string;

function job(role: Role, model: object = {}): Job {
  const file = (name: string): string => join(folder, name);
  return {
    role,
    model: { name: "m", file: file("m.onnx"), data: file("x.npy"), labels: file("y.npy"), ...model },
    ...{ backend: "native", folder, arithmetic: "exact" },
    settings: withDefaults({ name: "default", repetitions: 1, inputRange: [0, 1] }),
  };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tensorproof-guards-"));
  const links = [gemmLink("A", 3, 4, 1), { operator: "Relu" }, gemmLink("B", 2, 3, 2)];
  const graph = chainGraph([4], links);
  const dead = new Map(graph.initializers);
  for (const [name, tensor] of dead)
    dead.set(name, { ...tensor, data: tensor.data.map(() => 0) } as typeof tensor);
  writeFileSync(join(folder, "m.onnx"), writeOnnx(graph));
  writeFileSync(join(folder, "dead.onnx"), writeOnnx({ ...graph, initializers: dead }));
  const data = Float32Array.from({ length: 12 }, (_, i) => ((7 * i) % 12) / 12);
  writeFileSync(join(folder, "x.npy"), writeNpy({ shape: [3, 4], data }));
  writeFileSync(join(folder, "y.npy"), writeNpy({ shape: [3], data: Uint8Array.of(0, 1, 0) }));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("a measurement is refused", () => {
  it("where the output does not depend on the input", async () => {
    changed = {};
    const dead = job("prove", { file: join(folder, "dead.onnx") });
    await expect(proveRole(dead, QUIET)).rejects.toMatchObject({ code: "guard.constantOutput" });
  });

  it("where a backend computes something else than the program", async () => {
    changed = {
      compile: async () => ({
        ...{ size: {}, times: {} },
        setup: async () => ({
          ...{ provingKey: new Uint8Array(1), verificationKey: new Uint8Array(1) },
          ...{ times: {}, warnings: [] },
        }),
        witness: async () => ({
          ...{ outputs: [Int32Array.of(1, 2)], reals: [], times: {} },
          prove: async () => ({ proof: new Uint8Array(1), payloadBytes: 1, times: {} }),
        }),
      }),
    };
    await expect(proveRole(job("prove"), QUIET)).rejects.toMatchObject({ code: "guard.wrongOutput" });
  });

  it("where a proof is refused, a tampered one accepted, or other outputs are stated", async () => {
    changed = {};
    await proveRole(job("prove"), QUIET);
    const answer = await verifyRole(job("verify"), () => {});
    expect(answer).toMatchObject({ proofsVerified: 2, tamperedRefused: 3 });
    let accepted: BackendVerdict | null = null;
    const { loadBackend } = await import("../../backends/registry.ts");
    const native = await loadBackend("native");
    // Accepts whatever follows the first proof.
    changed = {
      verify: async (proof, key) => {
        accepted ??= await native.verify(proof, key);
        return accepted;
      },
    };
    const verifying = (): Promise<unknown> => verifyRole(job("verify"), () => {});
    await expect(verifying()).rejects.toMatchObject({ code: "guard.tamperedAccepted" });
    changed = { verify: async () => ({ ok: false, error: { code: "x", where: "y" } }) };
    await expect(verifying()).rejects.toMatchObject({ code: "guard.proofRefused" });
    changed = { verify: async () => ({ ok: true, statement: null, outputs: [Float64Array.of(1, 2)] }) };
    await expect(verifying()).rejects.toMatchObject({ code: "guard.wrongStatement" });
    await native.dispose();
  }, 120_000);

  it("where a backend quantises by itself and its accuracy cannot be had", async () => {
    changed = { capabilities: OWN };
    const unlabelled = proveRole(job("prove", { labels: undefined }), QUIET);
    await expect(unlabelled).rejects.toMatchObject({ code: "guard.noAccuracy" });
    const silent = accuracyRole({ ...job("accuracy"), arithmetic: "own" }, () => {});
    await expect(silent).rejects.toMatchObject({ code: "guard.noAccuracy" });
  });
});
