/** Points of a pruning study → its results: tables, plots and what they say. */
import type { Machine } from "../results.ts";
import { pruningFindings } from "./pruningFindings.ts";
import type { PruningPoint } from "./pruningPoint.ts";
import { pruningTables } from "./pruningTables.ts";
import type { PublishedFigures } from "./publishedPruning.ts";
import {
  STUDY_FORMAT,
  STUDY_VERSION,
  type Study,
  type StudyAxis,
  type StudyPlot,
  type StudySeries,
} from "./study.ts";

export interface PruningResults {
  readonly model: string;
  readonly date: string;
  readonly machine: Machine;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly points: readonly PruningPoint[];
  readonly published: PublishedFigures;
}

export function pruningStudy(results: PruningResults): Study {
  const { model, date, machine, settings } = results;
  return {
    ...{ format: STUDY_FORMAT, version: STUDY_VERSION, kind: "pruning", title: `Pruning ${model}` },
    ...{ date, machine, settings },
    findings: pruningFindings(results),
    tables: pruningTables(results),
    plots: plotsOf(results).filter(({ series }) => series.some(({ points }) => points.length > 1)),
  };
}

const AMOUNT: StudyAxis = { label: "share taken out", unit: "share", scale: "linear" };

type Value = (point: PruningPoint) => number | undefined;

function measured(backend: string, field: "proveCpuMs" | "proofBytes"): Value {
  return ({ proofs }) => {
    const found = proofs.find((entry) => entry.backend === backend);
    return found?.outcome === "measured" ? found[field] : undefined;
  };
}

function plotsOf({ points, published }: PruningResults): StudyPlot[] {
  const methods = [...new Set(points.map(({ method }) => method))];
  const series = (value: Value, name = (method: string): string => method): StudySeries[] =>
    methods.map((method) => ({
      name: name(method),
      points: points
        .filter((point) => point.method === method)
        .flatMap((point) => {
          const y = value(point);
          return y === undefined ? [] : [{ x: point.amount, y }];
        }),
    }));
  const theirs = (value: "accuracy" | "constraints"): StudySeries[] =>
    [...new Set(published.points.map(({ system }) => system))].map((system) => ({
      name: `${system} (published)`,
      published: true,
      points: published.points
        .filter((point) => point.system === system)
        .map((point) => ({ x: point.amount, y: point[value] })),
    }));
  const plot = (id: string, title: string, y: StudyAxis, lines: readonly StudySeries[]): StudyPlot => ({
    ...{ id, title, x: AMOUNT, y },
    series: lines.filter((line) => line.points.length > 0),
  });
  const count = (label: string): StudyAxis => ({ label, unit: "count", scale: "log" });
  const metric = points[0]?.metric === "r2" ? "R²" : "accuracy";
  const quality: StudyAxis = {
    label: metric,
    unit: metric === "accuracy" ? "share" : "number",
    scale: "linear",
  };
  const time: StudyAxis = { label: "time", unit: "ms", scale: "linear" };
  const bytes: StudyAxis = { label: "proof", unit: "bytes", scale: "linear" };
  const constantWeights: Value = (point) => point.constantWeights?.constraints;
  return [
    plot("accuracy", `The program's ${metric} on held-out data`, quality, [
      ...series(({ integer }) => integer),
      ...(metric === "accuracy" ? theirs("accuracy") : []),
    ]),
    plot("constraints-constant", "R1CS, constant weights: constraints", count("constraints"), [
      ...series(constantWeights),
      ...theirs("constraints"),
    ]),
    plot(
      "terms-constant",
      "R1CS, constant weights: terms",
      count("terms"),
      series((point) => point.constantWeights?.terms),
    ),
    plot(
      "constraints-hidden",
      "R1CS, hidden weights: constraints",
      count("constraints"),
      series((point) => point.hiddenWeights?.constraints),
    ),
    {
      ...{ id: "quality-for-constraints", title: `${metric} for constraints, constant weights` },
      ...{ x: count("constraints"), y: quality },
      series: methods.map((name) => ({
        name,
        points: points
          .filter((point) => point.method === name)
          .flatMap(({ constantWeights: circuit, integer }) =>
            circuit === null ? [] : [{ x: circuit.constraints, y: integer }],
          ),
      })),
    },
    plot("time-native", "Native engine: proving (processor time; forecasts are idle times)", time, [
      ...series(
        ({ native }) => native.proveMs,
        (method) => `${method}, forecast`,
      ),
      ...series(measured("native", "proveCpuMs"), (method) => `${method}, measured`),
    ]),
    plot(
      "proof-native",
      "Native engine: size of the proof",
      bytes,
      series(({ native }) => native.proofBytes),
    ),
    plot(
      "time-groth16",
      "Groth16, constant weights: proving (processor time)",
      time,
      series(measured("groth16", "proveCpuMs")),
    ),
  ];
}
