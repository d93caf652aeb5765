/** A proof of the MNIST example and its verification key, made by the built command line. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const MAIN = resolve("dist/cli/main.js");
const MODEL = resolve("examples/mnist/model.onnx");
const DIGITS = resolve("examples/mnist/digits.json");

/** @returns {{ proof: Uint8Array, key: Uint8Array }} */
export function makeProof() {
  if (!existsSync(MAIN)) throw new Error("the command line is not built: run `npm run build` first");
  const folder = mkdtempSync(join(tmpdir(), "tensorproof-browser-"));
  try {
    const tensorproof = (...args) =>
      execFileSync(process.execPath, [MAIN, ...args], {
        cwd: folder,
        stdio: ["ignore", "ignore", "inherit"],
      });
    const [{ pixels }] = JSON.parse(readFileSync(DIGITS, "utf8")).digits;
    writeFileSync(
      join(folder, "image.json"),
      JSON.stringify({ input_data: [pixels.map((value) => value / 255)] }),
    );
    tensorproof("compile", MODEL, "-o", "model.tp", "-q");
    tensorproof("setup", "model.tp", "-o", "keys", "-q");
    tensorproof("prove", "keys/proving.key", "--input", "image.json", "-o", "digit.proof", "-q");
    return {
      proof: new Uint8Array(readFileSync(join(folder, "digit.proof"))),
      key: new Uint8Array(readFileSync(join(folder, "keys", "verification.key"))),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
