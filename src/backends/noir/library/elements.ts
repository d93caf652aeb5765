/** Operators that act on elements, and those that move or choose them. */
export const ELEMENTS: string = `// Element by element, and which element goes where.

/// f(left[i], right[i])
pub fn pairs<let N: u32, Env>(
    left: [Field; N],
    right: [Field; N],
    f: fn[Env](Field, Field) -> Field,
) -> [Field; N] {
    let mut y = [0; N];
    for i in 0..N {
        y[i] = f(left[i], right[i]);
    }
    y
}

/// f(x[i], c), c the index along the last axis, which has this length
pub fn by_channel<let N: u32, Env>(
    x: [Field; N],
    channels: u32,
    f: fn[Env](Field, u32) -> Field,
) -> [Field; N] {
    let mut y = [0; N];
    for i in 0..N {
        y[i] = f(x[i], i % channels);
    }
    y
}

/// x[order[i]], and \`fill\` where the order names no element
pub fn pick<let X: u32, let Y: u32>(x: [Field; X], order: [u32; Y], fill: Field) -> [Field; Y] {
    let mut y = [fill; Y];
    for i in 0..Y {
        if order[i] < X {
            y[i] = x[order[i]];
        }
    }
    y
}

/// One sample of a batch
pub fn sample<let B: u32, let N: u32>(batch: [Field; B], number: u32) -> [Field; N] {
    let mut one = [0; N];
    for i in 0..N {
        one[i] = batch[number * N + i];
    }
    one
}

/// The elements of one row after those of another
pub fn join<let A: u32, let B: u32, let Y: u32>(a: [Field; A], b: [Field; B]) -> [Field; Y] {
    let mut y = [0; Y];
    for i in 0..A {
        y[i] = a[i];
    }
    for i in 0..B {
        y[A + i] = b[i];
    }
    y
}

/// The index of the largest of each row, the lowest among equals; \`not_less(a, b)\` is 1 if a >= b, else 0
pub fn argmax<let X: u32, let Y: u32, Env>(
    x: [Field; X],
    not_less: fn[Env](Field, Field) -> Field,
) -> [Field; Y] {
    let length = X / Y;
    let mut y = [0; Y];
    for row in 0..Y {
        let mut best = x[row * length];
        let mut index = 0;
        for i in 1..length {
            let next = x[row * length + i];
            let stays = not_less(best, next);
            index = stays * (index - i as Field) + i as Field;
            best = stays * (best - next) + next;
        }
        y[row] = index;
    }
    y
}

unconstrained fn number_hint(x: Field) -> u32 {
    x as u32
}

/// y[b, o, r] = table[b, index[b, o], r], tables of \`entries\` entries with \`inner\` elements each
pub fn gather<let T: u32, let I: u32, let Y: u32>(
    table: [Field; T],
    index: [Field; I],
    entries: u32,
    inner: u32,
) -> [Field; Y] {
    let each = I / (T / (entries * inner));
    let mut y = [0; Y];
    for o in 0..I {
        // Safety: bound to the index, and proven to be the number of an entry
        let number = unsafe { number_hint(index[o]) };
        assert(number as Field == index[o]);
        assert(number < entries);
        for r in 0..inner {
            y[o * inner + r] = table[(o / each * entries + number) * inner + r];
        }
    }
    y
}
`;
