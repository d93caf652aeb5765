import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandLine } from "./testing/commandLine.ts";

const MODEL = resolve("examples/mnist/model.onnx");
let cli: CommandLine;

beforeAll(async () => {
  cli = await CommandLine.create();
  const { digits } = JSON.parse(readFileSync("examples/mnist/digits.json", "utf8"));
  const pixels = digits[0].pixels.map((x: number) => x / 255);
  writeFileSync(cli.path("one.json"), JSON.stringify({ input_data: [pixels] }));
});

afterAll(() => cli.dispose());

describe("export --to noir", () => {
  it("writes a package with the sample that was given", async () => {
    const { exitCode, answer } = await cli.json(
      ...["export", MODEL, "--to", "noir", "--input", "one.json", "-o", "p"],
    );
    expect(exitCode).toBe(0);
    for (const file of answer.files) expect(existsSync(cli.path(`p/${file}`)), file).toBe(true);
    for (const file of ["Nargo.toml", "Prover.toml", "src/main.nr", "src/weights.nr", "scripts/prove.sh"])
      expect(answer.files).toContain(file);
    const [name] = answer.inputs;
    const values = readFileSync(cli.path("p/Prover.toml"), "utf8").match(/"\d+"/g) ?? [];
    const main = readFileSync(cli.path("p/src/main.nr"), "utf8");
    expect(main).toContain(`    ${name}: [Field; ${values.length}],\n) -> pub [Field; `);
    expect(main).not.toContain("digest");
  });

  it("makes the input public where asked, and needs no sample", async () => {
    const { answer } = await cli.json("export", MODEL, "--to", "noir", "--public-input", "-o", "q");
    expect(answer.files).not.toContain("Prover.toml");
    expect(readFileSync(cli.path("q/src/main.nr"), "utf8")).toContain(`${answer.inputs[0]}: pub [Field; `);
  });
});
