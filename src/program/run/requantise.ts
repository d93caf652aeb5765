import { roundingOffset } from "../noWrap.ts";
import type { Requantise } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";

/**
 * Element by element f(floor((x + 2^(shift−1)) / 2^shift)). Throws `program.invalid` at a value outside f's domain,
 * which `validateProgram` rules out.
 */
export function runRequantise(input: Int32Array, operator: Requantise): Int32Array {
  const { shift } = operator;
  const { domain, map } = operator.function;
  const offset = roundingOffset(shift);
  const output = new Int32Array(input.length);
  for (let j = 0; j < input.length; j++) {
    // The sum stays below 2^31 (no-wrap rule); an arithmetic shift is the floor of the division.
    const z = (input[j] + offset) >> shift;
    if (z < domain.lo || z > domain.hi) {
      throw invalidProgram(
        `operator "${operator.name}"`,
        `${z} lies outside its domain [${domain.lo}, ${domain.hi}]`,
      );
    }
    output[j] = map.kind === "clamp" ? Math.min(Math.max(z, map.lo), map.hi) : map.values[z - domain.lo];
  }
  return output;
}
