/** A scaling study as a suite of measurements over networks that it writes. */
import { join } from "node:path";
import { writeNpy } from "../../../data/npy.ts";
import type { FileContent } from "../../../files/atomicFile.ts";
import { writeOnnx } from "../../../formats/onnx/write.ts";
import type { Visibilities } from "../../../relations/visibility.ts";
import type { Suite, SuiteModel, SuiteSettings } from "../../suite.ts";
import {
  type Growth,
  grownNetwork,
  inputShapeOf,
  type NetworkSize,
  parametersOf,
  randomSamples,
  sizeAt,
} from "./grownNetwork.ts";

export interface ScalingPlan {
  readonly grow: Growth;
  readonly sizes: readonly number[];
  readonly base: NetworkSize;
  readonly backends: readonly string[];
  /** Of the base: samples in one proof. */
  readonly batch: number;
  readonly visibility: Visibilities;
  readonly threads: number;
  readonly repetitions: number;
  readonly timeLimitSeconds: number;
  readonly memoryLimitMegabytes: number;
}

/** Guards against constant outputs look at more than one sample. */
const FEWEST_SAMPLES = 4;

function nameOf({ kind, width, depth, input }: NetworkSize): string {
  return `${kind}-${input}-${width}x${depth}`;
}

/** Where a size stands on the axis: of "params", the parameters that the network has, not those asked for. */
export function positionOf({ grow, base }: ScalingPlan, x: number): number {
  return grow === "params" ? parametersOf(sizeAt(base, grow, x)) : x;
}

/** The suite, and the files that it names, in `folder`. */
export function scalingSuite(plan: ScalingPlan, folder: string): { suite: Suite; files: FileContent[] } {
  const { grow, sizes, base, batch, backends, visibility } = plan;
  const { threads, repetitions, timeLimitSeconds, memoryLimitMegabytes } = plan;
  const isBatch = grow === "batch";
  const networks = isBatch ? [base] : sizes.map((x) => sizeAt(base, grow, x));
  const count = Math.max(FEWEST_SAMPLES, isBatch ? Math.max(...sizes) : batch);
  const files: FileContent[] = [];
  const models = networks.map((size, i): SuiteModel => {
    const file = join(folder, `${nameOf(size)}.onnx`);
    const data = join(folder, `${size.kind}-${size.input}.npy`);
    files.push({ path: file, bytes: writeOnnx(grownNetwork(size)) });
    if (i === 0)
      files.push({
        path: data,
        bytes: writeNpy({ shape: [count, ...inputShapeOf(size)], data: randomSamples(size, count) }),
      });
    const x = isBatch ? {} : { x: positionOf(plan, sizes[i]) };
    return { name: nameOf(size), file, data, ...x };
  });
  const common = { visibility, threads, repetitions, timeLimitSeconds, memoryLimitMegabytes };
  const settings = isBatch
    ? sizes.map((x): SuiteSettings => ({ name: `batch-${x}`, x, batch: x, inputRange: [0, 1], ...common }))
    : [{ name: `batch-${batch}`, batch, inputRange: [0, 1] as const, ...common }];
  const suite: Suite = {
    name: `scale-${grow}`,
    title: `Scaling with ${grow}`,
    description: "Networks of seeded random weights, measured for their cost alone.",
    axis: grow,
    ...{ models, backends, settings, published: null },
  };
  return { suite, files };
}
