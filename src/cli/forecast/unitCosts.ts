/**
 * What each unit of work costs, in nanoseconds, and how much memory a process takes besides the kernels'. Fitted to the
 * phases of the networks of `npm run bench -- --suite models` (196-25-10 to MobileNet v2 at 224 × 224; the least of
 * several runs, one thread, 2 to 2,600 ms a phase) on two virtual cores of an AMD EPYC (Zen 5), Node 20.20, November 2026:
 * no phase is further than a quarter from what these constants say of it. Other machines are faster or slower by what
 * machineSpeed.ts measures. Leaves, claims, stored cells and looked-up cells were scaled later by what became of the
 * processor time of their phases (docs/performance.md), and wait for a fit on an idle machine.
 */
import type { ProofWork, WitnessWork } from "./proofWork.ts";

/** In kernels, which share their work among threads, and in JavaScript, which does not. */
export interface PhaseCost {
  readonly kernelMs: number;
  readonly scriptMs: number;
}

export interface ForecastCosts {
  /** Committing to the weights once more, from the key. */
  readonly load: PhaseCost;
  /** Running the model, and everything that is derived from the run. */
  readonly witness: PhaseCost;
  readonly prove: PhaseCost;
}

const NS_PER_SYMBOL = 6.7;
const NS_PER_LEAF = 53;
const NS_PER_BINDING = 2;
const NS_PER_MATRIX_CELL = 12.3;
const NS_PER_MULTIPLY = 0.47;
const NS_PER_STORED_CELL = 6;
const NS_PER_COLUMN_CELL = 18;
const NS_PER_LOOKUP = 18;
const NS_PER_SLOW_CELL = 240;
const NS_PER_OPENED_ENTRY = 57;
const NS_PER_CLAIM = 260_000;
/** Per entry of the column vector that a claim has in the opening; and per entry and claim at a level of recursion. */
const NS_PER_CLAIM_COLUMN = 6;
const NS_PER_LEVEL_CLAIM_CELL = 2;
/** A row of a table is planned, counted and evaluated in turn. */
const NS_PER_TABLE_ROW = { load: 180, witness: 7, prove: 140 } as const;
/** When a key is loaded the engine has optimised nothing yet. */
const NS_PER_WEIGHT_CELL = 104;
/** Nonces, transcript and whatever else every proof has. */
const FIXED_MS = { load: 24, prove: 5.3 } as const;

/** The first proof of a process: what the engine has to optimise, fresh pages of memory, slower code until then. */
const FIRST_MS = 52;
const FIRST_MS_PER_MEBIBYTE = 0.067;
const FIRST_SHARE = 0.74;

/** Node, the library and its text; what plan, run and proof hold outside kernel memory. */
const BASE_BYTES = 65 * 2 ** 20;
const BYTES_PER_TABLE_ROW = 54;
const BYTES_PER_CLAIM = 0.27 * 2 ** 20;
const BYTES_PER_KERNEL_BYTE = 0.011;
const BYTES_PER_WORKER = 6 * 2 ** 20;

const NS_PER_MS = 1e6;

export function costsOf(work: ProofWork): ForecastCosts {
  const ms = (nanoseconds: number): number => nanoseconds / NS_PER_MS;
  const { tableRows, numClaims } = work;
  return {
    load: {
      kernelMs: ms(work.weightSymbols * NS_PER_SYMBOL),
      scriptMs:
        FIXED_MS.load +
        ms((work.weights?.storedCells ?? 0) * NS_PER_WEIGHT_CELL + tableRows * NS_PER_TABLE_ROW.load),
    },
    witness: {
      kernelMs: 0,
      scriptMs: ms(
        work.multiplyAccumulates * NS_PER_MULTIPLY +
          witnessNanoseconds(work.witness) +
          tableRows * NS_PER_TABLE_ROW.witness,
      ),
    },
    prove: {
      kernelMs: ms(
        work.symbols * NS_PER_SYMBOL +
          work.leaves * NS_PER_LEAF +
          work.bindings * NS_PER_BINDING +
          work.matrixCells * NS_PER_MATRIX_CELL +
          numClaims * work.columns * NS_PER_CLAIM_COLUMN +
          work.levelSymbols * NS_PER_SYMBOL +
          work.levelClaimCells * NS_PER_LEVEL_CLAIM_CELL,
      ),
      scriptMs:
        FIXED_MS.prove +
        ms(
          work.slowCells * NS_PER_SLOW_CELL +
            tableRows * NS_PER_TABLE_ROW.prove +
            work.openedEntries * NS_PER_OPENED_ENTRY +
            numClaims * NS_PER_CLAIM,
        ),
    },
  };
}

function witnessNanoseconds({ storedCells, columnCells, lookups }: WitnessWork): number {
  return storedCells * NS_PER_STORED_CELL + columnCells * NS_PER_COLUMN_CELL + lookups * NS_PER_LOOKUP;
}

/** What the first proof of a process takes longer than those after it. */
export function firstProofMs(warmMs: number, kernelBytes: number): number {
  return FIRST_MS + (FIRST_MS_PER_MEBIBYTE * kernelBytes) / 2 ** 20 + FIRST_SHARE * warmMs;
}

/** Peak resident memory of a process that makes one proof. */
export function peakBytes({ tableRows, numClaims }: ProofWork, kernelBytes: number, threads: number): number {
  return (
    BASE_BYTES +
    tableRows * BYTES_PER_TABLE_ROW +
    numClaims * BYTES_PER_CLAIM +
    kernelBytes * (1 + BYTES_PER_KERNEL_BYTE) +
    (threads - 1) * BYTES_PER_WORKER
  );
}
