/** Rounding, bounds and comparisons. What an unconstrained function returns is a hint: every use of one is bound by ranges. */
export const ROUNDING: string = `// Integers are field elements, negative ones the field's order less their absolute value. All stay far below 2^126.
// Unconstrained functions give hints that a prover may exchange at will; the ranges beside each use leave one value only.

/// 2^BITS
pub fn power<let BITS: u32>() -> Field {
    ((1 as u128) << (BITS as u128)) as Field
}

unconstrained fn quotient_hint(above: Field, divisor: Field) -> Field {
    ((above as u128) / (divisor as u128)) as Field
}

unconstrained fn natural_hint(x: Field) -> bool {
    let middle = 85070591730234615865843651857942052864;
    (x + middle) as u128 >= middle as u128
}

unconstrained fn index_hint(above: Field, divisor: Field) -> u32 {
    ((above as u128) / (divisor as u128)) as u32
}

/// Proves lo <= x <= hi, for hi - lo below 2^BITS.
pub fn in_range<let BITS: u32>(x: Field, lo: Field, hi: Field) {
    (x - lo).assert_max_bit_size::<BITS>();
    if hi - lo != power::<BITS>() - 1 {
        (hi - x).assert_max_bit_size::<BITS>();
    }
}

/// floor(x / 2^SHIFT), which must lie from \`lowest\` to lowest + 2^BITS - 1.
pub fn shift<let SHIFT: u32, let BITS: u32>(x: Field, lowest: Field) -> Field {
    let divisor = power::<SHIFT>();
    let above = x - lowest * divisor;
    // Safety: quotient and remainder are put in their ranges, and there is one such pair
    let quotient = unsafe { quotient_hint(above, divisor) };
    (above - quotient * divisor).assert_max_bit_size::<SHIFT>();
    quotient.assert_max_bit_size::<BITS>();
    quotient + lowest
}

/// 1 if x >= 0, else 0, for x from -2^BITS to 2^BITS - 1.
pub fn is_natural<let BITS: u32>(x: Field) -> Field {
    // Safety: with the wrong bit the value below is negative and thus no number of BITS bits
    let bit = unsafe { natural_hint(x) } as Field;
    (bit * (2 * x + 1) - x - 1).assert_max_bit_size::<BITS>();
    bit
}

/// max(x, lo), for |x - lo| below 2^BITS.
pub fn at_least<let BITS: u32>(x: Field, lo: Field) -> Field {
    lo + is_natural::<BITS>(x - lo) * (x - lo)
}

/// min(x, hi), for |hi - x| below 2^BITS.
pub fn at_most<let BITS: u32>(x: Field, hi: Field) -> Field {
    hi - is_natural::<BITS>(hi - x) * (hi - x)
}

/// floor(n / d) for d >= 1, which must lie from \`lowest\` to lowest + 2^Q - 1; d - 1 below 2^R.
pub fn quotient<let Q: u32, let R: u32>(n: Field, d: Field, lowest: Field) -> Field {
    let above = n - lowest * d;
    // Safety: the quotient is put in its range and the remainder below the divisor
    let steps = unsafe { quotient_hint(above, d) };
    steps.assert_max_bit_size::<Q>();
    let rest = above - steps * d;
    rest.assert_max_bit_size::<R>();
    (d - 1 - rest).assert_max_bit_size::<R>();
    steps + lowest
}

/// table[floor(x / 2^SHIFT)]; there is no proof for an x outside of the table.
pub fn look_up<let SHIFT: u32, let N: u32>(table: [Field; N], x: Field) -> Field {
    let divisor = power::<SHIFT>();
    // Safety: the index has 32 bits by its type, is inside the table by the language, and the remainder is in its range
    let index = unsafe { index_hint(x, divisor) };
    let rest = x - index as Field * divisor;
    if SHIFT == 0 {
        assert(rest == 0);
    } else {
        rest.assert_max_bit_size::<SHIFT>();
    }
    table[index]
}

unconstrained fn step_hint<let N: u32>(x: Field, bounds: [Field; N], first: u32, count: u32) -> u32 {
    let mut step = 0;
    for i in 1..count {
        if natural_hint(x - bounds[first + i]) {
            step = i;
        }
    }
    step
}

/// The step i below \`count\` with bounds[first + i] <= x < bounds[first + i + 1]; differences below 2^BITS.
pub fn step<let BITS: u32, let N: u32>(x: Field, bounds: [Field; N], first: u32, count: u32) -> Field {
    // Safety: bounds grow, so that only one step has x between its own
    let step = unsafe { step_hint(x, bounds, first, count) };
    assert(step < count);
    (x - bounds[first + step]).assert_max_bit_size::<BITS>();
    (bounds[first + step + 1] - 1 - x).assert_max_bit_size::<BITS>();
    step as Field
}
`;
