/** A proof of the MNIST example, its verification key, and a proof of a later epoch with its certificate, made by the built command line. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const MAIN = resolve("dist/bin/main.js");
const MODEL = resolve("examples/mnist/model.onnx");
const DIGITS = resolve("examples/mnist/digits.json");

/** @returns {{ proof: Uint8Array, key: Uint8Array, renewed: Uint8Array, certificate: Uint8Array }} */
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
    tensorproof("renew", "keys/proving.key", "-o", "epoch", "-q");
    tensorproof("prove", "epoch/proving.key", "--input", "image.json", "-o", "renewed.proof", "-q");
    const read = (name) => new Uint8Array(readFileSync(join(folder, name)));
    return {
      proof: read("digit.proof"),
      key: read("keys/verification.key"),
      renewed: read("renewed.proof"),
      certificate: read("epoch/epoch-1.certificate"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
