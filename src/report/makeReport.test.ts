import { describe, expect, it } from "vitest";
import type { BackendCapabilities } from "../backends/capabilities.ts";
import type { MeasuredRow, PublishedRow, Results, Row } from "../bench/results.ts";
import { withDefaults } from "../bench/suite.ts";
import { type AdvisedSystem, advise } from "./advise.ts";
import { makeReport } from "./makeReport.ts";

const OURS: BackendCapabilities = {
  ...{ trustedSetup: "none", zeroKnowledge: true, hidesInputs: true, hidesWeights: true, postQuantum: true },
  ...{ onChain: false, securityBits: 100, trust: "a hash is good", licence: "MIT", peer: null },
  ...{ needsNetwork: false, arithmetic: "exact", batches: true },
};
const THEIRS: BackendCapabilities = {
  ...OURS,
  ...{ trustedSetup: "perCircuit", postQuantum: false, onChain: true, licence: "GPL-3.0", peer: "other@1" },
};
const CLASSES = { precision: 0.9, recall: 0.9, f1: 0.9 };

/** A row whose times and sizes grow as x squared, `factor` times those of the cheapest. */
function row(backend: string, x: number, factor: number, load = 0): MeasuredRow {
  const cost = factor * x ** 2;
  return {
    ...{ key: `${backend}${x}`, suite: "s", model: `m${x}`, backend, x, load, date: "2026-01-02T00:00:00Z" },
    settings: withDefaults({ name: "default" }),
    outcome: "measured",
    figures: {
      ...{ quantiseMs: 1, compileMs: cost, setupMs: cost, witnessMs: cost, proveColdMs: cost, proveMs: cost },
      ...{
        verifyColdMs: cost,
        verifyMs: cost,
        setupCpuMs: cost,
        proveCpuMs: cost,
        verifyCpuMs: cost,
        proofBytes: cost,
        provingKeyBytes: cost,
        verificationKeyBytes: cost,
      },
      ...{ proverPeakBytes: cost * 2 ** 20, verifierPeakBytes: cost, parameters: 1, multiplyAccumulates: 1 },
      securityBits: 100,
    },
    samples: {
      ...{ witnessMs: [cost], proveMs: [cost], proveCpuMs: [cost], verifyMs: [cost] },
      verifyCpuMs: [cost],
    },
    zeroWeightShare: 0,
    setupSteps: { keys: cost },
    size: { constraints: 29 },
    accuracy: {
      ...{ count: 1, agreement: 1, maxError: 0, meanError: 0, medianMargin: 1 },
      float: { accuracy: 0.95, ...CLASSES },
      integer: { accuracy: 0.94, ...CLASSES },
    },
    guards: { outputDependsOnInput: true, proofsVerified: 2, tamperedRefused: 3 },
    warnings: [],
  };
}

function published(changes: Partial<PublishedRow>): PublishedRow {
  return {
    ...{ suite: "s", model: "m2", publishedModel: "theirs", source: "A paper", system: "elsewhere" },
    ...{
      hardware: "big server",
      setupSeconds: null,
      proveSeconds: 7,
      verifySeconds: null,
      peakMegabytes: null,
    },
    ...{ proofBytes: null, constraints: null, accuracyLoss: null, note: null, void: false },
    ...changes,
  };
}

const FAILED: Row = {
  ...row("slow", 9, 1),
  outcome: "failed",
  failure: { kind: "timeout", step: "prove: setup", code: "limit.time", message: "<ended> after 5 s" },
  known: { size: { constraints: 12345 }, compileMs: 7, setupMs: null, setupCpuMs: null },
};

const RESULTS: Results = {
  format: "tensorproof-results",
  version: 1,
  machine: { cpu: "CPU", cores: 2, memoryBytes: 1e9, system: "Linux", node: "v20", version: "0.1.0" },
  suites: [{ name: "s", title: "Suite", description: "About.", axis: "width" }],
  backends: { fast: OURS, slow: THEIRS },
  rows: [...[1, 2, 4].flatMap((x) => [row("fast", x, 1), row("slow", x, 10)]), row("fast", 8, 1, 5), FAILED],
  published: [
    published({}),
    published({ system: "folded", proveSeconds: 0.001, void: true, note: "VOID: no input" }),
  ],
};

