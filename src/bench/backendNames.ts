import { BACKEND_NAMES } from "../backends/proofBackend.ts";

/**
 * Backends that a suite may name. Those that this build has not are rows that say so, so that one suite serves builds
 * with more and with fewer of them.
 */
export const BENCH_BACKENDS: readonly string[] = [...new Set([...BACKEND_NAMES, "ultrahonk", "ezkl"])];
