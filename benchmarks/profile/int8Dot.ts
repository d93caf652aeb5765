// AssemblyScript, compiled when a profile is made: Σ a·b over bytes, as integer inference does it.

/** a, b: int8; count a multiple of 16, below 2^16. */
export function int8Dot(a: usize, b: usize, count: i32): i32 {
  let sum = i32x4.splat(0);
  let other = i32x4.splat(0);
  for (let k = 0; k < count; k += 16) {
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load_ext<i8>(a), v128.load_ext<i8>(b)));
    other = i32x4.add(other, i32x4.dot_i16x8_s(v128.load_ext<i8>(a, 8), v128.load_ext<i8>(b, 8)));
    a += 16;
    b += 16;
  }
  const total = i32x4.add(sum, other);
  return (
    i32x4.extract_lane(total, 0) +
    i32x4.extract_lane(total, 1) +
    i32x4.extract_lane(total, 2) +
    i32x4.extract_lane(total, 3)
  );
}
