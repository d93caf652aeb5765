import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CommandLine } from "../../src/cli/testing/commandLine.ts";

let cli: CommandLine;
beforeAll(async () => {
  cli = await CommandLine.create();
});
afterAll(() => cli.dispose());

it.each(["xgb_binary.json", "lgb_binary.txt"])(
  "%s and a table of rows: one proof of all labels",
  async (file) => {
    const vector = (name: string): string => resolve("test/vectors/classical", name);
    const made = await cli.json("prove", vector(file), "--input", vector("rows.csv"), "-o", "rows.proof");
    const expected = JSON.parse(readFileSync(vector("expected.json"), "utf8"))[file.replace(/\.\w+$/, "")];
    const labels = expected.map((score: number) => Number(score > 0));
    expect(made).toMatchObject({ exitCode: 0, answer: { outputs: [{ shape: [40], data: labels }, {}] } });
    const verified = await cli.json("verify", "rows.proof", "--key", "rows.proof.vk");
    expect(verified).toMatchObject({ exitCode: 0, answer: { ok: true, outputs: [{ data: labels }, {}] } });
  },
);
