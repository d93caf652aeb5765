/** Largest table of a function or range; also the largest range that one lookup checks. */
export const MAX_TABLE_ROWS: number = 2 ** 16;

/**
 * What planning may cost, in pairs of wires that are made or read: sums of sums would multiply them without end. A pair
 * takes up to 0.2 µs, and a key is planned twice.
 */
export const MAX_PLAN_COST: number = 2 ** 21;

/** An input's, an operator's or a constant's objects, in pairs that take as much time and memory. */
export const PART_COST = 256;

/** Pieces that the lookups of a plan may be cut into. */
export const MAX_PIECES: number = 2 ** 12;

/** Rows of all public tables together. Bounds what a hostile key can allocate. */
export const MAX_PLAN_ROWS: number = 2 ** 23;
