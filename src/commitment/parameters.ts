/**
 * Parameters of the hiding matrix commitment: rows of D = 2^logColumns data cells and t uniform cells, encoded to
 * n = 2^logLength symbols, of which Q columns are opened. All trees of a proof share D, n and Q.
 */

/** A level of recursion: the matrix over K that holds the vector of the level before, 2^logColumns elements in a row. */
export interface InnerLevel {
  readonly logColumns: number;
  readonly logLength: number;
  readonly queries: number;
  readonly grindBits: number;
}

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
  /** Levels that take the place of the sent vector (docs/decisions/0009); none: it is sent in clear. */
  readonly levels: readonly InnerLevel[];
}

export const MAX_LEVELS = 3;

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

/** The same for a level: its rows lie in a code of one dimension more, which is MDS. */
export function innerRate({ logColumns, logLength }: InnerLevel): number {
  return (2 ** logColumns + 1) / 2 ** logLength;
}

/** A level with what follows from those before it. */
export interface InnerShape extends InnerLevel {
  /** 1 for the first level: names it in errors and leaf hashes. */
  readonly number: number;
  /** Elements of the vector that the level commits to, and log2 of that rounded up. */
  readonly vectorLength: number;
  readonly numVariables: number;
  /** Rows of 2^logColumns elements; the last may be filled in part. */
  readonly numRows: number;
}

export function innerShapes(parameters: CommitmentParameters): InnerShape[] {
  let vectorLength = 2 ** parameters.logColumns + maxRandomCells(parameters);
  return parameters.levels.map((level, i) => {
    const size = 2 ** level.logColumns;
    const shape = {
      ...level,
      number: i + 1,
      vectorLength,
      numVariables: 32 - Math.clz32(vectorLength - 1),
      numRows: Math.ceil(vectorLength / size),
    };
    vectorLength = size;
    return shape;
  });
}
