/**
 * Proves in zero knowledge what the MNIST network says about one test digit, lets a stranger verify it, and shows that
 * forgeries are refused. `npm run demo`, or `npm run demo -- 3` for another digit.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drawDigit, loadDigit, networkInput } from "./demo/digits.mjs";
import { tryForgeries } from "./demo/refusals.mjs";
import { tensorproof, tensorproofText, tensorproofVerdict } from "./demo/tensorproof.mjs";

const DEFAULT_DIGIT = 7;
const MODEL = fileURLToPath(new URL("./model.onnx", import.meta.url));

const milliseconds = (value) => (value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`);
const kilobytes = (value) => `${(value / 1024).toFixed(value < 10240 ? 1 : 0)} KB`;
const heading = (text) => console.log(`\n── ${text} ${"─".repeat(Math.max(0, 96 - text.length))}`);

/** Compiles and sets up once; `bits` only to make a second, different model. */
async function makeKeys(folder, extra = []) {
  mkdirSync(folder);
  await tensorproof(["compile", MODEL, ...extra, "-o", "model.tp"], folder);
  return tensorproof(["setup", "model.tp", "-o", "keys"], folder);
}

async function demo(work, digit) {
  const { testIndex, pixels } = loadDigit(digit);
  heading(`Image ${testIndex} of the MNIST test set, a ${digit}. It stays secret; so do the weights.`);
  console.log(drawDigit(pixels));

  heading("The owner of the model: compile, set up, prove");
  const owner = join(work, "owner");
  const setup = await makeKeys(owner);
  console.log(
    `set up in ${milliseconds(setup.setupMs)}, once for all proofs; model commitment ${setup.modelCommitment}`,
  );
  console.log(
    `proving key ${kilobytes(setup.provingKeyBytes)} (secret), ` +
      `verification key ${kilobytes(setup.verificationKeyBytes)} (public)`,
  );
  writeFileSync(join(owner, "image.json"), JSON.stringify(networkInput(pixels)));
  const visibility = "input=private,weights=private,output=public";
  const proving = ["prove", "keys/proving.key", "--input", "image.json", "--visibility", visibility];
  const proof = await tensorproof([...proving, "-o", "digit.proof"], owner);
  console.log(
    `proved in ${milliseconds(proof.proveMs)} after ${milliseconds(proof.witnessMs)} of inference; ` +
      `proof ${kilobytes(proof.proofBytes)}, peak memory ${kilobytes(proof.peakRssBytes / 1024).replace("KB", "MB")}`,
  );

  heading("What the proof says");
  console.log(await tensorproofText(["statement", "digit.proof"], owner));

  heading("A stranger verifies: another process, in a folder with two files");
  const stranger = join(work, "stranger");
  mkdirSync(stranger);
  copyFileSync(join(owner, "digit.proof"), join(stranger, "digit.proof"));
  copyFileSync(join(owner, "keys", "verification.key"), join(stranger, "verification.key"));
  console.log(`the folder holds ${readdirSync(stranger).join(" and ")}`);
  const verdict = await tensorproofVerdict(["digit.proof", "--key", "verification.key"], stranger);
  if (!verdict.ok)
    throw new Error(`the valid proof was refused: ${verdict.error?.code} (${verdict.error?.where})`);
  const scores = verdict.outputs[0].data;
  const named = scores.indexOf(Math.max(...scores));
  console.log(`valid, checked in ${milliseconds(verdict.verifyMs)}`);
  scores.forEach((score, index) => {
    console.log(
      `  ${index}: ${score.toFixed(3).padStart(9)}${index === named ? "  ◀ the network's answer" : ""}`,
    );
  });

  heading("Four forgeries");
  const other = join(work, "other");
  await makeKeys(other, ["--bits", "7"]);
  const forgeries = await tryForgeries({
    folder: stranger,
    proof: "digit.proof",
    key: "verification.key",
    otherKey: join(other, "keys", "verification.key"),
    scores,
  });
  for (const { name, verdict: answer } of forgeries) {
    const said = answer.ok ? "ACCEPTED" : `refused: ${answer.error.code} (${answer.error.where})`;
    console.log(`${name.padEnd(46)} ${said}`);
  }
  if (forgeries.some(({ verdict: answer }) => answer.ok))
    throw new Error("a forgery was accepted; please report this");
}

async function main() {
  const digit = process.argv[2] === undefined ? DEFAULT_DIGIT : Number(process.argv[2]);
  const work = mkdtempSync(join(tmpdir(), "tensorproof-demo-"));
  try {
    await demo(work, digit);
  } catch (error) {
    console.error(`\ndemo failed: ${error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

await main();
