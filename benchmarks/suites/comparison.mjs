/**
 * docs/comparison.md from benchmarks/results/suites: what was measured here beside what others published.
 *
 * node benchmarks/suites/comparison.mjs
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const RESULTS = new URL("../results/suites/results.json", import.meta.url);
const COUNTS = new URL("../results/suites/constraints.json", import.meta.url);
const TARGET = new URL("../../docs/comparison.md", import.meta.url);

const { machine, rows, published } = JSON.parse(readFileSync(RESULTS, "utf8"));
const counts = existsSync(COUNTS) ? JSON.parse(readFileSync(COUNTS, "utf8")) : [];
const isMeasured = ({ outcome }) => outcome === "measured";
const number = (value) => value.toLocaleString("en");
const time = (ms) =>
  ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
const percent = (share) => `${(100 * share).toFixed(2)} %`;
const size = (bytes) => {
  const scaled = (unit, name) => `${Number((bytes / unit).toPrecision(3))} ${name}`;
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 2 ** 20 ? scaled(1024, "KiB") : scaled(2 ** 20, "MiB");
};

function table(headings, lines) {
  const row = (cells) => `| ${cells.join(" | ")} |`;
  return [row(headings), row(headings.map(() => "---")), ...lines.map(row)].join("\n");
}

function rowsOf(suite) {
  const own = rows.filter((row) => row.suite === suite);
  const place = (list) => (row) => list.indexOf(row);
  const systems = place([...new Set(own.map(({ backend }) => backend))]);
  const settings = place([...new Set(own.map((row) => row.settings.name))]);
  const order = (row) => [systems(row.backend), row.settings.x ?? settings(row.settings.name), row.x ?? 0];
  return own.sort((a, b) => {
    const [left, right] = [order(a), order(b)];
    const first = left.findIndex((value, i) => value !== right[i]);
    return first < 0 ? 0 : left[first] - right[first];
  });
}

function failure({ failure: { kind, step, message } }) {
  return `${kind}: ${message.length > 90 ? `${message.slice(0, 90)}…` : message} (${step})`;
}

/** One line for each row of a suite: measured or not. */
function measuredTable(suite) {
  const lines = rowsOf(suite).map((row) => {
    const name = [row.model, row.backend, row.settings.name];
    if (!isMeasured(row)) return [...name, row.outcome, failure(row), "", "", "", "", `${row.load}`];
    const { figures, accuracy } = row;
    const { constraints, rows: numRows, gates } = row.size;
    const counted = constraints ?? gates ?? numRows;
    return [
      ...name,
      ...[figures.setupCpuMs, figures.proveCpuMs, figures.verifyCpuMs].map(time),
      size(figures.proofBytes),
      size(figures.proverPeakBytes),
      counted === undefined ? "" : number(counted),
      accuracy === null ? "" : `${percent(accuracy.float.accuracy)} → ${percent(accuracy.integer.accuracy)}`,
      `${row.load}`,
    ];
  });
  const times = ["setup", "prove", "verify"];
  return table(
    ["model", "system", "settings", ...times, "proof", "peak of prover", "constraints", "accuracy", "load"],
    lines.map((cells) => (cells.length === 11 ? cells : [...cells, ...Array(11 - cells.length).fill("")])),
  );
}

function publishedTable(suite) {
  const lines = published
    .filter((row) => row.suite === suite)
    .map((row) => [
      row.model,
      row.system,
      row.void ? "**void**" : "",
      ...[row.setupSeconds, row.proveSeconds].map((value) => (value === null ? "" : `${value} s`)),
      row.peakMegabytes === null ? "" : `${row.peakMegabytes} MB`,
      row.constraints === null ? "" : number(row.constraints),
      row.accuracyLoss === null ? "" : `${row.accuracyLoss} %`,
      row.hardware,
      `${row.source}${row.note === null ? "" : `; ${row.note}`}`,
    ]);
  const headings = ["model", "system", "", "setup", "prove", "peak", "constraints", "accuracy loss"];
  return table([...headings, "hardware", "published in"], lines);
}

