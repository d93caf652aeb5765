/** Chooses the shape of a commitment and of its levels by the size of the opening and the prover's work. */
import { TensorproofError } from "../errors/tensorproofError.ts";
import { HASH_BYTES } from "../hash/blake3.ts";
import { SALT_BYTES } from "../hash/merkle.ts";
import {
  type CommitmentParameters,
  codeRate,
  type InnerLevel,
  innerRate,
  MAX_LEVELS,
  maxRandomCells,
} from "./parameters.ts";

export const GRIND_BITS = 16;
export const DATA_USES = 4;
/** Bits of the query phase: with grinding a quarter of a bit above 100, so that the sum of all terms keeps 100. */
export const QUERY_BITS = 84.25;
/** The same for a level of recursion, whose work is less: the first prover of a process waits for it too. */
const LEVEL_BITS = 100.25;
const LEVEL_GRIND_BITS = 12;
const LOG_COLUMNS = { min: 4, max: 17 } as const;
/** log2 of n/D. */
const EXPANSIONS = [1, 2, 3] as const;
const LEVEL_EXPANSIONS = [2, 3, 4, 5] as const;

const EXT_BYTES = 16;
/** Encoded and hashed; a leaf's salt, first block and inner node; a nonce. */
const NS_PER_SYMBOL = 6.7;
const NS_PER_LEAF = 80;
const NS_PER_NONCE = 32;
/** Both vectors of a claim are made and folded. */
const NS_PER_CLAIM_COLUMN = 40;
/** At a level, per element of the vector: a claim's public vector, rounds; absorbed in clear; fixed. */
const NS_PER_CLAIM_ELEMENT = 2;
const NS_PER_ROUND_ELEMENT = 40;
const NS_PER_CLEAR_ELEMENT = 100;
const NS_PER_LEVEL = 200_000;

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
      levels: [],
    };
    if (maxRandomCells(parameters) > 2 ** logColumns) return null;
    const rate = codeRate(parameters);
    if (rate >= 1 || queries > 2 ** (logLength - 1)) return null;
    const needed = Math.ceil(QUERY_BITS / bitsPerQuery(rate));
    if (needed <= queries) return parameters;
    queries = needed;
  }
}

/** What a plan's rows are at each width, and what else an opening's cost depends on. */
export interface StackShape {
  /** Rows of all trees together. */
  readonly rowsAt: (logColumns: number) => number;
  readonly numTrees: number;
  /** Openings that the weight commitment must bear; 0 without one. */
  readonly weightUses: number;
  /** Claims with a column vector of their own, roughly. */
  readonly numClaims: number;
}

/**
 * The shape and levels with the least bytes · √work: a tenth fewer bytes are worth a fifth more work in commitment and
 * opening, which are about half of a proof.
 * @throws TensorproofError `setup.budget`
 */
