/** Runs cases of one target by their numbers and tells findings: crashes, hangs, allocations, forgeries. */
import { hex } from "../../src/bytes/hex.ts";
import { TensorproofError } from "../../src/errors/tensorproofError.ts";
import { Random } from "./random.ts";
import type { FuzzInput, FuzzTarget } from "./target.ts";

/** Longer than this is a hang. */
export const MAX_MS = 1000;

export interface Finding {
  readonly target: string;
  readonly index: number;
  readonly what: string;
  readonly bytes: string;
  /** The key under which the bytes were judged, where there is one. */
  readonly context: string;
}

export interface Tally {
  /** Cases by outcome. */
  readonly outcomes: Map<string, number>;
  readonly findings: Finding[];
  slowestMs: number;
  /** Most bytes that one case allocated. */
  largestBytes: number;
}

export function emptyTally(): Tally {
  return { outcomes: new Map(), findings: [], slowestMs: 0, largestBytes: 0 };
}

/** How the bytes are refused, `accepted`, or what is wrong with that. */
export async function judge(
  target: FuzzTarget,
  input: FuzzInput,
): Promise<{ outcome: string; finding: string | null }> {
  try {
    const outcome = await target.run(input);
    if (outcome === "verifier.internal") return { outcome, finding: "the verifier ran into its own bounds" };
    return { outcome, finding: outcome === "accepted" && target.isForgery ? "accepted" : null };
  } catch (error) {
    if (error instanceof TensorproofError) return { outcome: error.code, finding: null };
    return {
      outcome: "crash",
      finding: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

/**
 * Case `index` of the campaign. Allocations are what one case adds before anything is collected. `second`: the reference
 * verifier judges the same bytes, unmeasured, and every difference is a finding.
 */
export async function runCase(
  target: FuzzTarget,
  seed: number,
  index: number,
  tally: Tally,
  second: boolean,
): Promise<void> {
  const input = target.mutate(new Random(seed, index));
  const before = allocated();
  const begin = performance.now();
  const { outcome, finding } = await judge(target, input);
  const ms = performance.now() - begin;
  const bytes = allocated() - before;
  tally.outcomes.set(outcome, (tally.outcomes.get(outcome) ?? 0) + 1);
  tally.slowestMs = Math.max(tally.slowestMs, ms);
  tally.largestBytes = Math.max(tally.largestBytes, bytes);
  const report = (what: string): void => {
    const context = target.context?.(input) ?? "";
    tally.findings.push({ target: target.name, index, what, bytes: hex(input.bytes), context });
  };
  if (finding !== null) report(finding);
  // A pause of the machine is no hang: whoever is slow is asked again.
  if (ms > MAX_MS && (await secondTime(target, input)) > MAX_MS) report(`${Math.round(ms)} ms`);
  if (bytes > target.maxBytes) report(`allocated ${bytes} bytes, at most ${target.maxBytes} are expected`);
  const disagreement = second ? (target.disagreement?.(input, outcome) ?? null) : null;
  if (disagreement !== null) report(`the first verifier: ${outcome}; the second: ${disagreement}`);
}

async function secondTime(target: FuzzTarget, input: FuzzInput): Promise<number> {
  const begin = performance.now();
  await judge(target, input);
  return performance.now() - begin;
}

function allocated(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
