/** Tables of the report: measured rows, failures, published figures, capabilities. */
import type { BackendCapabilities } from "../backends/capabilities.ts";
import { isMeasured, type MeasuredRow, type PublishedRow, type Results, type Row } from "../bench/results.ts";
import type { Evaluation } from "../quant/predictions.ts";
import { type Line, table } from "./table.ts";
import { formatBytes, formatCount, formatMs, formatPercent } from "./units.ts";

/** More processes waiting than cores: times of such a row are upper bounds. */
export function isBusy({ load }: Row, { machine }: Results): boolean {
  return load > machine.cores;
}

function accuracyCells(accuracy: Evaluation | null): string[] {
  if (accuracy === null) return ["no labels", "", "", ""];
  const { float, integer } = accuracy;
  if ("r2" in float || "r2" in integer) {
    const r2 = [float, integer].map((metrics) => ("r2" in metrics ? metrics.r2.toFixed(4) : ""));
    return [`R² ${r2.join(" → ")}`, "", "", ""];
  }
  return (["accuracy", "precision", "recall", "f1"] as const).map(
    (name) => `${formatPercent(float[name])} → ${formatPercent(integer[name])}`,
  );
}

/** Powers of tau and the like are made once for all circuits, so they stand apart. */
function setupCell({ figures, setupSteps }: MeasuredRow): string {
  const steps = Object.entries(setupSteps).map(([step, ms]) => `${step} ${formatMs(ms)}`);
  return `${formatMs(figures.setupMs)}, processor ${formatMs(figures.setupCpuMs)} (${steps.join(", ")})`;
}

function measuredLine(row: MeasuredRow, results: Results): Line {
  const { figures, size, settings, warnings, guards } = row;
  const capabilities = results.backends[row.backend] as BackendCapabilities | undefined;
  const busy = isBusy(row, results);
  const remarks = [...(busy ? [`measured on a busy machine (load ${row.load})`] : []), ...warnings];
  const cells = [
    ...[row.model, row.backend, settings.name],
    formatMs(figures.compileMs),
    setupCell(row),
    ...[figures.witnessMs, figures.proveColdMs, figures.proveMs].map(formatMs),
    formatMs(figures.proveCpuMs),
    formatMs(figures.verifyMs),
    formatMs(figures.verifyCpuMs),
    ...[figures.proofBytes, figures.provingKeyBytes, figures.verificationKeyBytes].map(formatBytes),
    ...[figures.proverPeakBytes, figures.verifierPeakBytes].map(formatBytes),
    Object.entries(size)
      .map(([name, count]) => `${name} ${formatCount(count)}`)
      .join(", "),
    ...accuracyCells(row.accuracy),
    `${figures.securityBits}`,
    capabilities?.zeroKnowledge === true ? "yes" : "no",
    capabilities?.trust ?? "",
    `${settings.threads}`,
    `${guards.proofsVerified} verified, ${guards.tamperedRefused} tampered refused`,
    row.date.slice(0, 10),
    remarks.join("; "),
  ];
  return busy ? { cells, kind: "busy" } : { cells };
}

const MEASURED_HEADINGS = [
  ...[
    "model",
    "system",
    "settings",
    "compile",
    "setup",
    "witness",
    "prove, cold",
    "prove",
    "processor, witness and prove",
    "verify",
    "processor, verify",
    "proof",
  ],
  ...["proving key", "verification key", "peak of prover", "peak of verifier", "size"],
  ...["accuracy, float → integer", "precision", "recall", "f1", "security bits", "zero knowledge", "trust"],
  ...["threads", "guards", "date", "remarks"],
];

export function measuredTable(rows: readonly Row[], results: Results): string {
  return table(
    MEASURED_HEADINGS,
    rows.filter(isMeasured).map((row) => measuredLine(row, results)),
  );
}

export function failureTable(rows: readonly Row[]): string {
  const lines = rows.flatMap((row) => {
    if (row.outcome === "measured") return [];
    const { kind, step, message } = row.failure;
    const { size, compileMs, setupMs } = row.known;
    const known = [
      ...Object.entries(size ?? {}).map(([name, count]) => `${name} ${formatCount(count)}`),
      ...(compileMs === null ? [] : [`compiled in ${formatMs(compileMs)}`]),
      ...(setupMs === null ? [] : [`set up in ${formatMs(setupMs)}`]),
    ];
    const cells = [row.model, row.backend, row.settings.name, row.outcome, kind, step, message];
    return [{ cells: [...cells, known.join(", ")] }];
  });
  return table(["model", "system", "settings", "outcome", "reason", "during", "message", "known"], lines);
}

export function publishedTable(rows: readonly PublishedRow[]): string {
  const seconds = (value: number | null): string => (value === null ? "" : formatMs(1000 * value));
  const lines = rows.map((row): Line => {
    const note = [row.void ? "VOID" : "", row.note ?? ""].filter((text) => text !== "").join(": ");
    const cells = [
      ...[`${row.publishedModel} (${row.model})`, row.system, row.hardware],
      ...[row.setupSeconds, row.proveSeconds, row.verifySeconds].map(seconds),
      row.proofBytes === null ? "" : formatBytes(row.proofBytes),
      row.peakMegabytes === null ? "" : `${row.peakMegabytes} MB`,
      row.constraints === null ? "" : formatCount(row.constraints),
      row.accuracyLoss === null ? "" : `${row.accuracyLoss} %`,
      ...[row.source, note],
    ];
    return row.void ? { cells, kind: "void" } : { cells };
  });
  const headings = ["model", "system", "hardware", "setup", "prove", "verify", "proof", "peak of prover"];
  return table([...headings, "constraints", "accuracy loss", "published in", "note"], lines);
}

export function capabilityTable({ backends }: Results): string {
  const yes = (value: boolean): string => (value ? "yes" : "no");
  const lines = Object.entries(backends).map(([name, one]) => ({
    cells: [
      ...[name, one.trustedSetup, yes(one.zeroKnowledge), yes(one.hidesInputs), yes(one.hidesWeights)],
      ...[yes(one.postQuantum), yes(one.onChain), `${one.securityBits}`, one.arithmetic, one.trust],
      ...[one.licence, one.peer ?? "none", yes(one.needsNetwork)],
    ],
  }));
  const headings = [
    "system",
    "trusted setup",
    "zero knowledge",
    "hides inputs",
    "hides weights",
    "post-quantum",
  ];
  return table(
    [...headings, "on chain", "bits", "arithmetic", "holds if", "licence", "package", "network"],
    lines,
  );
}
