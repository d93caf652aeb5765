/** Functions of one number: absorbed by the result before them where they only clamp, else a table. */

import { floatAttribute } from "../../../graph/attributes.ts";
import type { Node } from "../../../graph/node.ts";
import { operatorOf } from "../../../graph/operators/registry.ts";
import { floatTensor, isFloatTensor } from "../../../tensor/tensor.ts";
import type { ClampBounds } from "../activationRange.ts";
import type { ByteQuant } from "../byteQuant.ts";
import type { ExactContext, ExactRule } from "../context.ts";
import { layoutName } from "../names.ts";
import { NotExact } from "../notExact.ts";
import { onnxTable } from "../onnxReals.ts";
import { hardSwishTable } from "../tables/hardSwish.ts";
import { clampTable, floatTable, leakyReluTable, logistic } from "../tables/tfliteTables.ts";

type TableRule = (input: ByteQuant, output: ByteQuant) => Int32Array;

/** A table that waits for the meaning of its results. */
function setTable(context: ExactContext, node: Node, tableOf: TableRule): void {
  const { view, quant } = context.real(node, 0);
  const finish = (target: { quant: ByteQuant; name: string }) => {
    const table = tableOf(quant, target.quant);
    const id = context.emitter.applyTable(
      view.id,
      quant.type,
      table,
      layoutName(target.name, view.permutation),
      target.quant,
    );
    return { ...view, id };
  };
  context.setPending(node, finish, false);
}

/** What the graph's own operator makes of a number. */
function evaluated(context: ExactContext, node: Node): (x: number) => number {
  const definition = operatorOf(node);
  if (definition === undefined) throw new NotExact("has no definition");
  const settings = node.inputs.slice(1).map((_, index) => context.setting(node, index + 1));
  return (x) => {
    const [result] = definition.evaluate(node, [floatTensor([], [x]), ...settings], [[]]);
    return isFloatTensor(result) ? result.data[0] : Number.NaN;
  };
}

function lowerClamp(context: ExactContext, node: Node, bounds: ClampBounds): void {
  const source = context.get(node.inputs[0]);
  if (source?.kind === "pending" && source.isOpen) {
    context.set(node.outputs[0], { ...source, isOpen: false, bounds });
    return;
  }
  const { arithmetic } = context;
  if (arithmetic.kind === "tflite") {
    setTable(context, node, (input, output) => clampTable(input, output, bounds, arithmetic.rounding));
  } else {
    setTable(context, node, (input, output) =>
      onnxTable(input, output, (x) => Math.min(Math.max(x, bounds.lo), bounds.hi)),
    );
  }
}

export const lowerRelu: ExactRule = (context, node) =>
  lowerClamp(context, node, { lo: 0, hi: Number.POSITIVE_INFINITY });

export const lowerClip: ExactRule = (context, node) => {
  const bound = (position: number, name: string, otherwise: number): number =>
    context.setting(node, position)?.data[0] ?? floatAttribute(node, name, otherwise);
  lowerClamp(context, node, {
    lo: bound(1, "min", Number.NEGATIVE_INFINITY),
    hi: bound(2, "max", Number.POSITIVE_INFINITY),
  });
};

export const lowerLeakyRelu: ExactRule = (context, node) => {
  const { arithmetic } = context;
  if (arithmetic.kind === "onnx") {
    lowerAnyFunction(context, node);
    return;
  }
  const alpha = floatAttribute(node, "alpha", 0.01);
  if (alpha < 0) throw new NotExact(`has a negative slope, ${alpha}`);
  setTable(context, node, (input, output) => leakyReluTable(input, output, alpha, arithmetic.rounding));
};

export const lowerSigmoid: ExactRule = (context, node) => {
  if (context.arithmetic.kind === "onnx") {
    lowerAnyFunction(context, node);
    return;
  }
  setTable(context, node, (input, output) => floatTable(input, output, logistic));
};

export const lowerTanh: ExactRule = (context, node) => {
  if (context.arithmetic.kind === "onnx") {
    lowerAnyFunction(context, node);
    return;
  }
  setTable(context, node, (input, output) => floatTable(input, output, Math.tanh));
};

export const lowerHardSwish: ExactRule = (context, node) => {
  if (context.arithmetic.kind === "onnx") {
    lowerAnyFunction(context, node);
    return;
  }
  setTable(context, node, (input, output) => {
    const table = hardSwishTable(input, output);
    if (table === undefined) throw new NotExact("has an output scale too fine for TensorFlow Lite's kernel");
    return table;
  });
};

/** ONNX: dequantised, the operator in single precision, quantised. */
export const lowerAnyFunction: ExactRule = (context, node) => {
  if (context.arithmetic.kind === "tflite")
    throw new NotExact("is computed by a kernel of TensorFlow Lite that is not reproduced yet");
  const apply = evaluated(context, node);
  setTable(context, node, (input, output) => onnxTable(input, output, apply));
};
