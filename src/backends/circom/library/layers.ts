/** Sums with constant weights: linear, so that they cost no constraint once simplified. */
export const LAYERS = `pragma circom 2.1.6;

// out[r][m] = bias[m] + sum of in[r][k] * weight[m][k].
template Dense(rows, length, outputs, weight, bias) {
    signal input in[rows * length];
    signal output out[rows * outputs];
    for (var r = 0; r < rows; r++) {
        for (var m = 0; m < outputs; m++) {
            var sum = bias[m];
            for (var k = 0; k < length; k++) {
                sum += in[r * length + k] * weight[m * length + k];
            }
            out[r * outputs + m] <== sum;
        }
    }
}

// A convolution over rows and columns, channels last. shape: height, width, channels, output height, output width,
// outputs; window: height, width, strides (2), dilations (2), padding before (2), groups. Outside the input is 0.
template Conv(shape, window, weight, bias) {
    var height = shape[0];
    var width = shape[1];
    var channels = shape[2];
    var outHeight = shape[3];
    var outWidth = shape[4];
    var outputs = shape[5];
    var groups = window[8];
    var groupChannels = channels \\ groups;
    signal input in[height * width * channels];
    signal output out[outHeight * outWidth * outputs];
    for (var y = 0; y < outHeight; y++) {
        for (var x = 0; x < outWidth; x++) {
            for (var m = 0; m < outputs; m++) {
                var sum = bias[m];
                var first = (m \\ (outputs \\ groups)) * groupChannels;
                for (var ky = 0; ky < window[0]; ky++) {
                    for (var kx = 0; kx < window[1]; kx++) {
                        var iy = y * window[2] + ky * window[4] - window[6];
                        var ix = x * window[3] + kx * window[5] - window[7];
                        if (iy >= 0 && iy < height && ix >= 0 && ix < width) {
                            for (var c = 0; c < groupChannels; c++) {
                                var at = ((m * window[0] + ky) * window[1] + kx) * groupChannels + c;
                                sum += in[(iy * width + ix) * channels + first + c] * weight[at];
                            }
                        }
                    }
                }
                out[(y * outWidth + x) * outputs + m] <== sum;
            }
        }
    }
}

// Sums of windows along one axis of [outer, length, inner]; outside the axis is 0.
template WindowSum(outer, length, inner, windows, size, stride, pad) {
    signal input in[outer * length * inner];
    signal output out[outer * windows * inner];
    for (var o = 0; o < outer; o++) {
        for (var w = 0; w < windows; w++) {
            for (var i = 0; i < inner; i++) {
                var sum = 0;
                for (var k = 0; k < size; k++) {
                    var at = w * stride + k - pad;
                    if (at >= 0 && at < length) {
                        sum += in[(o * length + at) * inner + i];
                    }
                }
                out[(o * windows + w) * inner + i] <== sum;
            }
        }
    }
}

// offset + sum of factors[j] * in[j], element by element.
template Combine(inputs, count, factors, offset) {
    signal input in[inputs][count];
    signal output out[count];
    for (var i = 0; i < count; i++) {
        var sum = offset;
        for (var j = 0; j < inputs; j++) {
            sum += factors[j] * in[j][i];
        }
        out[i] <== sum;
    }
}

// out[i] = in[from[i]], or fill where from[i] is -1: every operator that only moves values.
template Pick(inputs, count, from, fill) {
    signal input in[inputs];
    signal output out[count];
    for (var i = 0; i < count; i++) {
        if (from[i] < 0) {
            out[i] <== fill;
        } else {
            out[i] <== in[from[i]];
        }
    }
}
`;
