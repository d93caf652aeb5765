import type { Graph } from "../graph/graph.ts";
import { bitsOf, INTEGER_RANGES } from "../graph/integers.ts";
import { elementCount } from "../tensor/shape.ts";
import { floatTensor } from "../tensor/tensor.ts";
import type { ResolvedOptions, Samples } from "./compileOptions.ts";
import type { RealId, RealProgram } from "./realProgram.ts";
import { type RealRange, rangeOfValues } from "./realRange.ts";
import { runReal } from "./reference/run.ts";
import type { StepValues } from "./reference/step.ts";
import { seededSamples } from "./seededSamples.ts";

/** More samples hardly change the ranges and make compiling slow. */
const MAX_CALIBRATION_SAMPLES = 1024;
const NUM_SEEDED_SAMPLES = 128;
/** Large networks have so many values per sample that few samples say as much; each is computed twice. */
const MAX_VALUES = 2 ** 25;
const MAX_PRODUCTS = 3e9;
const MIN_SAMPLES = 2;

/** What scales are chosen by. */
export interface Calibration {
  readonly samples: Samples;
  readonly count: number;
  /** Whether the samples were given; seeded ones only stand in for unknown inputs. */
  readonly isReal: boolean;
  /** Real range of each input. */
  readonly inputRanges: readonly RealRange[];
  /** Every value of the lowered program on the samples. */
  readonly reference: ReadonlyMap<RealId, StepValues>;
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

/** How many samples the size of the network allows. */
function affordableSamples(program: RealProgram): number {
  let values = 1;
  let products = 1;
  for (const step of program.steps) {
    const size = elementCount(step.shape);
    values += size;
    if (step.kind !== "sum") continue;
    for (const { weight, weightShape } of step.parts) products += (size * weight.length) / weightShape[0];
  }
  const affordable = Math.floor(Math.min(MAX_VALUES / values, MAX_PRODUCTS / products));
  return Math.min(Math.max(affordable, MIN_SAMPLES), MAX_CALIBRATION_SAMPLES);
}

/** Runs the lowered program over real numbers on the calibration samples, or on seeded ones within the input range. */
export function calibrate(graph: Graph, program: RealProgram, options: ResolvedOptions): Calibration {
  const given = options.calibration;
  const [lo, hi] = options.inputRange;
  const inputRanges = graph.inputs.map(({ type }, index) => {
    if (given !== null) return rangeOfValues(given[index].data);
    if (type === "float32" || bitsOf(type) > 8) return { lo, hi };
    return { lo: INTEGER_RANGES[type][0], hi: INTEGER_RANGES[type][1] };
  });
  const limit = affordableSamples(program);
  const samples =
    given === null
      ? seededSamples(graph, inputRanges, Math.min(limit, NUM_SEEDED_SAMPLES))
      : thinned(given, limit);
  const [{ shape }] = samples;
  const inputs = samples.map(({ data }) => data);
  const reference = runReal(program, inputs, shape[0]);
  return { samples, count: shape[0], isReal: given !== null, inputRanges, reference };
}
