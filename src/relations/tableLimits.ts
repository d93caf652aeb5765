/** Largest table of a function or range; also the largest range that one lookup checks. */
export const MAX_TABLE_ROWS: number = 2 ** 16;

/** Rows of all public tables together. Bounds what a hostile key can allocate. */
export const MAX_PLAN_ROWS: number = 2 ** 22;
