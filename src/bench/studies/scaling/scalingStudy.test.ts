import { describe, expect, it } from "vitest";
import { makeStudyPage } from "../../../report/makeStudyPage.ts";
import type { MeasuredRow, Row } from "../../results.ts";
import { parseStudy } from "../study.ts";
import { grownNetwork, parametersOf, sizeAt } from "./grownNetwork.ts";
import { parseLimits } from "./limits.ts";
import { type ScalingResult, scalingStudy } from "./scalingStudy.ts";
import { sizesOf } from "./sizes.ts";

const BASE = { kind: "mlp", width: 8, depth: 2, input: 16 } as const;
const MACHINE = { cpu: "a cpu", cores: 2, memoryBytes: 2 ** 33, system: "s", node: "v20", version: "0.1.0" };
const SIZES = [10, 20, 40, 80];

function rowAt(x: number, backend: string): Row {
  const figures = {
    ...{ witnessMs: 1, proveMs: 10 * x, proveCpuMs: 12 * x, verifyMs: 5, verifyCpuMs: 6 },
    ...{ setupMs: 3, setupCpuMs: 4, proverPeakBytes: 1e8 + 1e6 * x, proofBytes: 1000 },
  };
  return { outcome: "measured", backend, x, load: 9, figures, warnings: [] } as unknown as MeasuredRow;
}

const missing = {
  ...{ outcome: "skipped", backend: "groth16", x: 10, load: 1 },
  failure: { kind: "missing", step: "load", code: "backend.missingPeer", message: "install snarkjs" },
} as unknown as Row;

const RESULT: ScalingResult = {
  plan: {
    ...{ grow: "width", sizes: SIZES, base: BASE, backends: ["native", "groth16"], batch: 1 },
    visibility: { input: "private", weights: "private", output: "public" },
    ...{ threads: 1, repetitions: 3, timeLimitSeconds: 1, memoryLimitMegabytes: 1 },
  },
  ...{ clock: "processor", limits: parseLimits("1.2s,4GB"), machine: MACHINE, date: "2026-01-02T00:00:00Z" },
  rows: [...SIZES.map((x) => rowAt(x, "native")), missing],
};

describe("scalingStudy", () => {
  const { study, answers } = scalingStudy(RESULT);

  it("answers with laws of processor time, and has none for what was not measured", () => {
    const [time, memory, ...others] = answers;
    expect(time).toMatchObject({ backend: "native", largestMeasured: 80, largest: { kind: "answer" } });
    expect(time.largest).toMatchObject({ x: expect.closeTo(100, 3) });
    expect(memory).toMatchObject({ backend: "native", largest: { kind: "beyond", atLeast: 800 } });
    for (const { backend, largest } of others)
      expect({ backend, largest }).toEqual({ backend: "groth16", largest: null });
    expect(study.findings.join("\n")).toContain(
      `(${parametersOf({ ...BASE, width: 100 }).toLocaleString("en")} parameters)`,
    );
    expect(study.findings.join("\n")).toMatch(/processor time, which load changes little/);
  });

  it("is a whole study whose page shows the row that is missing, with its reason", () => {
    const text = JSON.stringify(study);
    expect(parseStudy(text, "results.json")).toEqual(JSON.parse(text));
    const { html, pictures } = makeStudyPage(study);
    expect(html).toContain("skipped: load: install snarkjs");
    expect([...pictures.keys()]).toEqual(["prove", "verify", "setup", "memory", "proof"]);
    expect(pictures.get("prove")).toContain('fill-opacity="0.15"');
  });
});

describe("grown networks", () => {
  it.each([
    { ...BASE },
    { ...BASE, depth: 4 },
    { ...BASE, kind: "cnn" as const },
    { ...BASE, kind: "cnn" as const, depth: 1, width: 3 },
  ])("have as many parameters as is said: %j", (size) => {
    let count = 0;
    for (const { data } of grownNetwork(size).initializers.values()) count += data.length;
    expect(count).toBe(parametersOf(size));
  });

  it("come as near to a number of parameters as a width can", () => {
    for (const wanted of [100, 1000, 12_345]) {
      const { width } = sizeAt(BASE, "params", wanted);
      const distance = (other: number): number => Math.abs(parametersOf({ ...BASE, width: other }) - wanted);
      for (const other of [width - 1, width + 1].filter((value) => value > 0))
        expect(distance(width)).toBeLessThanOrEqual(distance(other));
    }
  });
});

describe("sizesOf and parseLimits", () => {
  it("grow by the same factor and hold both ends", () => {
    expect(sizesOf({ from: 4, to: 64, steps: 5 })).toEqual([4, 8, 16, 32, 64]);
    expect(sizesOf({ from: 1, to: 4, steps: 9 })).toEqual([1, 2, 3, 4]);
  });

  it.each([
    [{ from: 8, to: 4, steps: 5 }, /not below/],
    [{ from: 8, to: 8, steps: 5 }, /not below/],
    [{ from: 1, to: 2, steps: 5 }, /only 2 sizes/],
    [{ from: 1, to: 9, steps: 2 }, /3 sizes or more/],
    [{ from: 1, to: 2 ** 40, steps: 4 }, /between 1 and/],
  ])("refuses %j", (range, message) => {
    expect(() => sizesOf(range)).toThrow(message);
  });

  it("reads units", () => {
    expect(parseLimits("10s, 4GiB").map(({ value }) => value)).toEqual([10_000, 2 ** 32]);
    expect(parseLimits("1.5min")[0]).toMatchObject({ quantity: "prove", value: 90_000 });
    for (const text of ["", "10", "0s", "4 GBs", "10s,2min", "-1s", "10s,constructor"])
      expect(() => parseLimits(text)).toThrow(expect.objectContaining({ code: "scale.within" }));
  });
});
