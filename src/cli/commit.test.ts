/** Proofs that read one commitment: counted, chained, renewed. */
import { copyFileSync, statSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { denseProgram, firstLayer, seededIntegers } from "../engine/testing/denseProgram.ts";
import { serialiseProgram } from "../program/programFile.ts";
import { CommandLine } from "./testing/commandLine.ts";

let cli: CommandLine;

beforeAll(async () => {
  cli = await CommandLine.create();
  writeFileSync(cli.path("a.tp"), serialiseProgram(firstLayer({ input: 9, hidden: 12, output: 4 })));
  writeFileSync(cli.path("b.tp"), serialiseProgram(denseProgram({ input: 12, hidden: 6, output: 5 })));
  writeFileSync(cli.path("x.json"), JSON.stringify([[...seededIntegers(7, 9, 0, 255)]]));
  expect((await cli.run("setup", "a.tp", "-o", "a")).exitCode).toBe(0);
  expect((await cli.run("setup", "b.tp", "--like", "a/verification.key", "-o", "b")).exitCode).toBe(0);
});

afterAll(() => cli.dispose());

const INPUT = ["--input", "x.json", "--input-integers"];

describe("a hidden tensor between two models", () => {
  it("is one commitment in both proofs, which verifiers can check", async () => {
    const first = await cli.json(
      "prove",
      "a/proving.key",
      ...INPUT,
      "--output-commitment",
      "y.data",
      "-o",
      "a.proof",
    );
    expect(first).toMatchObject({
      exitCode: 0,
      answer: { statement: { visibilities: { output: "committed" } } },
    });
    expect(statSync(cli.path("y.data")).mode & 0o777).toBe(0o600);
    const second = await cli.json("prove", "b/proving.key", "--input-commitment", "y.data", "-o", "b.proof");
    expect(second.answer.statement).toMatchObject({
      visibilities: { input: "committed" },
      inputCommitment: first.answer.statement.outputCommitment,
    });
    const link = ["--input-from", "a.proof", "--input-from-key", "a/verification.key"];
    expect(await cli.json("verify", "b.proof", "--key", "b/verification.key", ...link)).toMatchObject({
      exitCode: 0,
      answer: { ok: true },
    });
  });

  it("is renewed with a certificate, and counted", async () => {
    const prove = (data: string, proof: string) =>
      cli.json("prove", "b/proving.key", "--input-commitment", data, "-o", proof);
    const other = await prove("y.data", "c.proof");
    expect(other.exitCode).toBe(0);
    // One opening by the proof that made it, one kept for the certificate.
    expect(await prove("y.data", "d.proof")).toMatchObject({
      exitCode: 3,
      answer: { error: { code: "budget.exhausted" } },
    });
    const renewed = await cli.json("renew", "y.data", "--key", "b/verification.key", "-o", "z.data");
    expect(renewed).toMatchObject({ exitCode: 0, answer: { proofBudget: 2 } });
    expect((await prove("z.data", "d.proof")).exitCode).toBe(0);
    const link = ["--input-from", "a.proof", "--input-from-key", "a/verification.key"];
    const verify = ["verify", "d.proof", "--key", "b/verification.key", ...link];
    expect(await cli.json(...verify)).toMatchObject({
      exitCode: 1,
      answer: { error: { code: "link.root" } },
    });
    expect((await cli.json(...verify, "--data-certificate", "z.data.certificate")).exitCode).toBe(0);
    const again = await cli.json("renew", "y.data", "--key", "b/verification.key", "-o", "w.data");
    expect(again).toMatchObject({ exitCode: 3, answer: { error: { code: "budget.renewals" } } });
  });
});

describe("commit", () => {
  it("serves several proofs of one model, under one root", async () => {
    const made = await cli.json("commit", "a/proving.key", ...INPUT, "-o", "x.data");
    expect(made).toMatchObject({ exitCode: 0, answer: { proofBudget: 3 } });
    const roots = [];
    for (const proof of ["e.proof", "f.proof"]) {
      const { answer } = await cli.json(
        "prove",
        "a/proving.key",
        "--input-commitment",
        "x.data",
        "-o",
        proof,
      );
      roots.push(answer.statement.inputCommitment);
    }
    expect(roots).toEqual([made.answer.root, made.answer.root]);
  });

  it("refuses copies, other layouts, other keys and contradictions", async () => {
    copyFileSync(cli.path("x.data"), cli.path("copy.data"));
    copyFileSync(cli.path("x.data.slots"), cli.path("copy.data.slots"));
    const refusals: readonly (readonly [string, readonly string[]])[] = [
      ["budget.copied", ["prove", "a/proving.key", "--input-commitment", "copy.data"]],
      ["input.shape", ["prove", "b/proving.key", "--input-commitment", "x.data"]],
      ["usage", ["prove", "a/proving.key", "--input-commitment", "x.data", ...INPUT]],
      ["usage", ["prove", "a/proving.key"]],
      ["usage", ["prove", "a/proving.key", "--input-commitment", "x.data", "--visibility", "input=public"]],
      ["usage", ["commit", "a.tp", ...INPUT, "-o", "v.data"]],
      ["usage", ["renew", "x.data", "-o", "v.data"]],
      ["usage", ["renew", "x.data", "--key", "a/verification.key", "-o", "v.data", "--restored"]],
    ];
    for (const [code, args] of refusals) {
      expect(await cli.json(...args), args.join(" ")).toMatchObject({
        exitCode: 2,
        answer: { error: { code } },
      });
    }
    expect((await cli.run("setup", "a.tp", "--proofs", "100", "-o", "larger")).exitCode).toBe(0);
    const other = await cli.json("prove", "larger/proving.key", "--input-commitment", "x.data");
    expect(other).toMatchObject({ exitCode: 2, answer: { error: { code: "commitment.parameters" } } });
    expect(other.answer.error.message).toContain("setup --like");
  });
});
