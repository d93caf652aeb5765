/** What pruning changed, as a table. */
import type { Evaluation } from "../quant/predictions.ts";
import type { NotCounted, ProgramCosts, R1csCost } from "./programCosts.ts";

export interface PrunedState {
  /** Null without data. */
  readonly quality: Evaluation | null;
  readonly costs: ProgramCosts;
}

interface Row {
  readonly name: string;
  readonly of: (state: PrunedState) => number | null | undefined;
  readonly digits?: number;
}

const constraints = (cost: R1csCost | NotCounted): number | null =>
  "constraints" in cost ? cost.constraints : null;
const terms = (cost: R1csCost | NotCounted): number | null => ("terms" in cost ? cost.terms : null);
const MEBIBYTE = 2 ** 20;

const ROWS: readonly Row[] = [
  { name: "weights", of: ({ costs }) => costs.weights },
  { name: "weights that are not zero", of: ({ costs }) => costs.nonZeroWeights },
  { name: "multiply-accumulates", of: ({ costs }) => costs.multiplyAccumulates },
  {
    name: "native: proving, ms (forecast)",
    of: ({ costs }) => costs.native.proveMs + costs.native.witnessMs,
  },
  { name: "native: proof, bytes", of: ({ costs }) => costs.native.proofBytes },
  {
    name: "native: memory, MiB (forecast)",
    of: ({ costs }) => Math.round(costs.native.peakBytes / MEBIBYTE),
  },
  { name: "R1CS, constant weights: constraints", of: ({ costs }) => constraints(costs.r1cs.constantWeights) },
  { name: "R1CS, constant weights: terms", of: ({ costs }) => terms(costs.r1cs.constantWeights) },
  { name: "R1CS, hidden weights: constraints", of: ({ costs }) => constraints(costs.r1cs.hiddenWeights) },
];

function figure({ quality }: PrunedState, kind: "float" | "integer", name: string): number | undefined {
  const figures: Readonly<Record<string, number>> = { ...quality?.[kind] };
  return figures[name];
}

function qualityRows({ quality }: PrunedState): Row[] {
  if (quality === null) return [];
  return Object.keys(quality.float).flatMap((name) =>
    (["float", "integer"] as const).map((kind) => ({
      name: `${name}, ${kind}`,
      of: (state: PrunedState) => figure(state, kind, name),
      digits: 4,
    })),
  );
}

export function pruneText(before: PrunedState, after: PrunedState): string {
  const shown = (value: number | null, digits: number | undefined): string =>
    value === null
      ? "not counted"
      : digits === undefined
        ? value.toLocaleString("en")
        : value.toFixed(digits);
  const change = (old: number | null, now: number | null): string =>
    old === null || now === null || old === 0 ? "" : `${(100 * (now / old - 1)).toFixed(1)} %`;
  const lines = [...qualityRows(before), ...ROWS].map(({ name, of, digits }) => {
    const [old, now] = [of(before) ?? null, of(after) ?? null];
    const cells = [shown(old, digits), shown(now, digits), change(old, now)];
    return `${name.padEnd(38)}${cells.map((cell) => cell.padStart(14)).join("")}`;
  });
  const heads = ["before", "after", "change"].map((head) => head.padStart(14)).join("");
  return [`${"".padEnd(38)}${heads}`, ...lines].join("\n");
}
