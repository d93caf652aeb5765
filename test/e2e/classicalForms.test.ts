import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { cheatingSetup, cheatProof } from "../../src/engine/testing/cheatingProver.ts";
import { checkVerificationKey, createKernels, verifyWithKey } from "../../src/index.ts";
import { quantiseInput } from "../../src/quant/realValues.ts";
import { columnsOf, compiled, proveTable } from "./classicalRun.ts";

interface Case {
  readonly name: string;
  readonly model: object;
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[] | null;
}

const CASES: readonly Case[] = JSON.parse(
  readFileSync(new URL("../vectors/classical/forms.json", import.meta.url), "utf8"),
);
const [gaussian] = CASES;
const fileOf = ({ model }: Case): Uint8Array => new TextEncoder().encode(JSON.stringify(model));

describe("products of features, the model hidden", async () => {
  const samples = columnsOf(gaussian.rows);
  const program = await compiled(fileOf(gaussian), "nb.json", samples);
  const kernels = createKernels({ threads: 1 });
  afterAll(() => kernels.dispose());
  const batch = 2;
  const inputs = samples.map(({ data }, i) => quantiseInput(program, i, data.slice(0, batch)));
  const key = cheatingSetup(kernels, program, program.constants);
  const checked = checkVerificationKey(key.verificationKey);
  if (!checked.ok) throw new Error(checked.error.code);
  const visibilities = { input: "private", weights: "private", output: "public" } as const;
  const verdictOf = (changed: string | null) => {
    const mark = kernels.mark();
    const tamper = (name: string, values: Int32Array): void => {
      if (name === changed) values[0] += values[0] > 0 ? -1 : 1;
    };
    const proof = cheatProof(kernels, key, { inputs, batch, visibilities, tamper });
    kernels.release(mark);
    return verifyWithKey(proof, checked.key);
  };

  it("Gaussian naive Bayes: the library's labels are proven", () => {
    const { verdict, output } = proveTable(program, samples);
    expect(verdict).toMatchObject({ ok: true });
    expect(Array.from(output)).toEqual(gaussian.labels);
  });

  it("a prover who cheats nowhere is believed", () => {
    expect(verdictOf(null)).toMatchObject({ ok: true });
  });

  const rounded = program.operators.filter(({ kind }) => kind === "requantise").map(({ output }) => output);
  it.each([
    ["a digit of a feature", /^x0 \(from/],
    ["a digit of a factor", /factors of features from 1 on\) \(from/],
    ["the rounded sum of the finer products", /finer products, rounded/],
  ])("one who changes %s is refused", (_, what) => {
    const name = rounded.map((id) => program.tensors[id].name).find((tensor) => what.test(tensor));
    expect(name).toBeDefined();
    expect(verdictOf(name ?? null)).toMatchObject({ ok: false, error: { code: "opening.evaluation" } });
  });
});

interface Machines {
  readonly cases: readonly Case[];
}

describe("a support vector machine, the model hidden", async () => {
  const { cases }: Machines = JSON.parse(
    readFileSync(new URL("../vectors/classical/svm.json", import.meta.url), "utf8"),
  );
  const [rbf] = cases;
  const samples = columnsOf(rbf.rows);
  const program = await compiled(fileOf(rbf), "svm.json", samples);

  it("the library's labels are proven, of three classes with an rbf kernel", () => {
    const { verdict, output, tampered } = proveTable(program, samples);
    expect(verdict).toMatchObject({ ok: true });
    expect(Array.from(output)).toEqual(rbf.labels);
    expect(tampered.ok).toBe(false);
  });

  it.each([
    ["a kernel's value", /^KernelFunction/],
    ["a vote", /Cast|Greater/],
  ])("one who changes %s is refused", (_, what) => {
    const kernels = createKernels({ threads: 1 });
    try {
      const names = program.operators.filter(({ kind }) => kind === "requantise").map(({ output }) => output);
      const changed = names.map((id) => program.tensors[id].name).find((name) => what.test(name));
      expect(changed).toBeDefined();
      const key = cheatingSetup(kernels, program, program.constants);
      const checked = checkVerificationKey(key.verificationKey);
      if (!checked.ok) throw new Error(checked.error.code);
      const visibilities = { input: "private", weights: "private", output: "public" } as const;
      const inputs = samples.map(({ data }, i) => quantiseInput(program, i, data.slice(0, 2)));
      const tamper = (name: string, values: Int32Array): void => {
        if (name === changed) values[0] += values[0] > 0 ? -1 : 1;
      };
      const proof = cheatProof(kernels, key, { inputs, batch: 2, visibilities, tamper });
      expect(verifyWithKey(proof, checked.key)).toMatchObject({
        ok: false,
        error: { code: "opening.levelEvaluation" },
      });
    } finally {
      kernels.dispose();
    }
  });
});
