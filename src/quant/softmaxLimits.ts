/** Bits of the sums that a Softmax divides by (emit/softmax.ts): they index a table. */
export const SUM_BITS = 16;
/** A sum is at least one exponential of 0; of so many bits, at least, for its rounding to disturb no 8-bit result much. */
const MIN_LEAST_BITS = 4;

/** The longest axis of a Softmax. */
export const MAX_SOFTMAX_LENGTH: number = 2 ** (SUM_BITS - MIN_LEAST_BITS) - 1;
