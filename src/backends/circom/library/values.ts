/** Operators on computed values: order, products, quotients. */
export const VALUES = `pragma circom 2.1.6;

include "bits.circom";

// max(left, right), for |left - right| < 2^k.
template Maximum(count, k) {
    signal input left[count];
    signal input right[count];
    signal output out[count];
    signal isLeft[count];
    for (var i = 0; i < count; i++) {
        isLeft[i] <== IsNonNegative(k)(left[i] - right[i]);
        out[i] <== isLeft[i] * (left[i] - right[i]) + right[i];
    }
}

// The index of the largest of each row, the first among equals; differences are below 2^k.
template ArgMax(rows, length, k) {
    signal input in[rows * length];
    signal output out[rows];
    signal best[rows][length];
    signal index[rows][length];
    signal stays[rows][length];
    for (var r = 0; r < rows; r++) {
        best[r][0] <== in[r * length];
        index[r][0] <== 0;
        stays[r][0] <== 0;
        for (var j = 1; j < length; j++) {
            stays[r][j] <== IsNonNegative(k)(best[r][j - 1] - in[r * length + j]);
            best[r][j] <== stays[r][j] * (best[r][j - 1] - in[r * length + j]) + in[r * length + j];
            index[r][j] <== stays[r][j] * (index[r][j - 1] - j) + j;
        }
        out[r] <== index[r][length - 1];
    }
}

// left * right.
template Product(count) {
    signal input left[count];
    signal input right[count];
    signal output out[count];
    for (var i = 0; i < count; i++) {
        out[i] <== left[i] * right[i];
    }
}

// floor(numerator / denominator), the denominator at least 1 and below 2^d, the quotient from -2^q to 2^q - 1. The
// remainder is proven to lie between 0 and the denominator: asserting it would prove nothing.
template Quotient(count, d, q) {
    signal input numerator[count];
    signal input denominator[count];
    signal output out[count];
    signal remainder[count];
    signal quotientBits[count][q + 1];
    signal remainderBits[count][d];
    signal gapBits[count][d];
    for (var i = 0; i < count; i++) {
        var shifted = numerator[i] + (denominator[i] << q);
        out[i] <-- (shifted \\ denominator[i]) - (1 << q);
        remainder[i] <== numerator[i] - out[i] * denominator[i];
        quotientBits[i] <== Bits(q + 1)(out[i] + (1 << q));
        remainderBits[i] <== Bits(d)(remainder[i]);
        gapBits[i] <== Bits(d)(denominator[i] - 1 - remainder[i]);
    }
}
`;
