/** QuantizeLinear and DequantizeLinear: where integers end and begin. */

import type { Node } from "../../../graph/node.ts";
import { quantizationOf, quantizedConstant } from "../../../graph/quantization.ts";
import { type ByteQuant, type ByteType, sameQuant } from "../byteQuant.ts";
import type { ExactContext, ExactRule } from "../context.ts";
import { layoutName } from "../names.ts";
import { NotExact } from "../notExact.ts";
import { onnxTable } from "../onnxReals.ts";
import { requantiseTable } from "../tables/tfliteTables.ts";
import type { RealValue, View } from "../values.ts";

export function byteType(type: string): ByteType {
  if (type === "int8" || type === "uint8") return type;
  throw new NotExact(`stores ${type} integers; only 8-bit integers are supported`);
}

/** Scale and zero point of a computed tensor, as a QuantizeLinear or DequantizeLinear states them. */
export function quantOf(graph: ExactContext["graph"], node: Node): ByteQuant {
  const quantization = quantizationOf(graph, node);
  if (quantization === undefined) throw new NotExact("has a scale or zero point that is computed");
  const { type, scales, zeroPoints } = quantization;
  if (scales.length !== 1) throw new NotExact("has a scale per channel on a computed tensor");
  return { type: byteType(type), scale: scales[0], zeroPoint: zeroPoints[0] };
}

/** Integers of one meaning as integers of another, where they are not the same anyway. */
function requantised(context: ExactContext, real: RealValue, quant: ByteQuant, name: string): View {
  if (sameQuant(real.quant, quant)) return real.view;
  const { arithmetic, emitter } = context;
  // Its kernels that move elements copy integers, whatever these mean on either side.
  if (arithmetic.kind === "tflite" && real.isMoved)
    throw new NotExact("gives moved integers another scale, which TensorFlow Lite ignores");
  const values =
    arithmetic.kind === "tflite"
      ? requantiseTable(real.quant, quant, arithmetic.rounding)
      : onnxTable(real.quant, quant, (x) => x);
  const id = emitter.applyTable(
    real.view.id,
    real.quant.type,
    values,
    layoutName(name, real.view.permutation),
    quant,
  );
  return { ...real.view, id };
}

export const lowerQuantize: ExactRule = (context, node) => {
  const [output] = node.outputs;
  const source = context.get(node.inputs[0]);
  // An input in reals is quantised before it enters the program.
  if (source?.kind === "integers" || source?.kind === "stripped") {
    context.set(output, source);
    return;
  }
  const quant = quantOf(context.graph, node);
  const view =
    source?.kind === "pending"
      ? source.finish({ quant, bounds: source.bounds, name: output })
      : requantised(context, context.real(node, 0), quant, output);
  context.set(output, { kind: "integers", view, type: quant.type });
};

function lowerTrained(context: ExactContext, node: Node): void {
  const constant = quantizedConstant(context.graph, node);
  if (constant === undefined) throw new NotExact("reads a trained tensor without integers or scale");
  const { name, integers, type, scales, zeroPoints, axis } = constant;
  if (type !== "int8" && type !== "uint8" && type !== "int32")
    throw new NotExact(`reads a trained tensor of ${type}; weights of 8 and biases of 32 bits are supported`);
  const { shape, data } = integers;
  context.set(node.outputs[0], {
    ...{ kind: "constant", name, shape, data, type },
    scales: [...scales],
    zeroPoints: [...zeroPoints],
    axis: axis < 0 ? axis + shape.length : axis,
  });
}

export const lowerDequantize: ExactRule = (context, node) => {
  const [name] = node.inputs;
  const [output] = node.outputs;
  if (context.graph.initializers.has(name)) {
    lowerTrained(context, node);
    return;
  }
  const source = context.get(name);
  if (source?.kind === "stripped") {
    context.set(output, source);
    return;
  }
  if (source?.kind !== "integers") throw new NotExact(`reads "${name}", which does not hold 8-bit integers`);
  const quant = quantOf(context.graph, node);
  context.set(output, { kind: "real", view: source.view, quant, isMoved: false });
};
