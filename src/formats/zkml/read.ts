/** zkml model (.msgpack) → GraphDraft. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { GraphDraft } from "../../graph/draft.ts";
import { DraftBuilder } from "../draftBuilder.ts";
import { conversionOf } from "./layers.ts";
import { parseZkml, type ZkmlLayer, type ZkmlModel } from "./parse.ts";

/**
 * Reads the model as the reals that its fixed-point numbers stand for. Layers that have no counterpart are kept under
 * their own names and reported by `checkGraph`. Throws `model.truncated` and `model.malformed`.
 */
export function readZkml(bytes: Uint8Array, fileName: string): GraphDraft {
  const model = parseZkml(bytes, fileName);
  const builder = new DraftBuilder(fileName);
  for (const [index, tensor] of model.weights) builder.addConstant(nameOf(index), tensor);
  for (const index of model.inputs) {
    const shape = inputShape(model, index);
    if (shape === undefined) {
      throw new TensorproofError("model.malformed", `"${fileName}": no layer reads input ${index}`, {
        where: fileName,
      });
    }
    builder.addInput({ name: nameOf(index), type: "float32", shape });
  }
  for (const layer of model.layers) convert(layer, builder);
  for (const index of model.outputs) builder.addOutput(nameOf(index));
  return builder.finish();
}

function nameOf(index: number): string {
  return `tensor ${index}`;
}

/** Shapes of inputs stand with the layers that read them. */
function inputShape(model: ZkmlModel, index: number): readonly number[] | undefined {
  for (const { inputs, inputShapes } of model.layers) {
    const position = inputs.indexOf(index);
    if (position >= 0 && inputShapes[position] !== undefined) return inputShapes[position];
  }
  return undefined;
}

function convert(layer: ZkmlLayer, builder: DraftBuilder): void {
  const inputs = layer.inputs.map(nameOf);
  const outputs = layer.outputs.map(nameOf);
  const conversion = conversionOf(layer.kind);
  let reason: string | undefined = "the layer is not supported";
  if (outputs.length !== 1 || inputs.length === 0) reason = "it does not have inputs and one output";
  else if (conversion !== undefined) reason = conversion({ layer, builder, inputs, output: outputs[0] });
  if (reason === undefined) return;
  const name = outputs[0] ?? layer.kind;
  builder.addUnsupported(name, { format: "zkml", name: layer.kind }, inputs, outputs, reason);
}
