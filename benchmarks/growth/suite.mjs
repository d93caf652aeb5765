/**
 * How time, memory and proof size grow with weights, activations and batch, from 2^10 on.
 *
 *   npm run bench -- --suite growth [--series a,b] [--from K] [--to K] [--runs N] [--save]
 *
 * --to: largest exponent, 24 unless said; a series ends earlier where memory does. --save writes benchmarks/results/growth.json,
 * docs/growth.md and docs/growth.svg. Exits with 1 where proving grows faster than linear times a logarithm.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine } from "../machine.mjs";
import { exponents } from "./fit.mjs";
import { writeGrowth } from "./report.mjs";
import { SERIES } from "./series.mjs";

const MINUTE = 60_000;
/** A fit over few points of a busy machine is off by some hundredths. */
const TOLERANCE = 0.05;
const FOLDER = new URL("../results/", import.meta.url);

const { values: options } = parseArgs({
  options: {
    suite: { type: "string" },
    series: { type: "string", default: Object.keys(SERIES).join(",") },
    from: { type: "string", default: "10" },
    to: { type: "string", default: "24" },
    runs: { type: "string", default: "3" },
    save: { type: "boolean", default: false },
  },
});

function measure(name, k) {
  const script = fileURLToPath(new URL("./point.mjs", import.meta.url));
  const args = [script, name, String(k), options.runs];
  const stdio = ["ignore", "pipe", "pipe"];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", stdio, timeout: 30 * MINUTE }));
}

/** What ended a series: the line that says so, or that the process was killed. */
function reasonOf({ stderr = "", signal, message }) {
  const line = stderr.split("\n").find((text) => /Error\b.*:/.test(text));
  return (line ?? signal ?? message.split("\n")[0]).trim();
}

function runSeries(name) {
  const points = [];
  for (let k = Number(options.from); k <= Number(options.to); k++) {
    try {
      const point = measure(name, k);
      points.push(point);
      const memory = Math.round(point.kernelBytes / 2 ** 20);
      console.log(
        `${name.padEnd(12)}2^${k}  prove ${point.proveCpuMs} ms cpu, ${memory} MiB, proof ${point.proofBytes} bytes`,
      );
    } catch (error) {
      return { points, exponents: exponents(points), stopped: reasonOf(error) };
    }
  }
  return { points, exponents: exponents(points) };
}

const names = options.series.split(",");
const unknown = names.filter((name) => !Object.hasOwn(SERIES, name));
if (unknown.length > 0) throw new Error(`no such series: ${unknown.join(", ")}`);
const results = { ...describeMachine(), series: {} };
for (const name of names) {
  const result = runSeries(name);
  results.series[name] = result;
  console.log(
    `${name}: exponents ${JSON.stringify(result.exponents)}${result.stopped ? `; stopped: ${result.stopped}` : ""}`,
  );
  if ((result.exponents.proveCpuMsPerLogarithm ?? 0) > 1 + TOLERANCE) process.exitCode = 1;
}
if (options.save) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL("growth.json", FOLDER), `${JSON.stringify(results, null, 2)}\n`);
  writeGrowth(results);
}
