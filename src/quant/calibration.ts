import type { Graph } from "../graph/graph.ts";
import { runGraph } from "../graph/run.ts";
import { elementCount } from "../tensor/shape.ts";
import { floatTensor, type Tensor } from "../tensor/tensor.ts";
import type { ResolvedOptions, Samples } from "./compileOptions.ts";
import { type RealRange, rangeOfValues } from "./realRange.ts";
import { seededSamples } from "./seededSamples.ts";

/** More samples hardly change the ranges and make compiling slow. */
const MAX_CALIBRATION_SAMPLES = 1024;
const NUM_SEEDED_SAMPLES = 128;

/** What scales are chosen by. */
export interface Calibration {
  readonly samples: Samples;
  readonly count: number;
  /** Whether the samples were given; seeded ones only stand in for unknown inputs. */
  readonly isReal: boolean;
  /** Real range of each input. */
  readonly inputRanges: readonly RealRange[];
  /** Every tensor of the graph on the samples, by name. */
  readonly reference: ReadonlyMap<string, Tensor>;
}

/** At most `limit` samples, evenly spaced. */
function thinned(samples: Samples, limit: number): Samples {
  return samples.map((tensor) => {
    const [count, ...shape] = tensor.shape;
    if (count <= limit) return tensor;
    const size = elementCount(shape);
    const data = new Float32Array(limit * size);
    for (let n = 0; n < limit; n++) {
      const from = Math.floor((n * count) / limit) * size;
      data.set(tensor.data.subarray(from, from + size), n * size);
    }
    return floatTensor([limit, ...shape], data);
  });
}

/** Runs the float reference on the calibration samples, or on seeded ones within the input range. */
export function calibrate(graph: Graph, options: ResolvedOptions): Calibration {
  const given = options.calibration;
  const [lo, hi] = options.inputRange;
  const inputRanges = graph.inputs.map((_, index) =>
    given === null ? { lo, hi } : rangeOfValues(given[index].data),
  );
  const samples =
    given === null
      ? seededSamples(graph, inputRanges, NUM_SEEDED_SAMPLES)
      : thinned(given, MAX_CALIBRATION_SAMPLES);
  const reference = runGraph(graph, samples, { keep: "all" });
  return { samples, count: samples[0].shape[0], isReal: given !== null, inputRanges, reference };
}

/** A tensor of the graph on the calibration samples. */
export function referenceValues(calibration: Calibration, graphValue: string): Tensor["data"] {
  const tensor = calibration.reference.get(graphValue);
  if (tensor === undefined) throw new RangeError(`the graph has no tensor "${graphValue}"`);
  return tensor.data;
}
