/**
 * Installs the optional packages of the other proof systems into .peers, apart from this package: they are large, and
 * some are GPL. `npm run peers [-- name …]`; without names, all of them. Backends find them by TENSORPROOF_PEERS=.peers.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = ".peers";
const NPM = {
  snarkjs: ["snarkjs@0.7.6"],
  circom: ["circom2@0.2.23"],
  noir: ["@noir-lang/noir_wasm@1.0.0-beta.26", "@noir-lang/noir_js@1.0.0-beta.26", "@aztec/bb.js@5.0.0"],
};

/** Python packages, each in an environment of its own. */
const PYTHON = { ezkl: "ezkl==23.0.5" };

const run = (command, args, options = {}) => execFileSync(command, args, { stdio: "inherit", ...options });

const chosen = process.argv.slice(2);
const known = [...Object.keys(NPM), ...Object.keys(PYTHON)];
const unknown = chosen.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`there is no peer ${unknown.join(", ")}; there are ${known.join(", ")}`);
  process.exit(2);
}
const wanted = chosen.length === 0 ? known : chosen;
mkdirSync(FOLDER, { recursive: true });
const manifest = join(FOLDER, "package.json");
if (!existsSync(manifest)) writeFileSync(manifest, `${JSON.stringify({ private: true })}\n`);
const packages = wanted.flatMap((name) => NPM[name] ?? []);
if (packages.length > 0)
  run("npm", ["install", "--save-exact", "--no-audit", "--no-fund", ...packages], { cwd: FOLDER });
for (const name of wanted.filter((candidate) => candidate in PYTHON)) {
  const environment = join(FOLDER, name);
  run("python3", ["-m", "venv", environment]);
  run(join(environment, "bin", "pip"), ["install", "--quiet", PYTHON[name]]);
}
console.log(`installed in ${FOLDER}; set TENSORPROOF_PEERS=${FOLDER}`);
