/** Any model file → Graph. */

import { TensorproofError } from "../errors/tensorproofError.ts";
import type { GraphDraft } from "../graph/draft.ts";
import type { Graph } from "../graph/graph.ts";
import { type Dimensions, withDimensions } from "../graph/passes/dimensions.ts";
import { resolveGraph } from "../graph/resolve.ts";
import { describeBytes, detectFormat, type ModelFormat } from "./detect.ts";
import { readKeras } from "./keras/read.ts";
import { readLightgbm } from "./lightgbm/read.ts";
import { readOnnx } from "./onnx/read.ts";
import { readClassical } from "./sklearn/read.ts";
import { readTflite } from "./tflite/read.ts";
import { readXgboost } from "./xgboost/read.ts";
import { readZkml } from "./zkml/read.ts";

/** Protobuf and flatbuffers both end at 2 GiB. */
const MAX_MODEL_BYTES = 2 ** 31 - 1;

/**
 * Reads a model. The format is recognised by content, `fileName` (a name or path, only shown and used for its
 * extension) decides where content does not. `dimensions` sets lengths that the file leaves open. Throws `model.notAModel`, `model.truncated`, `model.malformed`,
 * `model.tooLarge` and errors of a format; what is wrong with a model that could be read is in `Graph.problems`, which
 * `checkGraph` throws.
 */
export async function loadModel(
  bytes: Uint8Array,
  fileName: string,
  dimensions: Dimensions = new Map(),
): Promise<Graph> {
  if (bytes.length > MAX_MODEL_BYTES) {
    throw new TensorproofError(
      "model.tooLarge",
      `"${fileName}" has ${bytes.length} bytes; model files of more than ${MAX_MODEL_BYTES} bytes are not read`,
      { where: fileName },
    );
  }
  const format = detectFormat(bytes, fileName);
  if (format === undefined) {
    throw new TensorproofError(
      "model.notAModel",
      `"${fileName}" is not a model file (.onnx, .tflite, .h5, .msgpack of zkml, XGBoost as .json or .ubj, LightGBM as .txt): it is ${describeBytes(bytes)}`,
      { where: fileName },
    );
  }
  return resolveGraph(withDimensions(await READERS[format](bytes, fileName), dimensions));
}

const READERS: Record<
  ModelFormat,
  (bytes: Uint8Array, fileName: string) => GraphDraft | Promise<GraphDraft>
> = {
  onnx: readOnnx,
  tflite: readTflite,
  keras: readKeras,
  zkml: readZkml,
  xgboost: readXgboost,
  lightgbm: readLightgbm,
  classical: readClassical,
};