function constraintTable() {
  const theirs = new Map(
    published
      .filter(({ constraints }) => constraints !== null)
      .map(({ model, constraints }) => [model, constraints]),
  );
  const models = [...new Set(counts.map(({ model }) => model))];
  const ours = (model, weights) =>
    counts.find((entry) => entry.model === model && entry.weights === weights)?.constraints;
  return table(
    ["model", "circomlib-ml, published", "ours, weights as constants", "ours, weights hidden and bound"],
    models.map((model) => {
      const own = ["public", "private"].map((weights) => ours(model, weights));
      const shown = [theirs.get(model), ...own].map((value) => (value === undefined ? "" : number(value)));
      return [model, ...shown];
    }),
  );
}

function scalesTable() {
  const all = rowsOf("scales");
  const systems = [...new Set(all.map(({ backend }) => backend))];
  const xs = [...new Set(all.map(({ x }) => x))].sort((a, b) => a - b);
  const cell = (x, backend) => {
    const row = all.find((entry) => entry.x === x && entry.backend === backend);
    if (row === undefined) return "not run";
    if (!isMeasured(row)) return row.failure.kind;
    const { accuracy, precision, recall, f1 } = row.accuracy.integer;
    return [accuracy, precision, recall, f1].map((value) => (100 * value).toFixed(1)).join(" / ");
  };
  const why = all.filter((row) => isMeasured(row) && row.backend === "native");
  const errorAt = (x) => {
    const row = why.find((entry) => entry.x === x);
    return row === undefined
      ? ""
      : `${Number(row.accuracy.meanError.toPrecision(2))}, ${percent(row.zeroWeightShare)}`;
  };
  const margin = why[0]?.accuracy.medianMargin;
  return [
    table(
      ["fractional bits", ...systems, "native: mean error of scores, weights that become 0"],
      xs.map((x) => [x, ...systems.map((backend) => cell(x, backend)), errorAt(x)]),
    ),
    margin === undefined ? "" : `Half of the test samples are decided by less than ${margin.toFixed(2)}.`,
  ].join("\n\n");
}

const total = rows.filter(isMeasured).length;
const busy = rows.filter((row) => isMeasured(row) && row.load > machine.cores).length;
writeFileSync(
  TARGET,
  `# Proof systems compared

Generated by \`node benchmarks/suites/comparison.mjs\` from [benchmarks/results/suites](../benchmarks/results/suites); do not
edit. The whole report, with charts and an adviser, is \`report.html\` there.

Measured on ${machine.cpu}, ${machine.cores} cores, ${machine.system}, Node ${machine.node}. ${total} rows were measured, ${busy} of them while other work
ran on the machine (column *load*: processes waiting when the row began). So **times are processor times**, all threads
and child processes together, medians after a warm-up, one thread; elapsed times stand in the results and mean little here.
Every proof was verified, three tampered ones refused, and another input gave another output, or the row would not count.

A row that is missing was not run. **A timeout on a busy machine says nothing about the system**: run the suite again with
\`--retry-failed\` before comparing. Trusted setups were made by the process that measured: insecure, and part of *setup*.
Peaks include Node, and for EZKL Python.

## Heart-failure MLP by width

${measuredTable("scaling-width")}

Published elsewhere, sums over 18 batches of 16 patients:

${publishedTable("scaling-width")}

## Heart-failure MLP by depth

${measuredTable("scaling-depth")}

## One fixed-point scale

Accuracy / precision / recall / F1 in percent on the same 275 patients; inputs, weights and activations are multiples of 2^-n.
Published elsewhere for another training of this network: EZKL 40.58, 40.58, 40.58, 64.13, 63.04, 65.22 % at scales 0 to 5,
circom 40.58, 62.68, 64.86, 65.22 % at 0 to 3, of a float model that the source does not state.

${scalesTable()}

With a scale chosen for each tensor (suite *activation-bits*):

${measuredTable("activation-bits")}

## Six MNIST networks

${measuredTable("mnist-six")}

Constraints, which \`node benchmarks/suites/countConstraints.mjs\` counts without proving. The published circuits take weights as
inputs, bind them to nothing, and leave the remainder of a division unconstrained, so their counts are of a weaker claim:

${constraintTable()}

Published elsewhere. One of its two tables gives the last network 22,703,268 constraints, the other 2,703,268. Void rows
proved an ONNX whose input had been folded away:

${publishedTable("mnist-six")}
`,
);
console.log(`written: ${TARGET.pathname}`);
