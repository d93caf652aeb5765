import fc from "fast-check";
import type { Multiplier, Rounding } from "../program.ts";

/** All roundings of a rescale. */
export const ROUNDINGS: readonly Rounding[] = [
  "tflite-single",
  "tflite-double",
  "float-half-even",
  "divide-half-away",
];

/** Any multiplier that the rounding allows; those of quantised models more often than by chance. */
export function multiplierArbitrary(rounding: Rounding): fc.Arbitrary<Multiplier> {
  const integer = fc.oneof(
    fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }),
    fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    fc.integer({ min: 1, max: 200 }),
  );
  const isShifted = rounding === "tflite-single" || rounding === "tflite-double";
  const float = fc.oneof(
    fc.float({ min: 2 ** -20, max: 2, noNaN: true }),
    fc.float({ min: 2 ** -149, max: 2 ** 31 - 128, noNaN: true }),
  );
  return fc.record({
    multiplier: rounding === "float-half-even" ? float : integer,
    shift: isShifted
      ? fc.oneof(fc.integer({ min: -12, max: 0 }), fc.integer({ min: -31, max: 30 }))
      : fc.constant(0),
  });
}
