/** Ranges by bits: every bit is constrained, nothing is only asserted. */
export const BITS = `pragma circom 2.1.6;

// The bits of a value, lowest first. Proves 0 <= in < 2^n.
template Bits(n) {
    signal input in;
    signal output out[n];
    var sum = 0;
    for (var i = 0; i < n; i++) {
        out[i] <-- (in >> i) & 1;
        out[i] * (out[i] - 1) === 0;
        sum += out[i] * (1 << i);
    }
    sum === in;
}

// 1 if in >= 0, else 0. Proves -2^k <= in < 2^k.
template IsNonNegative(k) {
    signal input in;
    signal output out;
    signal bits[k + 1] <== Bits(k + 1)(in + (1 << k));
    out <== bits[k];
}

// Proves lo <= in <= hi, where hi - lo < 2^n.
template InRange(count, n, lo, hi) {
    signal input in[count];
    signal fromBelow[count][n];
    signal fromAbove[count][n];
    for (var i = 0; i < count; i++) {
        fromBelow[i] <== Bits(n)(in[i] - lo);
        fromAbove[i] <== Bits(n)(hi - in[i]);
    }
}
`;
