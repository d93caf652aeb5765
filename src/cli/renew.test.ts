import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandLine } from "./testing/commandLine.ts";

let cli: CommandLine;

beforeAll(async () => {
  cli = await CommandLine.create();
  const { digits } = JSON.parse(readFileSync("examples/mnist/digits.json", "utf8"));
  const pixels: number[] = digits[0].pixels;
  writeFileSync(cli.path("image.json"), JSON.stringify({ input_data: [pixels.map((x) => x / 255)] }));
  expect((await cli.run("compile", resolve("examples/mnist/model.onnx"), "-o", "model.tp")).exitCode).toBe(0);
  expect((await cli.run("setup", "model.tp", "--proofs", "2", "-o", "keys")).exitCode).toBe(0);
});

afterAll(() => cli.dispose());

function prove(folder: string, proof: string): ReturnType<CommandLine["json"]> {
  return cli.json("prove", `${folder}/proving.key`, "--input", "image.json", "-o", proof);
}

describe("renew", () => {
  it("gives further proofs under the same key, which verifiers accept with the certificate", async () => {
    for (const proof of ["a.proof", "b.proof"]) expect((await prove("keys", proof)).exitCode).toBe(0);
    const exhausted = await prove("keys", "c.proof");
    expect(exhausted).toMatchObject({ exitCode: 3, answer: { error: { code: "budget.exhausted" } } });
    expect(exhausted.answer.error.message).toContain("tensorproof renew");

    const renewed = await cli.json("renew", "keys/proving.key", "-o", "epoch");
    expect(renewed).toMatchObject({ exitCode: 0, answer: { depth: 1, renewal: 0, proofBudget: 2 } });
    expect(renewed.answer.securityBits).toBeGreaterThanOrEqual(100);
    expect(statSync(cli.path("epoch/proving.key")).mode & 0o777).toBe(0o600);
    expect(readFileSync(cli.path("epoch/verification.key"))).toEqual(
      readFileSync(cli.path("keys/verification.key")),
    );

    const made = await prove("epoch", "c.proof");
    expect(made.answer.statement).toMatchObject({
      modelCommitment: renewed.answer.modelCommitment,
      weightSlot: { epochRoot: renewed.answer.epochRoot, certificate: renewed.answer.certificate, slot: 0 },
    });
    const verify = ["verify", "c.proof", "--key", "keys/verification.key"];
    const without = await cli.json(...verify);
    expect(without).toMatchObject({ exitCode: 1, answer: { error: { code: "statement.epoch" } } });
    expect(without.answer.error.where).toContain(renewed.answer.certificate);
    const certificate = ["--certificate", "epoch/epoch-1.certificate"];
    expect(await cli.json(...verify, ...certificate)).toMatchObject({ exitCode: 0, answer: { ok: true } });
    const statement = await cli.run(
      "statement",
      "c.proof",
      "--key",
      "keys/verification.key",
      ...certificate,
      "--security",
    );
    expect(statement.stdout).toContain("each certificate of the epoch");
    expect(statement.stdout).toContain(renewed.answer.epochRoot);
  });

  it("of an epoch takes the certificates of both", async () => {
    expect((await cli.json("renew", "epoch/proving.key", "-o", "second")).answer.depth).toBe(2);
    expect((await prove("second", "d.proof")).exitCode).toBe(0);
    const verify = [
      "verify",
      "d.proof",
      "--key",
      "keys/verification.key",
      "--certificate",
      "second/epoch-2.certificate",
    ];
    expect(await cli.json(...verify)).toMatchObject({
      exitCode: 1,
      answer: { error: { code: "certificate.parent" } },
    });
    expect((await cli.json(...verify, "second/epoch-1.certificate")).exitCode).toBe(0);
  });

  it("is the way out for a copied key, once, and not for the original", async () => {
    cpSync(cli.path("epoch"), cli.path("copied"), { recursive: true });
    const copied = await prove("copied", "e.proof");
    expect(copied).toMatchObject({ exitCode: 2, answer: { error: { code: "budget.copied" } } });
    expect(copied.answer.error.message).toContain("renew KEY --restored");
    const renew = (key: string, folder: string, ...more: string[]) =>
      cli.json("renew", `${key}/proving.key`, "-o", folder, ...more);
    expect((await renew("copied", "third")).answer.error.code).toBe("budget.copied");
    expect((await renew("epoch", "third", "--restored")).answer.error.code).toBe("budget.original");
    expect((await renew("copied", "third", "--restored")).answer).toMatchObject({ depth: 2, renewal: 2 });
    expect((await prove("third", "e.proof")).exitCode).toBe(0);
    expect((await renew("copied", "fourth", "--restored")).answer.error.code).toBe("budget.renewals");
  });

  it("is the way out for a key whose counter is gone", async () => {
    expect((await cli.run("setup", "model.tp", "--proofs", "1", "-o", "lost")).exitCode).toBe(0);
    rmSync(cli.path("lost/proving.key.slots"));
    expect((await prove("lost", "f.proof")).answer.error.code).toBe("budget.missing");
    writeFileSync(cli.path("lost/proving.key.slots"), readFileSync(cli.path("keys/proving.key.slots")));
    expect((await prove("lost", "f.proof")).answer.error.code).toBe("budget.foreign");
    expect((await cli.json("renew", "lost/proving.key", "-o", "found", "--restored")).answer.depth).toBe(1);
    expect((await prove("found", "f.proof")).exitCode).toBe(0);
  });

  it("refuses folders with a key, public weights, and what is no key", async () => {
    const refusals = [
      ["renew", "keys/proving.key", "-o", "epoch"],
      ["renew", "image.json", "-o", "fifth"],
    ];
    for (const args of refusals) {
      expect(await cli.json(...args)).toMatchObject({ exitCode: 2, answer: { error: { code: "usage" } } });
    }
    expect((await cli.run("setup", "model.tp", "--weights", "public", "-o", "shown")).exitCode).toBe(0);
    expect(await cli.json("renew", "shown/proving.key", "-o", "fifth")).toMatchObject({
      exitCode: 2,
      answer: { error: { code: "usage" } },
    });
  });
});
