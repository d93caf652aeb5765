/**
 * The verifier in a real browser: a page that holds nothing but the bundled `tensorproof/verify`, a proof and a
 * verification key. The proof must be accepted there, and refused with an error code once any one of a spread of its
 * bytes is flipped. A proof of a later epoch is accepted once its certificate is known.
 *
 * Chromium is taken from the environment variable CHROMIUM, else from /usr/bin/chromium.
 */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { bundleVerifier } from "../../scripts/bundleVerifier.mjs";
import { makeProof } from "./makeProof.mjs";
import { servePage } from "./servePage.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const FLIPS = 16;
const TIMED_RUNS = 5;

/** Runs inside the page. The first run is cold; the rest show the verifier as a page that checks many proofs sees it. */
async function verifyInPage({ flips, timedRuns }) {
  const { checkVerificationKey, verify, verifyWithKey, withEpochs } = await import("/verify.js");
  const fetchBytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
  const proof = await fetchBytes("/digit.proof");
  const key = await fetchBytes("/verification.key");

  const times = [];
  let verdict;
  for (let run = 0; run < timedRuns; run++) {
    const started = performance.now();
    verdict = await verify(proof, key);
    times.push(performance.now() - started);
  }
  const refusals = [];
  for (let flip = 0; flip < flips; flip++) {
    const position = Math.floor(((flip + 0.5) * proof.length) / flips);
    const flipped = proof.slice();
    flipped[position] ^= 1;
    const { ok, error } = await verify(flipped, key);
    refusals.push({ position, ok, code: error?.code });
  }
  const renewed = await fetchBytes("/renewed.proof");
  const checked = checkVerificationKey(key);
  const known = withEpochs(checked.key, [await fetchBytes("/epoch.certificate")]);
  const epoch = {
    unknown: verifyWithKey(renewed, checked.key).error?.code,
    ok: known.ok && verifyWithKey(renewed, known.key).ok,
  };
  return { ok: verdict.ok, error: verdict.error, times, refusals, epoch, proofBytes: proof.length };
}

function judge({ ok, error, refusals, epoch }) {
  const faults = [];
  if (!ok) faults.push(`the valid proof was refused: ${error?.code} (${error?.where})`);
  for (const refusal of refusals) {
    if (refusal.ok) faults.push(`the proof was accepted with byte ${refusal.position} flipped`);
    else if (!refusal.code) faults.push(`byte ${refusal.position} flipped: refused without an error code`);
  }
  if (epoch.unknown !== "statement.epoch") faults.push(`a proof of an unknown epoch: ${epoch.unknown}`);
  if (!epoch.ok) faults.push("a proof of a certified epoch was refused");
  return faults;
}

async function runInChromium(contents) {
  const server = await servePage(contents);
  try {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    try {
      const page = await browser.newPage();
      page.on("pageerror", (error) => console.error(`in the page: ${error.message}`));
      await page.goto(server.url);
      const answer = await page.evaluate(verifyInPage, { flips: FLIPS, timedRuns: TIMED_RUNS });
      return { ...answer, version: browser.version() };
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

async function main() {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `no browser at ${CHROMIUM}: install Chromium (Debian: apt-get install chromium) or set CHROMIUM to its path`,
    );
  }
  const { proof, key, renewed, certificate } = makeProof();
  const answer = await runInChromium({
    "/": { type: "text/html", body: "<!doctype html><title>tensorproof</title>" },
    "/favicon.ico": { type: "image/x-icon", body: "" },
    "/verify.js": { type: "text/javascript", body: await bundleVerifier() },
    "/digit.proof": { type: "application/octet-stream", body: proof },
    "/verification.key": { type: "application/octet-stream", body: key },
    "/renewed.proof": { type: "application/octet-stream", body: renewed },
    "/epoch.certificate": { type: "application/octet-stream", body: certificate },
  });

  const [first, ...later] = answer.times.map((time) => `${time.toFixed(1)} ms`);
  console.log(`Chromium ${answer.version}, proof of ${answer.proofBytes} bytes`);
  console.log(`verify: ${first} at first, then ${later.join(", ")}`);
  console.log(
    `refused ${answer.refusals.filter(({ ok }) => !ok).length} of ${FLIPS} proofs with a flipped byte:`,
  );
  for (const { position, ok, code } of answer.refusals) {
    console.log(`  byte ${position}: ${ok ? "ACCEPTED" : code}`);
  }
  const faults = judge(answer);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

try {
  await main();
} catch (error) {
  console.error(`browser test failed: ${error.message}`);
  process.exitCode = 1;
}
