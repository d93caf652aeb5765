/** TFLite file → GraphDraft. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { GraphDraft } from "../../graph/draft.ts";
import { DraftBuilder } from "../draftBuilder.ts";
import { ConversionStep } from "./conversion.ts";
import { conversionOf, hasSeveralOutputs } from "./conversions.ts";
import { parseTflite, type TfliteModel, type TfliteOperator } from "./parse.ts";
import { RealTensors } from "./realTensors.ts";

/**
 * Parses a TensorFlow Lite model and expresses its operators in ONNX terms, channels first, and quantised tensors as
 * `graph/quantization.ts` describes. Operators that have no counterpart are kept under their own names and reported by
 * `checkGraph`. Throws `model.truncated`, `model.malformed` and `model.tooLarge`.
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
  const reals = new RealTensors(model, builder);
  model.operators.forEach((operator, index) => {
    convert(model, operator, index, builder, reals);
  });
  for (const index of model.outputs) builder.addOutput(tensorAt(model, index, "output").name);
  const computesIntegers = model.operators.some(({ outputs }) =>
    outputs.some((index) => model.tensors[index]?.quantization !== undefined),
  );
  return { ...builder.finish(), arithmetic: computesIntegers ? "tflite" : "float" };
}

function tensorAt(model: TfliteModel, index: number, role: string): TfliteModel["tensors"][number] {
  const tensor = model.tensors[index];
  if (tensor === undefined)
    throw new TensorproofError("model.malformed", `TFLite file: an ${role} of the model is missing`);
  return tensor;
}

function convert(
  model: TfliteModel,
  operator: TfliteOperator,
  index: number,
  builder: DraftBuilder,
  reals: RealTensors,
): void {
  const nameOf = (tensor: number): string => model.tensors[tensor]?.name ?? "";
  const reason = unreadable(model, operator) ?? emit(model, operator, builder, reals);
  if (reason === undefined) {
    for (const output of operator.outputs) reals.computed(output);
    return;
  }
  const outputs = operator.outputs.map(nameOf);
  builder.addUnsupported(
    outputs[0] || `operator ${index}`,
    { format: "tflite", name: operator.name },
    operator.inputs.map(nameOf),
    outputs,
    reason,
  );
}

function emit(
  model: TfliteModel,
  operator: TfliteOperator,
  builder: DraftBuilder,
  reals: RealTensors,
): string | undefined {
  const conversion = conversionOf(operator.name);
  if (conversion === undefined) return "the operator is not supported";
  const { outputs } = operator;
  if (outputs.length === 0 || outputs.some((output) => output < 0)) return "it lacks an output";
  if (outputs.length > 1 && !hasSeveralOutputs(operator.name)) return "it does not have exactly one output";
  return conversion(new ConversionStep(model, operator, builder, reals));
}

/** Why an operator's tensors cannot be computed with. */
function unreadable(model: TfliteModel, operator: TfliteOperator): string | undefined {
  for (const index of [...operator.inputs, ...operator.outputs]) {
    const tensor = model.tensors[index];
    if (tensor !== undefined && tensor.type === undefined)
      return `tensor "${tensor.name}" is of an element type that is not read`;
  }
  return undefined;
}
