/** The tables of a pruning study. */
import type { PruningPoint } from "./pruningPoint.ts";
import type { PruningResults } from "./pruningStudy.ts";
import type { StudyColumn, StudyTable } from "./study.ts";

type Cell = string | number | null;

/** Amounts that the table of layers shows. */
const SHOWN_AMOUNTS = [0, 0.5, 0.9, 1];

export function pruningTables(results: PruningResults): StudyTable[] {
  const { points, published } = results;
  return [
    ...(published.points.length === 0 ? [] : [besidePublished(results)]),
    layerTable(results),
    pointTable(points),
    ...(points.some(({ proofs }) => proofs.length > 0) ? [proofTable(points)] : []),
  ];
}

function besidePublished({ points, published }: PruningResults): StudyTable {
  const theirs = published.points.map((point): Cell[] => {
    const base = published.points.find(({ system, amount }) => system === point.system && amount === 0);
    const saved = base === undefined ? null : base.constraints - point.constraints;
    return [`${point.system} (published)`, point.amount, point.accuracy, point.constraints, saved, null];
  });
  const amounts = new Set(published.points.map(({ amount }) => amount));
  const ours = points
    .filter(({ amount }) => amounts.has(amount))
    .map(({ method, amount, integer, constantWeights: circuit }): Cell[] => {
      const base =
        points.find((point) => point.method === method && point.amount === 0)?.constantWeights ?? null;
      const saved = base === null || circuit === null ? null : base.constraints - circuit.constraints;
      const terms = base === null || circuit === null ? null : base.terms - circuit.terms;
      return [method, amount, integer, circuit?.constraints ?? null, saved, terms];
    });
  return {
    title: "Beside the published study",
    note: "Ours: our R1CS with constant weights and a hidden input, whose ranges are proven too; accuracy of the integer program.",
    columns: [
      { name: "who" },
      { name: "taken out", unit: "share" },
      { name: "accuracy", unit: "share" },
      { name: "constraints", unit: "count" },
      { name: "constraints saved", unit: "count" },
      { name: "terms saved", unit: "count" },
    ],
    rows: [...theirs, ...ours],
    published: theirs.map((_, i) => i),
  };
}

/** Constraints of each part of the circuit, of the first method at a few amounts. */
function layerTable({ points, published }: PruningResults): StudyTable {
  const method = points[0]?.method;
  const shown = points.filter((point) => point.method === method && SHOWN_AMOUNTS.includes(point.amount));
  const hidden = points.find(({ hiddenWeights }) => hiddenWeights !== null)?.hiddenWeights ?? null;
  const circuits = shown.map(({ constantWeights }) => constantWeights);
  const names = [
    ...new Set([hidden, ...circuits].flatMap((circuit) => circuit?.parts.map(({ name }) => name) ?? [])),
  ];
  const constraintsOf = (circuit: PruningPoint["constantWeights"], name: string): number | null =>
    circuit?.parts.find((part) => part.name === name)?.constraints ?? null;
  const ours = names.map((name): Cell[] => [
    name,
    constraintsOf(hidden, name),
    ...circuits.map((circuit) => constraintsOf(circuit, name)),
  ]);
  const total: Cell[] = [
    "all",
    hidden?.constraints ?? null,
    ...circuits.map((circuit) => circuit?.constraints ?? null),
  ];
  const blank = circuits.slice(1).map(() => null);
  const theirs = published.layers.flatMap(({ system, layers }) =>
    layers.map(({ name, constraints }): Cell[] => [
      `${system}: ${name} (published)`,
      null,
      constraints,
      ...blank,
    ]),
  );
  return {
    title: "Constraints by layer",
    note: `Ours: ${method}. "inputs", "weights" and "outputs" are ranges and what ties values to the statement. Published constraints stand in the column of the whole network with constant weights.`,
    columns: [
      { name: "layer" },
      { name: "hidden weights, nothing taken out", unit: "count" },
      ...shown.map(
        ({ amount }): StudyColumn => ({
          name: `constant weights, ${Math.round(100 * amount)} %`,
          unit: "count",
        }),
      ),
    ],
    rows: [...ours, total, ...theirs],
    published: theirs.map((_, i) => ours.length + 1 + i),
  };
}

function pointTable(points: readonly PruningPoint[]): StudyTable {
  return {
    title: "All points",
    note: "Circuits with hidden weights are counted where the network's shape changes, and at the ends of the curve. Times of the native engine are forecasts.",
    columns: [
      { name: "method" },
      { name: "taken out", unit: "share" },
      { name: "float", unit: "share" },
      { name: "integer", unit: "share" },
      { name: "weights left", unit: "count" },
      { name: "constraints, constant", unit: "count" },
      { name: "terms, constant", unit: "count" },
      { name: "constraints, hidden", unit: "count" },
      { name: "native proving", unit: "ms" },
      { name: "native proof", unit: "bytes" },
    ],
    rows: points.map((point) => [
      ...[point.method, point.amount, point.float, point.integer, point.nonZeroWeights],
      ...[point.constantWeights?.constraints ?? null, point.constantWeights?.terms ?? null],
      ...[point.hiddenWeights?.constraints ?? null, point.native.proveMs, point.native.proofBytes],
    ]),
  };
}

function proofTable(points: readonly PruningPoint[]): StudyTable {
  return {
    title: "Proofs that were made and verified",
    note: "Processor time, median of three warm proofs; native with hidden weights, the others with constant ones.",
    columns: [
      { name: "method" },
      { name: "taken out", unit: "share" },
      { name: "backend" },
      { name: "setup", unit: "ms" },
      { name: "proving", unit: "ms" },
      { name: "verifying", unit: "ms" },
      { name: "proof", unit: "bytes" },
      { name: "remark" },
    ],
    rows: points.flatMap(({ method, amount, proofs }) =>
      proofs.map((entry): Cell[] =>
        entry.outcome === "failed"
          ? [method, amount, entry.backend, null, null, null, null, entry.reason]
          : [
              ...[method, amount, entry.backend, entry.setupCpuMs, entry.proveCpuMs, entry.verifyCpuMs],
              ...[entry.proofBytes, ""],
            ],
      ),
    ),
  };
}
