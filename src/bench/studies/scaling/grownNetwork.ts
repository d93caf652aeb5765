/** Networks of any size for measurements of cost: their shape grows, their weights are seeded and random. */
import type { Graph } from "../../../graph/graph.ts";
import { toGraph } from "../../../train/exchange/toGraph.ts";
import type { LayerSpec } from "../../../train/network/layerSpec.ts";
import { Network } from "../../../train/network/network.ts";
import { SeededRandom } from "../../../train/random.ts";

export const GROWTHS = ["width", "depth", "batch", "params"] as const;
export type Growth = (typeof GROWTHS)[number];
export const NETWORK_KINDS = ["mlp", "cnn"] as const;
export type NetworkKind = (typeof NETWORK_KINDS)[number];

export interface NetworkSize {
  readonly kind: NetworkKind;
  /** Units of each hidden layer; of a cnn, filters. */
  readonly width: number;
  /** Hidden layers; of a cnn, convolutions. */
  readonly depth: number;
  /** Features; of a cnn, the side of the image. */
  readonly input: number;
}

const CLASSES = 10;
const SEED = 1;
const KERNEL = 3;

export function parametersOf({ kind, width, depth, input }: NetworkSize): number {
  if (kind === "mlp")
    return input * width + width + (depth - 1) * (width * width + width) + width * CLASSES + CLASSES;
  const area = KERNEL * KERNEL;
  return area * width + width + (depth - 1) * (area * width * width + width) + width * CLASSES + CLASSES;
}

/** The size of the network at `x`: of "params", the width whose number of parameters comes nearest. */
export function sizeAt(base: NetworkSize, grow: Growth, x: number): NetworkSize {
  if (grow === "batch") return base;
  if (grow !== "params") return { ...base, [grow]: x };
  let high = 1;
  while (parametersOf({ ...base, width: high }) < x) high *= 2;
  let low = 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (parametersOf({ ...base, width: middle }) < x) low = middle + 1;
    else high = middle;
  }
  const distance = (width: number): number => Math.abs(parametersOf({ ...base, width }) - x);
  return { ...base, width: low > 1 && distance(low - 1) < distance(low) ? low - 1 : low };
}

function layersOf({ kind, width, depth }: NetworkSize): LayerSpec[] {
  const hidden = Array.from({ length: depth }, (): LayerSpec[] => [
    kind === "mlp"
      ? { type: "dense", units: width }
      : { type: "conv2d", filters: width, kernel: KERNEL, padding: "same" },
    { type: "relu" },
  ]).flat();
  const head: LayerSpec[] = kind === "cnn" ? [{ type: "global-average-pool" }, { type: "flatten" }] : [];
  return [...hidden, ...head, { type: "dense", units: CLASSES }];
}

export function inputShapeOf({ kind, input }: NetworkSize): readonly number[] {
  return kind === "mlp" ? [input] : [1, input, input];
}

export function grownNetwork(size: NetworkSize): Graph {
  const network = new Network({ inputShape: inputShapeOf(size), layers: layersOf(size) }, SEED);
  return toGraph(network, `${size.kind}-${size.width}x${size.depth}`);
}

/** `count` samples with elements in [0, 1). */
export function randomSamples(size: NetworkSize, count: number): Float32Array {
  const random = new SeededRandom(SEED);
  const elements = inputShapeOf(size).reduce((product, length) => product * length, count);
  return Float32Array.from({ length: elements }, () => random.nextFloat());
}
