import { existsSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { cheatingSetup, cheatProof, tamperedRun } from "../../src/engine/testing/cheatingProver.ts";
import { SHARED_DATA } from "../../src/formats/testing/goldens.ts";
import { checkVerificationKey, createKernels, type Program, verifyWithKey } from "../../src/index.ts";
import { quantiseInput } from "../../src/quant/realValues.ts";
import { columnsOf, compiled, proveTable, tableOf } from "./classicalRun.ts";

const VECTORS = new URL("../vectors/classical/", import.meta.url);
const read = (name: string): Uint8Array => readFileSync(new URL(name, VECTORS));
const json = (name: string) => JSON.parse(new TextDecoder().decode(read(name)));
const cellsOf = (text: string): string[][] =>
  text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
const ROWS = cellsOf(new TextDecoder().decode(read("rows.csv"))).map((row) => row.map(Number));
const EXPECTED: Readonly<Record<string, (number | number[])[]>> = json("expected.json");

/** The library's labels, from its scores where those are what was stored. */
function labelsOf(name: string): number[] {
  return EXPECTED[name].map((score) => {
    if (Array.isArray(score)) return score.indexOf(Math.max(...score));
    return name === "forest" || name === "tree" ? score : Number(score > 0);
  });
}

describe("trees, all rows in one proof, the model hidden", () => {
  it.each(["tree.onnx", "forest.onnx", "xgb_binary.json", "xgb_multi.json", "lgb_multi.txt"])(
    "%s: the library's labels are proven",
    async (file) => {
      const program = await compiled(read(file), file, tableOf(ROWS));
      const { verdict, output, tampered } = proveTable(program, tableOf(ROWS));
      expect(verdict).toMatchObject({ ok: true });
      expect(Array.from(output)).toEqual(labelsOf(file.replace(/\.\w+$/, "")));
      expect(tampered.ok).toBe(false);
    },
  );
});

describe("a prover who takes another way through a tree", async () => {
  const kernels = createKernels({ threads: 1 });
  afterAll(() => kernels.dispose());
  const batch = 3;
  const samples = tableOf(ROWS.slice(0, batch));
  const program: Program = await compiled(read("xgb_binary.json"), "xgb_binary.json", tableOf(ROWS));
  const inputs = [quantiseInput(program, 0, samples[0].data)];
  const { tensors } = tamperedRun(program, inputs, () => {});
  const valuesOf = (name: string): Int32Array => tensors[program.tensors.findIndex((t) => t.name === name)];
  const key = cheatingSetup(kernels, program, program.constants);
  const checked = checkVerificationKey(key.verificationKey);
  if (!checked.ok) throw new Error(checked.error.code);
  const visibilities = { input: "private", weights: "private", output: "public" } as const;
  const verdictOf = (tamper?: (name: string, values: Int32Array) => void) => {
    const mark = kernels.mark();
    const request = tamper === undefined ? {} : { tamper };
    const proof = cheatProof(kernels, key, { inputs, batch, visibilities, ...request });
    kernels.release(mark);
    return verifyWithKey(proof, checked.key);
  };
  /** The value at one place becomes that at another place of the same tensor. */
  const another = (name: string, isOther: (value: number, mine: number) => boolean) => {
    const values = valuesOf(name);
    const at = values.findIndex((mine) => values.some((value) => isOther(value, mine)));
    expect(at).toBeGreaterThanOrEqual(0);
    const wrong = values.find((value) => isOther(value, values[at])) ?? 0;
    return (tensor: string, changed: Int32Array): void => {
      if (tensor === name) changed[at] = wrong;
    };
  };
  const differs = (value: number, mine: number): boolean => value !== mine;

  it("is believed while it does not", () => {
    expect(verdictOf()).toMatchObject({ ok: true });
  });

  it.each([
    ["takes the other branch", "trees, level 1 (branch)"],
    ["goes on at a node of another tree", "trees, level 1: left child"],
    ["compares with the threshold of another tree's node", "trees, level 1: threshold"],
    ["compares another feature than the node's", "trees, level 2: feature"],
    ["compares another feature's value", "trees, level 1: value"],
    ["adds another leaf", "trees: leaves"],
  ])("%s", (_, tensor) => {
    const refused = { ok: false, error: { code: "opening.evaluation" } };
    expect(verdictOf(another(tensor, differs))).toMatchObject(refused);
  });
});

const HEART = `${SHARED_DATA}/heart/heart.csv`;

/** 18 features of each patient, as test/vectors/classical/makeHeart.py makes them. */
function heartRows(): number[][] {
  const [header, ...rows] = cellsOf(readFileSync(HEART, "utf8"));
  const column = (name: string): string[] => rows.map((row) => row[header.indexOf(name)]);
  const numbers = ["Age", "RestingBP", "Cholesterol", "FastingBS", "MaxHR", "Oldpeak"].map((name) =>
    column(name).map(Number),
  );
  const categories = ["Sex", "ChestPainType", "RestingECG", "ExerciseAngina", "ST_Slope"].flatMap((name) => {
    const cells = column(name);
    const values = [...new Set(cells)].sort();
    const kept = values.length === 2 ? values.slice(1) : values;
    return kept.map((value) => cells.map((cell) => Number(cell === value)));
  });
  return rows.map((_, i) => [...numbers, ...categories].map((values) => values[i]));
}

describe.skipIf(!existsSync(HEART))("heart failure, 276 test rows at once", () => {
  it.each(["heart_tree.onnx", "heart_tree5.onnx", "heart_kmeans.json"])(
    "%s: the library's labels are proven",
    async (file) => {
      const expected = json("heart_expected.json");
      const rows = heartRows();
      const pick = (at: number[]): number[][] => at.map((i) => rows[i]);
      const program = await compiled(read(file), file, tableOf(pick(expected.train)));
      const { verdict, output } = proveTable(program, tableOf(pick(expected.test)));
      expect(verdict).toMatchObject({ ok: true });
      expect(Array.from(output)).toEqual(expected[file.replace(/\.\w+$/, "")]);
    },
  );
});

const RETAIL = `${SHARED_DATA}/retail`;

describe.skipIf(!existsSync(RETAIL))("retail, 1,000 rows at once", () => {
  it.each(["linear", "ridge"])("%s regression: the predictions are proven, to 1e-3", async (kind) => {
    const parsed = (name: string) => JSON.parse(readFileSync(`${RETAIL}/${name}_params.json`, "utf8"));
    const [model, scaler] = [parsed(`${kind}_regression`), parsed("scaler")];
    const [, ...cells] = cellsOf(readFileSync(`${RETAIL}/Test_Dataset.csv`, "utf8"));
    const rows = cells.slice(0, 1000).map((row) => row.slice(0, 7).map(Number));
    const file = JSON.stringify({ model: "linear", separate: true, scaler, ...model });
    const samples = columnsOf(rows);
    const program = await compiled(new TextEncoder().encode(file), `${kind}.json`, samples);
    const { verdict, output } = proveTable(program, samples);
    expect(verdict).toMatchObject({ ok: true });
    rows.forEach((row, i) => {
      const scaled = row.map((value, j) => (value - scaler.mean[j]) / scaler.scale[j]);
      const wanted = scaled.reduce((sum, value, j) => sum + model.coefficients[j] * value, model.intercept);
      expect(Math.abs(output[i] - wanted)).toBeLessThan(1e-3);
    });
  });
});

/** Rows as that model was trained on: three standardised numbers, then one of 50 states, of 4 payments and of 4 kinds. */
function retailRows(count: number): number[][] {
  let state = 12345;
  const random = (): number => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const normal = (): number => Math.fround(Array.from({ length: 12 }, random).reduce((a, b) => a + b) - 6);
  const oneOf = (length: number): number[] => {
    const chosen = Math.floor(random() * length);
    return Array.from({ length }, (_, j) => Number(j === chosen));
  };
  return Array.from({ length: count }, () => [normal(), normal(), normal(), ...[50, 4, 4].flatMap(oneOf)]);
}

describe.skipIf(!existsSync(RETAIL))("retail, polynomial ridge regression of 1,952 coefficients", () => {
  it("1,000 predictions are proven, to 1e-3", async () => {
    const model = JSON.parse(readFileSync(`${RETAIL}/polynomial_ridge_regression_params.json`, "utf8"));
    const names: readonly string[] = model.feature_names;
    expect(names).toHaveLength(1952);
    const rows = retailRows(1000);
    const samples = [
      ...columnsOf(rows.map((row) => row.slice(0, 3))),
      ...tableOf(rows.map((row) => row.slice(3))),
    ];
    const file = JSON.stringify({ ...model, separate: ["quantity", "price", "discount_applied"] });
    const program = await compiled(new TextEncoder().encode(file), "polynomial.json", samples);
    const { verdict, output, tampered } = proveTable(program, samples);
    expect(verdict).toMatchObject({ ok: true });
    expect(tampered.ok).toBe(false);
    const features = names.filter((name) => !/[ ^]/.test(name));
    const products = names.map((name) =>
      name.split(" ").flatMap((part) => {
        const [base, power = "1"] = part.split("^");
        return new Array<number>(Number(power)).fill(features.indexOf(base));
      }),
    );
    rows.forEach((row, i) => {
      const wanted = products.reduce(
        (sum, factors, at) =>
          sum + model.coefficients[at] * factors.reduce((y, feature) => y * row[feature], 1),
        model.intercept,
      );
      expect(Math.abs(output[i] - wanted)).toBeLessThan(1e-3);
    });
  });
});
