/**
 * Constraints of the R1CS circuits of the models of mnist-six, with weights as constants and as hidden inputs, into
 * benchmarks/results/suites/constraints.json. Compiles alone, so that circuits are counted whose setup takes hours.
 *
 * TENSORPROOF_PEERS=.peers node benchmarks/suites/countConstraints.mjs
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const MAIN = fileURLToPath(new URL("../../dist/bin/main.js", import.meta.url));
const TARGET = new URL("../results/suites/constraints.json", import.meta.url);

const { models } = JSON.parse(readFileSync(new URL("mnist-six.json", import.meta.url), "utf8"));
const counts = [];
for (const { name, file, calibrate } of models) {
  const [model, samples] = [resolve(FOLDER, file), resolve(FOLDER, calibrate)];
  if (!existsSync(model) || !existsSync(samples)) {
    console.log(`skipped: ${name}: there is no ${existsSync(model) ? samples : model}`);
    continue;
  }
  for (const weights of ["public", "private"]) {
    const options = ["--backend", "groth16", "--visibility", `weights=${weights}`, "--json", "--quiet"];
    const args = [MAIN, "inspect", model, "--calibrate", samples, ...options];
    const { size } = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
    counts.push({ model: name, weights, ...size });
    console.log(`${name}, weights ${weights}: ${size.constraints} constraints`);
  }
}
mkdirSync(new URL(".", TARGET), { recursive: true });
writeFileSync(TARGET, `${JSON.stringify(counts, null, 1)}\n`);
