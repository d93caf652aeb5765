/** Largest table of a function or range; also the largest range that one lookup checks. */
export const MAX_TABLE_ROWS: number = 2 ** 16;

/** Pairs of all wires that are made and read on the way to a plan: sums of sums would multiply them without end. */
export const MAX_WIRE_PAIRS: number = 2 ** 22;

/** Rows of all public tables together. Bounds what a hostile key can allocate. */
export const MAX_PLAN_ROWS: number = 2 ** 23;
