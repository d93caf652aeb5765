/**
 * Parameters of the hiding matrix commitment: rows of D = 2^logColumns data cells and t uniform cells, encoded to
 * n = 2^logLength symbols, of which Q columns are opened. All trees of a proof share D, n and Q.
 */
import { TensorproofError } from "../errors/tensorproofError.ts";

export interface CommitmentParameters {
  readonly logColumns: number;
  readonly logLength: number;
  /** Distinct columns opened per proof. */
  readonly queries: number;
  /** Proof-of-work bits before the queries are drawn. */
  readonly grindBits: number;
  /** Openings that one weight commitment can bear: proofs and certificates together. 0 if weights are public. */
  readonly weightUses: number;
  /** Openings that one input or output commitment can bear. */
  readonly dataUses: number;
}

export const GRIND_BITS = 16;
export const DATA_USES = 4;
/** Bits of the query phase: with grinding a quarter of a bit above 100, so that the sum of all terms keeps 100. */
export const QUERY_BITS = 84.25;
const LOG_COLUMNS = { min: 4, max: 15 } as const;

/** Uniform cells per row of a tree that is opened `uses` times: odd, because only then do the slots span all of a GRS code. */
export function randomCells(parameters: CommitmentParameters, uses: number): number {
  const needed = uses * parameters.queries;
  return needed % 2 === 0 ? needed + 1 : needed;
}

/** Uniform cells of the longest tree; the mask rows fill them all. */
export function maxRandomCells(parameters: CommitmentParameters): number {
  return randomCells(parameters, Math.max(parameters.weightUses, parameters.dataUses, 1));
}

/** Fraction of the symbols that determine a codeword, masks included. */
export function codeRate(parameters: CommitmentParameters): number {
  return (2 ** parameters.logColumns + maxRandomCells(parameters)) / 2 ** parameters.logLength;
}

/**
 * −log2 of the probability that one query misses a word beyond the unique-decoding radius. Good for choosing parameters;
 * what they are worth, engine/security.ts computes alike on every machine.
 */
function bitsPerQuery(rate: number): number {
  return -Math.log2(1 - (1 - rate) / 2);
}

/** Smallest consistent number of queries for a shape, or null if the uniform cells do not fit. */
function settle(logColumns: number, logLength: number, weightUses: number): CommitmentParameters | null {
  let queries = 1;
  for (;;) {
    const parameters = {
      logColumns,
      logLength,
      queries,
      grindBits: GRIND_BITS,
      weightUses,
      dataUses: DATA_USES,
    };
    if (maxRandomCells(parameters) > 2 ** logColumns) return null;
    const rate = codeRate(parameters);
    if (rate >= 1 || queries > 2 ** (logLength - 1)) return null;
    const needed = Math.ceil(QUERY_BITS / bitsPerQuery(rate));
    if (needed <= queries) return parameters;
    queries = needed;
  }
}

/** Bytes of encoded rows, which the prover computes, hashes and holds, that are worth a byte of proof. */
const SYMBOL_BYTES_PER_PROOF_BYTE = 2048;

/**
 * The shape with the shortest opening for tensors with these cell counts, unless the rows to encode grow out of proportion:
 * `rowsAt(logColumns)` gives the number of rows of all trees together, `numTrees` how many trees are opened.
 */
export function chooseParameters(
  rowsAt: (logColumns: number) => number,
  numTrees: number,
  weightUses: number,
): CommitmentParameters {
  let best: { parameters: CommitmentParameters; cost: number } | null = null;
  for (let logColumns = LOG_COLUMNS.min; logColumns <= LOG_COLUMNS.max; logColumns++) {
    for (const expansion of [2, 3]) {
      const parameters = settle(logColumns, logColumns + expansion, weightUses);
      if (parameters === null) continue;
      const numRows = rowsAt(logColumns);
      const symbolBytes = 4 * numRows * 2 ** parameters.logLength;
      const cost = openingBytes(parameters, numRows, numTrees) + symbolBytes / SYMBOL_BYTES_PER_PROOF_BYTE;
      if (best === null || cost < best.cost) best = { parameters, cost };
    }
  }
  if (best === null) {
    throw new TensorproofError(
      "setup.budget",
      `no commitment carries ${weightUses} openings; ask for fewer proofs per setup`,
      {
        where: "--proofs",
      },
    );
  }
  return best.parameters;
}

/** Estimated bytes of an opening; Merkle paths share their upper levels. */
export function openingBytes(parameters: CommitmentParameters, numRows: number, numTrees: number): number {
  const { logColumns, logLength, queries } = parameters;
  const path = Math.max(0, logLength - Math.log2(queries)) + 1;
  const vector = 16 * (2 ** logColumns + maxRandomCells(parameters));
  return vector + queries * (4 * numRows + numTrees * 32 * (1 + path));
}
