/**
 * Old against new: builds an older commit into a temporary folder and alternates both builds, proof by proof, in one
 * process each, so that whatever else the machine does meets both alike.
 *
 *   npm run bench -- --compare RESULTS.json|COMMIT [--models a,b] [--rounds N] [--threads N] [--threshold 1.05] [--clock] [--data DIR]
 *
 * RESULTS.json: a file of benchmarks/results; its commit is the old build. The new one is dist/. Reported is the ratio new/old of
 * processor time (with --clock: of wall time), the median over pairs with a 95 % confidence interval by bootstrap. Exits
 * with 1 where the whole interval of any row lies above the threshold: slower with confidence.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { MODELS } from "../models/models.mjs";
import { buildCommit } from "./buildCommit.mjs";
import { ProverProcess } from "./proverProcess.mjs";
import { ratioWithInterval } from "./statistics.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MEASURES = ["witness", "prove", "verify"];
const WARM_UPS = 3;

const { values: options } = parseArgs({
  options: {
    compare: { type: "string" },
    models: { type: "string", default: "784_128_10" },
    rounds: { type: "string", default: "15" },
    threads: { type: "string", default: "1" },
    threshold: { type: "string", default: "1.05" },
    clock: { type: "boolean", default: false },
    data: { type: "string", default: process.env.TENSORPROOF_DATA ?? join(ROOT, "../shared/data") },
  },
});

/** Of a results file, the newest commit that its rows were measured with. */
function commitOf(source) {
  if (!existsSync(source)) return source;
  const results = JSON.parse(readFileSync(source, "utf8"));
  const rows = [...(results.rows ?? [])].filter(({ commit, date }) => commit && date);
  rows.sort((a, b) => (a.date < b.date ? 1 : -1));
  return rows[0]?.commit ?? results.commit;
}

async function compareModel(name, builds) {
  const provers = await Promise.all(
    builds.map((build) =>
      ProverProcess.start(build, { name, data: resolve(options.data), threads: options.threads }),
    ),
  );
  try {
    const samples = [[], []];
    for (let round = -WARM_UPS; round < Number(options.rounds); round++) {
      // Each goes first as often as the other.
      for (const which of round % 2 === 0 ? [0, 1] : [1, 0]) {
        const sample = await provers[which].sample();
        if (round >= 0) samples[which].push(sample);
      }
    }
    return samples;
  } finally {
    for (const prover of provers) prover.stop();
  }
}

async function main() {
  const names = options.models.split(",");
  const unknown = names.filter((name) => !MODELS.some((model) => model.name === name));
  if (unknown.length > 0) throw new Error(`no such model: ${unknown.join(", ")}`);
  const commit = commitOf(options.compare);
  const folder = mkdtempSync(join(tmpdir(), "tensorproof-compare-"));
  let slower = false;
  try {
    console.log(`building ${commit}; load ${loadavg()[0].toFixed(1)}`);
    const builds = [buildCommit(ROOT, commit, folder), join(ROOT, "dist")];
    const kind = options.clock ? "ms" : "cpuMs";
    for (const name of names) {
      const [old, current] = await compareModel(name, builds);
      for (const measure of MEASURES) {
        const of = (list) => list.map((sample) => sample[measure][kind]);
        const { ratio, low, high } = ratioWithInterval(of(old), of(current));
        const isSlower = low > Number(options.threshold);
        slower ||= isSlower;
        console.log(
          `${name.padEnd(24)}${measure.padEnd(8)} new/old ${ratio.toFixed(3)}  [${low.toFixed(3)}, ${high.toFixed(3)}]${isSlower ? "  SLOWER" : ""}`,
        );
      }
      const [before, after] = [old, current].map((list) => list[0]);
      console.log(
        `${name.padEnd(24)}proof ${before.proofBytes} → ${after.proofBytes} bytes, resident ${before.rssMegabytes} → ${after.rssMegabytes} MB`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (slower) process.exitCode = 1;
}

await main();
