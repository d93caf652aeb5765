import { TensorproofError } from "../../errors/tensorproofError.ts";
import { formatShape, type Shape } from "../../tensor/shape.ts";
import type { SeededRandom } from "../random.ts";
import { Activation } from "./activation.ts";
import { Conv2d } from "./conv2d.ts";
import { Dense } from "./dense.ts";
import { Dropout } from "./dropout.ts";
import { Flatten } from "./flatten.ts";
import type { Layer } from "./layer.ts";
import type { LayerSpec, Padding, Pair } from "./layerSpec.ts";
import { AveragePool, MaxPool } from "./pool.ts";
import { type ImageShape, samePads, type WindowGeometry, windowCounts } from "./window.ts";

const MAX_PARAMETERS = 2 ** 28;

function pair(value: Pair): readonly [number, number] {
  return typeof value === "number" ? [value, value] : value;
}

function misfit(name: string, message: string): TensorproofError {
  return new TensorproofError("recipe.layer", `layer "${name}": ${message}`, { where: name });
}

function imageOf(name: string, shape: Shape): ImageShape {
  const [channels, height, width] = shape;
  if (shape.length === 3) return { channels, height, width };
  throw misfit(name, `takes images [channels, height, width], got ${formatShape(shape)}`);
}

function requireWindows(name: string, image: ImageShape, geometry: WindowGeometry): void {
  const [rows, perRow] = windowCounts(image, geometry);
  if (rows >= 1 && perRow >= 1) return;
  const size = `${geometry.kernel[0]} × ${geometry.kernel[1]}`;
  throw misfit(name, `its window of ${size} is larger than the image of ${image.height} × ${image.width}`);
}

function padsOf(
  padding: Padding,
  image: ImageShape,
  kernel: readonly [number, number],
  strides: readonly [number, number],
): readonly [number, number, number, number] {
  if (padding === "valid") return [0, 0, 0, 0];
  return padding === "same" ? samePads(image, kernel, strides) : padding;
}

function requireSize(name: string, parameters: number): void {
  if (parameters > MAX_PARAMETERS)
    throw misfit(name, `would have ${parameters} weights; at most ${MAX_PARAMETERS} are trained`);
}

/** Throws `recipe.layer` where the layer does not take what comes. */
export function buildLayer(name: string, spec: LayerSpec, input: Shape, random: SeededRandom): Layer {
  switch (spec.type) {
    case "dense": {
      if (input.length !== 1)
        throw misfit(name, `takes one axis, got ${formatShape(input)}: put a "flatten" layer before it`);
      requireSize(name, input[0] * spec.units);
      return new Dense(name, input[0], spec.units, random);
    }
    case "conv2d": {
      const image = imageOf(name, input);
      const kernel = pair(spec.kernel);
      const strides = pair(spec.stride ?? 1);
      const geometry = { kernel, strides, pads: padsOf(spec.padding ?? "valid", image, kernel, strides) };
      requireWindows(name, image, geometry);
      requireSize(name, image.channels * spec.filters * kernel[0] * kernel[1]);
      return new Conv2d(name, image, spec.filters, geometry, random);
    }
    case "max-pool":
    case "average-pool": {
      const image = imageOf(name, input);
      const kernel = pair(spec.size);
      const geometry: WindowGeometry = { kernel, strides: pair(spec.stride ?? kernel), pads: [0, 0, 0, 0] };
      requireWindows(name, image, geometry);
      return spec.type === "max-pool"
        ? new MaxPool(name, image, geometry)
        : new AveragePool(name, image, geometry);
    }
    case "global-average-pool": {
      const image = imageOf(name, input);
      const kernel = [image.height, image.width] as const;
      return new AveragePool(name, image, { kernel, strides: kernel, pads: [0, 0, 0, 0] });
    }
    case "flatten":
      return new Flatten(name, input);
    case "dropout":
      return new Dropout(name, spec.rate, input);
    default:
      return new Activation(name, spec.type, input);
  }
}