describe("makeReport", () => {
  const { html, pictures } = makeReport(RESULTS);

  it("needs nothing but itself", () => {
    expect(html).not.toMatch(/(src|href)=|@import|url\(/);
    expect(html.match(/https?:\/\/[^"]+/g)?.every((url) => url === "http://www.w3.org/2000/svg")).toBe(true);
  });

  it("fits exponents to measured points alone", () => {
    const plot = pictures.get("s-scaling-prove") as string;
    expect(plot).toContain("fast: ∝ x^2.00 (R² 1.00)");
    expect(plot).toContain("elsewhere, published elsewhere");
    expect(plot).not.toContain("elsewhere: ∝");
  });

  it("marks void rows and draws them nowhere", () => {
    expect(html).toMatch(/<tr class="void">.*VOID/);
    for (const svg of pictures.values()) expect(svg).not.toContain("folded");
  });

  it("marks rows of a busy machine, and shows failures with their reason as text", () => {
    expect(html).toMatch(/<tr class="busy">.*load 5/);
    expect(html).toContain("&lt;ended&gt; after 5 s");
    expect(html).toContain("constraints 12,345, compiled in 7 ms");
  });

  it("weighs systems by what was measured on all of them", () => {
    expect(html).toContain("shortest proving time: the next needs 10 × as much");
    expect(html).toContain("processor time of proving 10 × that of the best");
    expect(html).toContain("1 of 4 measurements failed: timeout");
    expect(html).toContain("over 3 measurements");
  });

  it("draws every kind of picture", () => {
    for (const name of ["s-scaling-verify", "s-accuracy", "radar"])
      expect(pictures.get(name)).toMatch(/^<svg .*<\/svg>$/);
    expect(pictures.get("s-bars-prove")).toBeUndefined();
    const suites = [{ ...RESULTS.suites[0], axis: null }];
    expect(makeReport({ ...RESULTS, suites }).pictures.get("s-bars-prove")).toMatch(/^<svg .*<\/svg>$/);
  });

  it("embeds an advisor that runs", () => {
    const script = /<script type="module">([\s\S]*?)\nconst form/.exec(html)?.[1] as string;
    const needs = { hideWeights: true, onChain: true, noTrustedSetup: false, postQuantum: false };
    const call = `return advise(systems, ${JSON.stringify({ ...needs, memoryMegabytes: null, first: "prove" })});`;
    const answer = new Function(`${script}\n${call}`)();
    expect(answer.fitting).toEqual(["slow"]);
    expect(answer.excluded[0].name).toBe("fast");
  });
});

describe("advise", () => {
  const system = (name: string, changes: Partial<AdvisedSystem>): AdvisedSystem => ({
    ...{ name, hidesWeights: true, onChain: true, trustedSetup: "none", postQuantum: true },
    ...{ peakMegabytes: 100, ratios: {} },
    ...changes,
  });
  const needs = { hideWeights: false, onChain: false, noTrustedSetup: false, postQuantum: false };

  it("orders by what matters most; who was not compared comes last", () => {
    const systems = [
      system("a", {}),
      system("b", { ratios: { prove: 3 } }),
      system("c", { ratios: { prove: 1 } }),
    ];
    const { fitting } = advise(systems, { ...needs, memoryMegabytes: null, first: "prove" });
    expect(fitting).toEqual(["c", "b", "a"]);
  });

  it("does not trust a memory that nobody measured", () => {
    const systems = [
      system("a", { peakMegabytes: null }),
      system("b", {}),
      system("c", { peakMegabytes: 900 }),
    ];
    const { fitting, excluded } = advise(systems, { ...needs, memoryMegabytes: 500, first: "prove" });
    expect(fitting).toEqual(["b"]);
    expect(excluded.map(({ name }) => name)).toEqual(["a", "c"]);
  });
});
