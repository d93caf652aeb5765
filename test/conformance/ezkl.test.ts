/** EZKL on the same model, where its Python package is installed: outputs within its own scale, forgeries refused. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readEzklProof, writeEzklProof } from "../../src/backends/ezkl/proofFile.ts";
import type { BackendKeys, CompileRequest } from "../../src/backends/proofBackend.ts";
import { loadBackend } from "../../src/backends/registry.ts";
import { writeOnnx } from "../../src/formats/onnx/write.ts";
import { runGraph } from "../../src/graph/run.ts";
import { compileGraph } from "../../src/quant/compileGraph.ts";
import { quantiseInput } from "../../src/quant/realValues.ts";
import { chainGraph, gemmLink } from "../../src/quant/testing/smallGraphs.ts";
import { floatTensor } from "../../src/tensor/tensor.ts";

const python = resolve(process.env.TENSORPROOF_PEERS ?? ".peers", "ezkl/bin/python");
const isAbsent = existsSync(python) ? null : "ezkl is not installed; npm run peers -- ezkl does";
const VISIBILITIES = { input: "private", weights: "public", output: "public" } as const;

const graph = chainGraph([4], [gemmLink("A", 3, 4, 1), { operator: "Relu" }, gemmLink("B", 2, 3, 2)]);
const sample = floatTensor([1, 4], Float32Array.of(0.5, -0.25, 0.125, 1));
const { program } = compileGraph(graph, { inputRange: [-1, 1] });
const request: CompileRequest = {
  visibilities: VISIBILITIES,
  batch: 1,
  source: {
    onnx: writeOnnx(graph),
    batchAxis: "batch",
    calibration: [sample.data],
    target: "resources",
    fractionBits: null,
  },
};

describe.skipIf(isAbsent !== null)(`ezkl${isAbsent === null ? "" : ` (skipped: ${isAbsent})`}`, () => {
  it("proves its own quantisation of the model, and refuses what is not so", async () => {
    const backend = await loadBackend("ezkl");
    const circuit = await backend.compile(program, request);
    expect(circuit.size.rows).toBeGreaterThan(0);
    const keys = await circuit.setup({ trustedSetup: { kind: "insecure" } });
    expect(keys.warnings).toHaveLength(1);
    const witness = await circuit.witness({ inputs: [quantiseInput(program, 0, sample.data)] }, keys);
    expect(witness.outputs).toBeNull();
    const expected = runGraph(graph, [sample]).get(graph.outputs[0].name);
    expect(expected?.data).toHaveLength(2);
    witness.reals[0].forEach((value, i) => {
      expect(Math.abs(value - Number(expected?.data[i]))).toBeLessThan(0.05);
    });
    expect(await backend.infer?.(keys.provingKey, [[sample.data], [sample.data]])).toEqual([
      witness.reals[0],
      witness.reals[0],
    ]);
    const { proof, payloadBytes } = await witness.prove();
    expect(payloadBytes).toBeLessThan(proof.length);
    const verify = async (bytes: Uint8Array, key: BackendKeys = keys): Promise<string> => {
      const verdict = await backend.verify(bytes, key.verificationKey);
      return verdict.ok ? "ok" : verdict.error.code;
    };
    const verdict = await backend.verify(proof, keys.verificationKey);
    expect(verdict).toEqual({ ok: true, statement: null, outputs: witness.reals });

    const parsed = readEzklProof(proof);
    const [first, ...others] = parsed.instances;
    const forged = writeEzklProof({
      ...parsed,
      instances: [`${first.startsWith("00") ? "01" : "00"}${first.slice(2)}`, ...others],
    });
    expect(await verify(forged)).not.toBe("ok");
    const bent = proof.slice();
    bent[bent.length - 100] ^= 1;
    expect(await verify(bent)).not.toBe("ok");
    expect(await verify(proof.subarray(0, proof.length - 1))).toBe("proof.truncated");
  }, 1_200_000);
});

describe("ezkl", () => {
  it("keeps instances and argument as they are", () => {
    const proof = { instances: [`55${"02".padEnd(62, "0")}`], argument: Uint8Array.of(1, 2, 3) };
    expect(readEzklProof(writeEzklProof(proof))).toEqual(proof);
  });

  it("is refused with what installs it where its package is missing", async () => {
    const before = { ...process.env };
    process.env.TENSORPROOF_PEERS = "/nowhere";
    process.env.PATH = "/nowhere";
    try {
      await expect(loadBackend("ezkl")).rejects.toMatchObject({
        code: "backend.missingPeer",
        where: "ezkl",
        message: expect.stringContaining("pip install ezkl==23.0.5"),
      });
    } finally {
      process.env = before;
    }
  });
});
