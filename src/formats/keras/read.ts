/** Keras model in an HDF5 file (.h5) → GraphDraft. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { DraftDimension, GraphDraft } from "../../graph/draft.ts";
import type { FloatTensor } from "../../tensor/tensor.ts";
import { DraftBuilder } from "../draftBuilder.ts";
import { type LayerConfig, type ModelConfig, parseConfig } from "./config.ts";
import { type Hdf5File, withHdf5 } from "./hdf5.ts";
import { isMerging, layerOf, rankAfter } from "./layers.ts";

const WEIGHTS = "model_weights";

/**
 * Reads a whole model as `model.save("name.h5")` writes it: Sequential, or Functional without shared
 * layers. Other layers are kept under their own names and reported by `checkGraph`. Throws `format.missingPeer`,
 * `model.notAModel` (weights only), `model.truncated`, `model.malformed` and `model.missingTensor`.
 */
export function readKeras(bytes: Uint8Array, fileName: string): Promise<GraphDraft> {
  return withHdf5(bytes, fileName, (file) => {
    const text = file.text("/", "model_config");
    if (text === undefined) {
      throw new TensorproofError(
        "model.notAModel",
        `"${fileName}" is an HDF5 file without a Keras model in it (it may hold weights alone); save the whole model`,
        { where: fileName },
      );
    }
    return convert(file, parseConfig(text, fileName));
  });
}

function convert(file: Hdf5File, model: ModelConfig): GraphDraft {
  const builder = new DraftBuilder(model.name);
  // Files of the first versions do not say which it was.
  const version = Number.parseInt(file.text("/", "keras_version") ?? "1", 10);
  const ranks = new Map<string, number | undefined>();
  // Layers' outputs bear the layers' names.
  for (const layer of model.layers) builder.unique(layer.name);
  const [first] = model.layers;
  let inputOfFirst: string | undefined;
  if (first !== undefined && first.inputs.length === 0 && first.kind !== "InputLayer") {
    const shape = readShape(first.config.batch_input_shape ?? model.inputShape);
    inputOfFirst = builder.unique("input");
    builder.addInput({ name: inputOfFirst, type: "float32", shape });
    ranks.set(inputOfFirst, shape?.length);
  }
  for (const layer of model.layers) {
    if (layer.kind === "InputLayer") {
      const shape = readShape(layer.config.batch_input_shape ?? layer.config.batch_shape);
      builder.addInput({ name: layer.name, type: "float32", shape });
      ranks.set(layer.name, shape?.length);
      continue;
    }
    const inputs = layer === first && inputOfFirst !== undefined ? [inputOfFirst] : layer.inputs;
    const reason = convertLayer(file, builder, layer, inputs, ranks.get(inputs[0]), version);
    if (reason === undefined)
      ranks.set(layer.name, rankAfter(layer.kind, layer.config, ranks.get(inputs[0])));
    else
      builder.addUnsupported(layer.name, { format: "keras", name: layer.kind }, inputs, [layer.name], reason);
  }
  for (const output of model.outputs) builder.addOutput(output);
  return builder.finish();
}

function convertLayer(
  file: Hdf5File,
  builder: DraftBuilder,
  { name, kind, config, uses }: LayerConfig,
  inputs: readonly string[],
  rank: number | undefined,
  version: number,
): string | undefined {
  const layer = layerOf(kind);
  if (layer === undefined) return "the layer is not supported";
  if (uses > 1) return "it is shared between several places";
  if (inputs.length === 0 || (inputs.length > 1 && !isMerging(kind)))
    return `it is used with ${inputs.length} inputs`;
  const weights = (...names: readonly string[]): FloatTensor => file.array(weightPath(file, name, names));
  return layer({ name, config, inputs, input: inputs[0], rank, version, builder, weights });
}

/** Weights lie at the path that the layer's group lists: `dense/kernel:0` up to Keras 2, `sequential/dense/kernel` since. */
function weightPath(file: Hdf5File, layer: string, names: readonly string[]): string {
  const group = `${WEIGHTS}/${layer}`;
  const listed = file.texts(group, "weight_names").find((path) => {
    const last = path.slice(path.lastIndexOf("/") + 1);
    return names.some((name) => last === name || last === `${name}:0`);
  });
  return `${group}/${listed ?? names[0]}`;
}

function readShape(value: unknown): DraftDimension[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map((length) => (Number.isSafeInteger(length) && length > 0 ? length : null));
}
