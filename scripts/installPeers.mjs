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
};

const run = (command, args, options = {}) => execFileSync(command, args, { stdio: "inherit", ...options });

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in NPM));
if (unknown.length > 0) {
  console.error(`there is no peer ${unknown.join(", ")}; there are ${Object.keys(NPM).join(", ")}`);
  process.exit(2);
}
const wanted = chosen.length === 0 ? Object.keys(NPM) : chosen;
mkdirSync(FOLDER, { recursive: true });
const manifest = join(FOLDER, "package.json");
if (!existsSync(manifest)) writeFileSync(manifest, `${JSON.stringify({ private: true })}\n`);
run("npm", ["install", "--save-exact", "--no-audit", "--no-fund", ...wanted.flatMap((name) => NPM[name])], {
  cwd: FOLDER,
});
console.log(`installed in ${FOLDER}; set TENSORPROOF_PEERS=${FOLDER}`);
