import { gzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { TableRecipe } from "../recipe/recipe.ts";
import type { DataSource } from "./dataSource.ts";
import { loadDataset } from "./loadDataset.ts";

function memory(files: Readonly<Record<string, Uint8Array | string>>): DataSource {
  return {
    exists: (path) => Object.hasOwn(files, path),
    read: (path) => {
      const file = files[path];
      return typeof file === "string" ? new TextEncoder().encode(file) : file;
    },
    mnistFolder: () => "mnist",
  };
}

const TABLE = `age;kind;colour;paid
30;"a;b";red;yes
40;c;green;no
50;c;blue;yes
20;"a;b";red;no
`;

function table(content: string, more: Partial<TableRecipe> = {}) {
  const data = { source: "csv", file: "t.csv", target: "paid", testShare: 0.25, ...more } as const;
  return loadDataset({ data, model: { kind: "logistic" }, seed: 1 }, memory({ "t.csv": content }));
}

describe("tables", () => {
  it("become scaled numbers and words, split by the seed", () => {
    const { inputShape, task, train, test, features } = table(TABLE);
    expect(features?.map(({ name }) => name)).toEqual([
      "age",
      "kind=c",
      "colour=blue",
      "colour=green",
      "colour=red",
    ]);
    expect(inputShape).toEqual([5]);
    expect(task).toEqual({ kind: "classification", classes: ["no", "yes"] });
    expect([train.count, test.count]).toEqual([3, 1]);
    const ages = [0, 1, 2].map((n) => train.inputs[5 * n]).concat(test.inputs[0]);
    expect(ages.sort()).toEqual([0, 1 / 3, 2 / 3, 1].map(Math.fround));
    for (let n = 0; n < 3; n++)
      expect(train.inputs.slice(5 * n + 2, 5 * n + 5).reduce((sum, x) => sum + x)).toBe(1);
    expect(table(TABLE)).toEqual(table(TABLE));
  });

  it("may be learnt without columns, with classes in a given order, unscaled", () => {
    const { features, task, train } = table(TABLE, {
      ...{ ignore: ["kind", "colour"], classes: ["yes", "no"], scaling: "none" },
    });
    expect(features).toEqual([{ kind: "number", name: "age", column: "age", offset: 0, scale: 1 }]);
    expect(task).toEqual({ kind: "classification", classes: ["yes", "no"] });
    for (let n = 0; n < 3; n++) expect(train.targets[n]).toBe([30, 50].includes(train.inputs[n]) ? 0 : 1);
  });

  it.each([
    ["a missing cell", TABLE.replace("40", ""), {}, /line 3 column "age"/],
    ["a question mark", TABLE.replace("blue", "?"), {}, /line 4 column "colour"/],
    ["another class", TABLE, { classes: ["yes", "never"] }, /holds "no" in line 3, "no" in line 5/],
    ["a short row", TABLE.replace(";no", ""), {}, /others in lines 3/],
    ["no such column", TABLE, { target: "payed", ignore: ["size"] }, /no column "payed".*no column "size"/],
    ["words of a regression", TABLE, { task: "regression" }, /regression holds "yes" in line 2/],
    ["words among numbers", TABLE.replace("40", "old"), {}, /"age" holds numbers and "old" in line 3/],
    ["nothing to learn", TABLE.replaceAll("no", "yes"), {}, /one value/],
    ["a heading alone", "age;paid\n", {}, /heading line and rows/],
    ["a column twice", "a,a\n1,2\n", {}, /names a twice/],
    ["an open quote", 'a,b\n1,"2', {}, /quoted cell/],
  ] as const)("with %s are refused", (_name, content, more, message) => {
    expect(() => table(content, more as Partial<TableRecipe>)).toThrow(message);
    expect(() => table(content, more as Partial<TableRecipe>)).toThrow(
      expect.objectContaining({ code: "data.table" }),
    );
  });
});

/** An image of one grey level with its label, in CIFAR-10's form. */
function record(label: number, level: number): Uint8Array {
  const bytes = new Uint8Array(3073).fill(level);
  bytes[0] = label;
  return bytes;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

const NETWORK = { kind: "network", training: { epochs: 1 } } as const;

describe("CIFAR-10", () => {
  const test = joined(record(9, 51), record(2, 0));

  it("is read packed and in batches; classes are chosen and numbered anew", () => {
    const batches = Object.fromEntries(
      [1, 2, 3, 4, 5].map((n) => [`c/data_batch_${n}.bin`, record(n, 255)] as const),
    );
    const source = memory({ ...batches, "c/test.bin.gz": gzipSync(test) });
    const data = { source: "cifar10", folder: "c", classes: [9, 4, 2], side: 16 } as const;
    const loaded = loadDataset({ data, model: NETWORK, seed: 1 }, source);
    expect(loaded.task).toEqual({ kind: "classification", classes: ["truck", "deer", "bird"] });
    expect(loaded.inputShape).toEqual([3, 16, 16]);
    expect(Array.from(loaded.train.targets)).toEqual([2, 1]);
    expect(Array.from(loaded.test.targets)).toEqual([0, 2]);
    expect(loaded.train.inputs.every((x) => Math.abs(x - 1) < 1e-6)).toBe(true);
    expect(loaded.test.inputs[0]).toBeCloseTo(0.2, 6);
  });

  it.each([
    ["a label out of range", joined(record(3, 0), record(10, 0)), {}, "data.labels", /10 of image 1/],
    ["half an image", test.subarray(0, 4000), {}, "input.unreadable", /whole images/],
    ["too few images", test, { train: 3 }, "data.tooFew", /holds 2 images.*asks for 3/],
  ])("with %s is refused", (_name, train, more, code, message) => {
    const source = memory({ "c/train.bin": train, "c/test.bin": test });
    const data = { source: "cifar10", folder: "c", ...more } as const;
    const load = () => loadDataset({ data, model: NETWORK, seed: 1 }, source);
    expect(load).toThrow(message);
    expect(load).toThrow(expect.objectContaining({ code }));
  });
});
