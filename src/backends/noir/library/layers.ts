/** Sums and products; tensors are rows of integers in row-major order. */
export const LAYERS: string = `// Layers. A tensor is an array in row-major order; sizes follow from the arrays that are given and assigned to.

/// y[r, m] = b[m] + sum over k of x[r, k] * w[m, k]
pub fn dense<let X: u32, let W: u32, let M: u32, let Y: u32>(
    x: [Field; X],
    w: [Field; W],
    b: [Field; M],
) -> [Field; Y] {
    let length = W / M;
    let mut y = [0; Y];
    for r in 0..Y / M {
        for m in 0..M {
            let mut sum = b[m];
            for k in 0..length {
                sum += w[m * length + k] * x[r * length + k];
            }
            y[r * M + m] = sum;
        }
    }
    y
}

/// A convolution over R axes: lengths of input and output, then of the kernel, and how the kernel moves.
pub struct Window<let R: u32> {
    pub input: [u32; R],
    pub output: [u32; R],
    pub kernel: [u32; R],
    pub strides: [u32; R],
    pub dilations: [u32; R],
    pub padding: [u32; R],
    pub groups: u32,
}

fn positions<let R: u32>(lengths: [u32; R]) -> u32 {
    let mut count = 1;
    for axis in 0..R {
        count *= lengths[axis];
    }
    count
}

/// The number of the input's position that tap \`tap\` of the kernel at output \`o\` reads; all positions where it reads padding.
fn tap_position<let R: u32>(window: Window<R>, o: u32, tap: u32) -> u32 {
    let mut position = 0;
    let mut inside = true;
    let mut factor = 1;
    let mut rest_o = o;
    let mut rest_tap = tap;
    for i in 0..R {
        let axis = R - 1 - i;
        let at = window.strides[axis] * (rest_o % window.output[axis])
            + window.dilations[axis] * (rest_tap % window.kernel[axis]);
        rest_o /= window.output[axis];
        rest_tap /= window.kernel[axis];
        if (at < window.padding[axis]) | (at >= window.padding[axis] + window.input[axis]) {
            inside = false;
        } else {
            position += factor * (at - window.padding[axis]);
        }
        factor *= window.input[axis];
    }
    if inside {
        position
    } else {
        positions(window.input)
    }
}

/// y[o, m] = b[m] + sum over taps and channels c of x[position, c] * w[m, tap, c]; padding counts as 0
pub fn conv<let R: u32, let X: u32, let W: u32, let M: u32, let Y: u32>(
    window: Window<R>,
    x: [Field; X],
    w: [Field; W],
    b: [Field; M],
) -> [Field; Y] {
    let end = positions(window.input);
    let taps = positions(window.kernel);
    let channels = W / M / taps;
    let mut y = [0; Y];
    for o in 0..Y / M {
        for m in 0..M {
            y[o * M + m] = b[m];
        }
        for tap in 0..taps {
            let position = tap_position(window, o, tap);
            if position != end {
                for m in 0..M {
                    let first = position * channels * window.groups + m / (M / window.groups) * channels;
                    for c in 0..channels {
                        y[o * M + m] += x[first + c] * w[(m * taps + tap) * channels + c];
                    }
                }
            }
        }
    }
    y
}

/// y[b, i, j] = sum over k of left[b, i, k] * right[b, j, k], for matrices of \`rows\` and \`columns\` rows
pub fn products_of_matrices<let A: u32, let B: u32, let Y: u32>(
    left: [Field; A],
    right: [Field; B],
    rows: u32,
    columns: u32,
) -> [Field; Y] {
    let count = Y / (rows * columns);
    let length = A / (count * rows);
    let mut y = [0; Y];
    for b in 0..count {
        for i in 0..rows {
            for j in 0..columns {
                let mut sum = 0;
                for k in 0..length {
                    sum += left[(b * rows + i) * length + k] * right[(b * columns + j) * length + k];
                }
                y[(b * rows + i) * columns + j] = sum;
            }
        }
    }
    y
}

/// offset + sum over i of factors[i] * x[i], element by element
pub fn combine<let K: u32, let N: u32>(x: [[Field; N]; K], factors: [Field; K], offset: Field) -> [Field; N] {
    let mut y = [offset; N];
    for i in 0..K {
        for j in 0..N {
            y[j] += factors[i] * x[i][j];
        }
    }
    y
}

/// Sums of \`size\` elements along an axis of this length with \`inner\` elements behind each; padding counts as 0
pub fn window_sum<let X: u32, let Y: u32>(
    x: [Field; X],
    length: u32,
    inner: u32,
    windows: u32,
    size: u32,
    stride: u32,
    padding: u32,
) -> [Field; Y] {
    let mut y = [0; Y];
    for outer in 0..X / (length * inner) {
        for o in 0..windows {
            for k in 0..size {
                let at = stride * o + k;
                if (at >= padding) & (at < padding + length) {
                    for i in 0..inner {
                        y[(outer * windows + o) * inner + i] += x[(outer * length + at - padding) * inner + i];
                    }
                }
            }
        }
    }
    y
}
`;
