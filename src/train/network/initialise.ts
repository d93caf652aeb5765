import type { SeededRandom } from "../random.ts";

/** Uniform with variance 2 / fanIn (He et al. 2015, equation 10), for layers before a ReLU. */
export function uniformHe(values: Float32Array, fanIn: number, random: SeededRandom): void {
  const bound = Math.sqrt(6 / fanIn);
  for (let i = 0; i < values.length; i++) values[i] = (2 * random.nextFloat() - 1) * bound;
}
