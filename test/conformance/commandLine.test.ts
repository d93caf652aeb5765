/** `--backend` on the command line: refusals everywhere, whole runs where the package is installed. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandLine } from "../../src/cli/testing/commandLine.ts";
import { writeOnnx } from "../../src/formats/onnx/write.ts";
import { chainGraph, gemmLink } from "../../src/quant/testing/smallGraphs.ts";
import { hasPeer } from "./peers.ts";

const isAbsent = hasPeer("snarkjs") ? null : "snarkjs is not installed; npm run peers does";
const VISIBILITY = ["--visibility", "weights=public"];
let cli: CommandLine;

beforeAll(async () => {
  cli = await CommandLine.create();
  const graph = chainGraph([4], [gemmLink("A", 3, 4, 1), { operator: "Relu" }, gemmLink("B", 2, 3, 2)]);
  writeFileSync(cli.path("m.onnx"), writeOnnx(graph));
  writeFileSync(cli.path("x.json"), JSON.stringify([[0.5, -0.25, 0.125, 1]]));
  await cli.json("compile", "m.onnx", "--input-range=-1,1", "-o", "m.tp");
});

afterAll(() => cli.dispose());

describe("--backend", () => {
  it("names all backends where there is none of that name", async () => {
    const { exitCode, answer } = await cli.json("setup", "m.tp", "--backend", "halo3");
    expect(exitCode).toBe(2);
    expect(answer).toMatchObject({ error: { code: "usage" } });
    expect(JSON.stringify(answer)).toMatch(/native, groth16, plonk, fflonk/);
  }, 60_000);

  it("keeps apart what only one side understands", async () => {
    const native = await cli.json("setup", "m.tp", "--ptau", "x");
    expect(native.answer).toMatchObject({ error: { code: "usage", where: "ptau" } });
    const keys = await cli.json("prove", "m.tp", "--keys", "k", "--input", "x.json");
    expect(keys.answer).toMatchObject({ error: { code: "usage", where: "--keys" } });
    const commitment = ["prove", "m.tp", "--backend", "groth16", "--input-commitment", "c"];
    expect((await cli.json(...commitment)).answer).toMatchObject({ error: { where: "inputCommitment" } });
    const linked = ["verify", "p", "--key", "k", "--backend", "groth16", "--input-from", "q"];
    expect((await cli.json(...linked)).answer).toMatchObject({ error: { where: "inputFrom" } });
  }, 60_000);
});

describe.skipIf(isAbsent !== null)(`groth16${isAbsent === null ? "" : ` (skipped: ${isAbsent})`}`, () => {
  it("sets up, proves and verifies, and says each time that the setup is insecure", async () => {
    process.env.TENSORPROOF_PEERS = resolve(process.env.TENSORPROOF_PEERS ?? ".peers");
    const secret = await cli.json("setup", "m.tp", "--backend", "groth16", ...VISIBILITY);
    expect(secret).toMatchObject({ exitCode: 2, answer: { error: { code: "setup.noPtau" } } });
    const both = ["--insecure-setup", "--ptau", "m.tp"];
    const twice = await cli.json("setup", "m.tp", "--backend", "groth16", ...both);
    expect(twice.answer).toMatchObject({ error: { code: "usage", where: "--ptau" } });

    const insecure = [expect.stringContaining("whoever ran it can forge")];
    const setup = ["setup", "m.tp", "--backend", "groth16", ...VISIBILITY, "--insecure-setup", "-o", "keys"];
    const made = await cli.json(...setup);
    expect(made.answer).toMatchObject({
      ...{ backend: "groth16", warnings: insecure, batch: 1 },
      capabilities: { trustedSetup: "perCircuit", postQuantum: false },
    });
    const prove = ["prove", "m.tp", "--backend", "groth16", "--input", "x.json", "-o", "p"];
    const proven = await cli.json(...prove, "--keys", "keys", ...VISIBILITY, "--context", "today");
    expect(proven.answer).toMatchObject({ warnings: insecure, payloadBytes: 256 });
    const expected = await cli.json("run", "m.tp", "--input", "x.json");
    const { outputs } = proven.answer as { outputs: unknown };
    expect(expected.answer).toMatchObject({ outputs });
    const other = await cli.json(...prove, "--keys", "keys");
    expect(other).toMatchObject({ exitCode: 2, answer: { error: { code: "key.mismatch" } } });

    const verify = ["verify", "p", "--key", "keys/verification.key", "--backend", "groth16"];
    const verified = await cli.json(...verify);
    expect(verified).toMatchObject({ exitCode: 0, answer: { ok: true, warnings: insecure, outputs } });
    expect((await cli.run(...verify)).stdout).toContain("WARNING: the setup is insecure");
    const [{ data }] = outputs as { data: number[] }[];
    writeFileSync(cli.path("y.json"), JSON.stringify([data]));
    writeFileSync(cli.path("z.json"), JSON.stringify([[data[0] + 1, data[1]]]));
    expect((await cli.json(...verify, "--output", "y.json")).exitCode).toBe(0);
    const claimed = await cli.json(...verify, "--output", "z.json");
    expect(claimed).toMatchObject({ exitCode: 1, answer: { error: { code: "statement.output" } } });
    const bytes = readFileSync(cli.path("p"));
    bytes[bytes.length - 40] ^= 1;
    writeFileSync(cli.path("bent"), bytes);
    const bent = await cli.json("verify", "bent", ...verify.slice(2));
    expect(bent).toMatchObject({ exitCode: 1, answer: { ok: false } });
  }, 300_000);
});
