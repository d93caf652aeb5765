import type { Graph } from "../graph/graph.ts";
import { elementCount } from "../tensor/shape.ts";
import { type FloatTensor, floatTensor } from "../tensor/tensor.ts";
import type { Samples } from "./compileOptions.ts";
import type { RealRange } from "./realRange.ts";

/** xorshift32: the same stream of numbers in [0, 1) on every machine. Not for secrets. */
function seededUniform(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * Stand-ins for unknown inputs, always the same: every sample has its own share of elements that are not zero and its
 * own spread, from nearly empty to every element at random over the whole range.
 */
export function seededSamples(graph: Graph, ranges: readonly RealRange[], count: number): Samples {
  return graph.inputs.map(({ shape, type }, index): FloatTensor => {
    const uniform = seededUniform(0x9e3779b9 ^ (index * 0x85ebca6b));
    const size = elementCount(shape);
    const { lo, hi } = ranges[index];
    // A quantised input is an integer too, but its samples are the reals that it stands for.
    const isWhole = type !== "float32" && Number.isInteger(lo) && Number.isInteger(hi);
    const data = new Float32Array(count * size);
    for (let sample = 0; sample < count; sample++) {
      const share = (1 + (sample % 8)) / 8;
      for (let j = 0; j < size; j++) {
        const value = lo + (hi - lo) * uniform();
        const isThere = uniform() < share;
        if (isThere) data[sample * size + j] = isWhole ? Math.round(value) : value;
      }
    }
    return floatTensor([count, ...shape], data);
  });
}
