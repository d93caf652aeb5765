/** TFLite file → GraphDraft. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { GraphDraft } from "../../graph/draft.ts";
import { DraftBuilder } from "../draftBuilder.ts";
import { ConversionStep } from "./conversion.ts";
import { conversionOf } from "./conversions.ts";
import { parseTflite, type TfliteModel, type TfliteOperator } from "./parse.ts";

/**
 * Parses a TensorFlow Lite model and expresses its operators in ONNX terms. Operators that have no counterpart, or that
 * compute on quantised integers, are kept under their own names and reported by `checkGraph`. Throws `model.truncated`,
 * `model.malformed` and `model.tooLarge`.
 */
export function readTflite(bytes: Uint8Array, modelName: string): GraphDraft {
  const model = parseTflite(bytes);
  const builder = new DraftBuilder(model.name || modelName);
  const inputs = new Set(model.inputs);
  // Constants come first and keep their names: they share no names with computed tensors.
  model.tensors.forEach((tensor, i) => {
    if (tensor.constant !== undefined && !inputs.has(i)) builder.addConstant(tensor.name, tensor.constant);
    else builder.unique(tensor.name);
  });
  for (const index of model.inputs) {
    const { name, type, signature } = tensorAt(model, index, "input");
    builder.addInput({
      name,
      type: type?.readAs ?? "int64",
      shape: signature.map((length) => (length > 0 ? length : null)),
    });
  }
  model.operators.forEach((operator, index) => {
    convert(model, operator, index, builder);
  });
  for (const index of model.outputs) builder.addOutput(tensorAt(model, index, "output").name);
  return builder.finish();
}

function tensorAt(model: TfliteModel, index: number, role: string): TfliteModel["tensors"][number] {
  const tensor = model.tensors[index];
  if (tensor === undefined)
    throw new TensorproofError("model.malformed", `TFLite file: an ${role} of the model is missing`);
  return tensor;
}

function convert(model: TfliteModel, operator: TfliteOperator, index: number, builder: DraftBuilder): void {
  const nameOf = (tensor: number): string => model.tensors[tensor]?.name ?? "";
  const conversion = conversionOf(operator.name);
  let reason = unreadable(model, operator);
  if (conversion === undefined) reason ??= "the operator is not supported";
  else if (operator.outputs.length !== 1 || operator.outputs[0] < 0)
    reason ??= "it does not have exactly one output";
  if (reason === undefined && conversion !== undefined) {
    reason = conversion(new ConversionStep(model, operator, builder));
    if (reason === undefined) return;
  }
  const outputs = operator.outputs.map(nameOf);
  builder.addUnsupported(
    outputs[0] || `operator ${index}`,
    { format: "tflite", name: operator.name },
    operator.inputs.map(nameOf),
    outputs,
    reason ?? "the operator is not supported",
  );
}

/** Why an operator's tensors cannot be computed with. */
function unreadable(model: TfliteModel, operator: TfliteOperator): string | undefined {
  for (const index of [...operator.inputs, ...operator.outputs]) {
    const tensor = model.tensors[index];
    if (tensor === undefined) continue;
    if (tensor.type === undefined) return `tensor "${tensor.name}" is of an element type that is not read`;
    if (tensor.quantized && tensor.type.readAs === "int64") {
      return `it computes on quantised ${tensor.type.name} numbers (tensor "${tensor.name}"); use the model without quantisation`;
    }
  }
  return undefined;
}