export function chooseParameters(shape: StackShape): CommitmentParameters {
  const { rowsAt, numTrees, weightUses, numClaims } = shape;
  let best: { parameters: CommitmentParameters; score: number } | null = null;
  for (let logColumns = LOG_COLUMNS.min; logColumns <= LOG_COLUMNS.max; logColumns++) {
    for (const expansion of EXPANSIONS) {
      const outer = settle(logColumns, logColumns + expansion, weightUses);
      if (outer === null) continue;
      const cost = outerCost(outer, rowsAt(logColumns), numTrees, numClaims);
      const length = 2 ** logColumns + maxRandomCells(outer);
      if (best !== null && scoreOf(cost) >= best.score) continue;
      // Where bytes · √work is least, a byte is worth 2 · work/bytes.
      const price = (2 * cost.work) / (cost.bytes + EXT_BYTES * length);
      const chain = new LevelChooser(price).best(length, outer.queries, MAX_LEVELS);
      const score = scoreOf({ bytes: cost.bytes + chain.bytes, work: cost.work + chain.work });
      if (best !== null && score >= best.score) continue;
      best = { parameters: { ...outer, levels: chain.levels }, score };
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

/** Bytes of the proof, and work in nanoseconds; both rough. */
interface Cost {
  readonly bytes: number;
  readonly work: number;
}

function scoreOf({ bytes, work }: Cost): number {
  return bytes * Math.sqrt(work);
}

function outerCost(
  { logColumns, logLength, queries, grindBits }: CommitmentParameters,
  numRows: number,
  numTrees: number,
  numClaims: number,
): Cost {
  const path = HASH_BYTES * expectedPathHashes(queries, logLength);
  return {
    bytes: queries * (4 * numRows + numTrees * SALT_BYTES) + numTrees * path,
    work:
      2 ** logLength * (numRows * NS_PER_SYMBOL + numTrees * NS_PER_LEAF) +
      numClaims * 2 ** logColumns * NS_PER_CLAIM_COLUMN +
      2 ** grindBits * NS_PER_NONCE,
  };
}

interface Chain extends Cost {
  readonly levels: readonly InnerLevel[];
}

/** Chains of levels at one price of a byte, in nanoseconds. */
class LevelChooser {
  private readonly price: number;
  private readonly known = new Map<string, Chain>();

  constructor(price: number) {
    this.price = price;
  }

  /** For a vector of `length` elements with `claims` claims about its codeword. */
  best(length: number, claims: number, maxLevels: number): Chain {
    const key = `${length}:${claims}:${maxLevels}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    let best: Chain = { bytes: EXT_BYTES * length, work: length * NS_PER_CLEAR_ELEMENT, levels: [] };
    const numVariables = Math.ceil(Math.log2(length));
    for (const candidate of maxLevels === 0 ? [] : CANDIDATES) {
      const { level } = candidate;
      if (level.logColumns >= numVariables) break;
      const cost = levelCost(candidate, length, claims, numVariables);
      if (this.total(cost) >= this.total(best)) continue;
      const rest = this.best(2 ** level.logColumns, level.queries, maxLevels - 1);
      const chain = {
        bytes: cost.bytes + rest.bytes,
        work: cost.work + rest.work,
        levels: [level, ...rest.levels],
      };
      if (this.total(chain) < this.total(best)) best = chain;
    }
    this.known.set(key, best);
    return best;
  }

  private total({ bytes, work }: Cost): number {
    return bytes + work / this.price;
  }
}

interface Candidate {
  readonly level: InnerLevel;
  readonly pathBytes: number;
}

/** By ascending length of rows. */
const CANDIDATES: readonly Candidate[] = listCandidates();

function listCandidates(): Candidate[] {
  const candidates: Candidate[] = [];
  for (let logColumns = LOG_COLUMNS.min; logColumns < LOG_COLUMNS.max; logColumns++) {
    for (const expansion of LEVEL_EXPANSIONS) {
      const logLength = logColumns + expansion;
      const rate = innerRate({ logColumns, logLength, queries: 0, grindBits: 0 });
      const queries = Math.ceil((LEVEL_BITS - LEVEL_GRIND_BITS) / bitsPerQuery(rate));
      if (queries > 2 ** (logLength - 1)) continue;
      const level = { logColumns, logLength, queries, grindBits: LEVEL_GRIND_BITS };
      candidates.push({ level, pathBytes: HASH_BYTES * expectedPathHashes(queries, logLength) });
    }
  }
  return candidates;
}

function levelCost(
  { level, pathBytes }: Candidate,
  length: number,
  claims: number,
  numVariables: number,
): Cost {
  const { logColumns, logLength, queries, grindBits } = level;
  const numRows = Math.ceil(length / 2 ** logColumns);
  return {
    bytes: EXT_BYTES * (2 * numVariables + 1 + queries * numRows) + HASH_BYTES + pathBytes,
    work:
      2 ** logLength * (4 * numRows * NS_PER_SYMBOL + NS_PER_LEAF) +
      2 ** numVariables * (claims * NS_PER_CLAIM_ELEMENT + NS_PER_ROUND_ELEMENT) +
      2 ** grindBits * NS_PER_NONCE +
      NS_PER_LEVEL,
  };
}

/** Of a Merkle tree's path for random positions: nodes that are unknown and whose siblings are known. */
export function expectedPathHashes(queries: number, depth: number): number {
  let sum = 0;
  for (let numNodes = 2 ** depth; numNodes > 1; numNodes /= 2) {
    sum += numNodes * ((1 - 1 / numNodes) ** queries - (1 - 2 / numNodes) ** queries);
  }
  return sum;
}
