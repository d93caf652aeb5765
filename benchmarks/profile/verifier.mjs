/** Where the verifier's time goes, by sampling: it has no hooks, and needs none for this. */
import { Session } from "node:inspector/promises";
import { library } from "../models/library.mjs";

/** Functions that share the work among them, outermost first; a sample belongs to the first one above it. */
const PARTS = {
  verifyWithKey: "rest",
  planInference: "plan",
  planLayout: "layout",
  securityReport: "security",
  readPayloadHead: "reading",
  readOpenedTree: "reading",
  readOpenedLevel: "reading",
  reduceToRelations: "relations",
  combineClaims: "claims",
  claimWeights: "claims",
  verifyOpeningHead: "opening head",
  verifyTreeColumns: "columns",
  verifyLevelHead: "level heads",
  verifyLevelColumns: "level columns",
  verifyColumnSums: "last vector",
};
const WAITING = new Set(["(idle)", "(program)"]);
const MICROSECONDS = 100;
const WARM_UPS = 5;

/** @returns cpuMs of one verification and of its parts */
export async function profileVerifier(keyBytes, proof, runs) {
  const { checkVerificationKey, verifyWithKey } = await library("engine/verifier/verify.js");
  const checked = checkVerificationKey(keyBytes);
  if (!checked.ok) throw new Error(`key refused: ${checked.error.code}`);
  const verify = () => {
    const verdict = verifyWithKey(proof, checked.key);
    if (!verdict.ok) throw new Error(`refused: ${verdict.error.code}`);
  };
  for (let run = 0; run < WARM_UPS; run++) verify();
  const started = process.cpuUsage();
  for (let run = 0; run < runs; run++) verify();
  const { user, system } = process.cpuUsage(started);
  const cpuMs = (user + system) / 1000 / runs;
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: MICROSECONDS });
  await session.post("Profiler.start");
  for (let run = 0; run < runs; run++) verify();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  return { cpuMs, steps: shares(profile).map(([name, share]) => ({ name, cpuMs: share * cpuMs })) };
}

function shares({ nodes, samples, timeDeltas }) {
  const parts = new Map();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const label = (node, above) => {
    if (parts.has(node.id)) return;
    const own = PARTS[node.callFrame.functionName];
    // Claims are combined inside the opening's head, and shown apart from it.
    const part = above === undefined || above === "rest" || above === "opening head" ? (own ?? above) : above;
    parts.set(node.id, part);
    for (const child of node.children ?? []) label(byId.get(child), part);
  };
  label(nodes[0], undefined);
  const sums = new Map();
  let total = 0;
  samples.forEach((id, i) => {
    // Others have the processor meanwhile.
    if (WAITING.has(byId.get(id).callFrame.functionName)) return;
    const isGarbage = byId.get(id).callFrame.functionName === "(garbage collector)";
    const name = isGarbage ? "garbage" : parts.get(id);
    // The profiler's own start.
    if (name === undefined) return;
    sums.set(name, (sums.get(name) ?? 0) + timeDeltas[i]);
    total += timeDeltas[i];
  });
  return [...sums].map(([name, sum]) => [name, sum / total]).sort((a, b) => b[1] - a[1]);
}
