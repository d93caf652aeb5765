/** Roundings, bounds and tables. */
export const REQUANTISE = `pragma circom 2.1.6;

include "bits.circom";

// factor * in + offset, one factor and one offset per channel (the last axis) or one for all.
template Scale(count, channels, factor, offset) {
    signal input in[count];
    signal output out[count];
    for (var i = 0; i < count; i++) {
        out[i] <== factor[i % channels] * in[i] + offset[i % channels];
    }
}

// floor(in / 2^shift). in has n bits: from -2^(n-1) on if it is signed, else from 0 on.
template Shift(count, n, shift, isSigned) {
    signal input in[count];
    signal output out[count];
    signal bits[count][n];
    var base = isSigned * (1 << (n - 1));
    for (var i = 0; i < count; i++) {
        bits[i] <== Bits(n)(in[i] + base);
        var sum = 0;
        for (var b = shift; b < n; b++) {
            sum += bits[i][b] * (1 << (b - shift));
        }
        out[i] <== sum - (base >> shift);
    }
}

// max(floor(in / 2^shift), 0) of a signed value of n bits: the sign bit decides.
template ShiftRelu(count, n, shift) {
    signal input in[count];
    signal output out[count];
    signal bits[count][n];
    for (var i = 0; i < count; i++) {
        bits[i] <== Bits(n)(in[i] + (1 << (n - 1)));
        var magnitude = 0;
        for (var b = shift; b < n - 1; b++) {
            magnitude += bits[i][b] * (1 << (b - shift));
        }
        out[i] <== bits[i][n - 1] * magnitude;
    }
}

// max(in, bound), for |in - bound| < 2^k.
template AtLeast(count, k, bound) {
    signal input in[count];
    signal output out[count];
    signal reaches[count];
    for (var i = 0; i < count; i++) {
        reaches[i] <== IsNonNegative(k)(in[i] - bound);
        out[i] <== reaches[i] * (in[i] - bound) + bound;
    }
}

// min(in, bound), for |in - bound| < 2^k.
template AtMost(count, k, bound) {
    signal input in[count];
    signal output out[count];
    signal stays[count];
    for (var i = 0; i < count; i++) {
        stays[i] <== IsNonNegative(k)(bound - in[i]);
        out[i] <== stays[i] * (in[i] - bound) + bound;
    }
}

// All products of subsets of the bits; product s is that of the bits set in s.
template Subsets(n) {
    signal input bits[n];
    signal output out[1 << n];
    out[0] <== 1;
    for (var b = 0; b < n; b++) {
        for (var s = 0; s < (1 << b); s++) {
            out[(1 << b) + s] <== out[s] * bits[b];
        }
    }
}

// A function given by a table, of floor(in / 2^shift): the multilinear polynomial through the table, in the bits of the
// shifted value. in has n bits, m = n - shift of which remain; coefficients[s] belongs to the product of the bits in s.
template ShiftTable(count, n, shift, isSigned, coefficients) {
    signal input in[count];
    signal output out[count];
    var m = n - shift;
    var lowBits = (m + 1) \\ 2;
    var highBits = m - lowBits;
    signal bits[count][n];
    signal lowIn[count][lowBits];
    signal highIn[count][highBits];
    signal low[count][1 << lowBits];
    signal high[count][1 << highBits];
    signal products[count][1 << highBits];
    var base = isSigned * (1 << (n - 1));
    for (var i = 0; i < count; i++) {
        bits[i] <== Bits(n)(in[i] + base);
        for (var b = 0; b < lowBits; b++) {
            lowIn[i][b] <== bits[i][shift + b];
        }
        for (var b = 0; b < highBits; b++) {
            highIn[i][b] <== bits[i][shift + lowBits + b];
        }
        low[i] <== Subsets(lowBits)(lowIn[i]);
        high[i] <== Subsets(highBits)(highIn[i]);
        var sum = 0;
        for (var h = 0; h < (1 << highBits); h++) {
            var inner = 0;
            for (var l = 0; l < (1 << lowBits); l++) {
                inner += coefficients[h * (1 << lowBits) + l] * low[i][l];
            }
            products[i][h] <== inner * high[i][h];
            sum += products[i][h];
        }
        out[i] <== sum;
    }
}
`;
