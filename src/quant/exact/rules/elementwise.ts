/** Add, Sub, Mul and the like on two operands. */

import type { Node } from "../../../graph/node.ts";
import { operatorOf } from "../../../graph/operators/registry.ts";
import type { TensorId } from "../../../program/program.ts";
import { floatTensor, isFloatTensor } from "../../../tensor/tensor.ts";
import { type Addend, additionOf } from "../addends.ts";
import { lowestOf, type Operand, operandPair } from "../broadcast.ts";
import type { ByteQuant } from "../byteQuant.ts";
import type { ExactContext, ExactRule } from "../context.ts";
import { productMultiplier } from "../kernelMultipliers.ts";
import { layoutName, remarked } from "../names.ts";
import { NotExact } from "../notExact.ts";
import { dequantiseReal, quantiseReal } from "../onnxReals.ts";
import { quantiseMultiplier } from "../quantiseMultiplier.ts";
import { rescaled } from "./sums.ts";

interface Term {
  readonly id: TensorId;
  readonly factor: number;
  readonly offset: number;
}

/** What an operand brings into the sum. */
function termOf(context: ExactContext, operand: Operand, addend: Addend, sign: number, name: string): Term {
  if (addend.kind === "linear") {
    const factor = sign * addend.slope;
    return { id: operand.id, factor, offset: -factor * operand.quant.zeroPoint };
  }
  const id = context.emitter.applyTable(operand.id, operand.quant.type, addend.values, name);
  return { id, factor: sign, offset: 0 };
}

function lowerSum(context: ExactContext, node: Node, sign: 1 | -1): void {
  const { arithmetic, emitter } = context;
  if (arithmetic.kind === "onnx") {
    lowerPair(context, node);
    return;
  }
  const { left, right, permutation } = operandPair(context, node);
  context.setPending(node, (target) => {
    const { rounding } = arithmetic;
    const addition = additionOf(left.quant, right.quant, target.quant, rounding);
    if (sign === 1 && addition.output.shift > 0)
      throw new NotExact("has an output scale too fine for TensorFlow Lite's kernel");
    const terms = [
      termOf(context, left, addition.left, 1, remarked(node.name, "left")),
      termOf(context, right, addition.right, sign, remarked(node.name, "right")),
    ];
    const sums = emitter.add(
      {
        kind: "combine",
        name: node.name,
        inputs: terms.map(({ id }) => id),
        factors: terms.map(({ factor }) => factor),
        offset: terms[0].offset + terms[1].offset + 0,
      },
      { name: remarked(node.outputs[0], "sums") },
    );
    const rescaling = { rounding, multipliers: [addition.output] };
    return rescaled(context, node, { id: sums, permutation }, rescaling, target);
  });
}

export const lowerAdd: ExactRule = (context, node) => lowerSum(context, node, 1);

export const lowerSub: ExactRule = (context, node) => lowerSum(context, node, -1);

export const lowerMul: ExactRule = (context, node) => {
  const { arithmetic, emitter } = context;
  if (arithmetic.kind === "onnx") {
    lowerPair(context, node);
    return;
  }
  const { left, right, permutation } = operandPair(context, node);
  context.setPending(node, (target) => {
    const product = emitter.add(
      {
        kind: "multiply",
        name: node.name,
        left: emitter.centred(left.id, left.quant),
        right: emitter.centred(right.id, right.quant),
      },
      {
        name: remarked(node.outputs[0], "products"),
        quant: { scale: left.quant.scale * right.quant.scale, zeroPoint: 0 },
      },
    );
    const multiplier = quantiseMultiplier(productMultiplier(left.quant, right.quant, target.quant));
    const rescaling = { rounding: arithmetic.rounding, multipliers: [multiplier] };
    return rescaled(context, node, { id: product, permutation }, rescaling, target);
  });
};

/** All 65,536 results of a function of two bytes: dequantised, the operator in single precision, quantised. */
function pairTable(node: Node, left: ByteQuant, right: ByteQuant, output: ByteQuant): Int32Array {
  const definition = operatorOf(node);
  if (definition === undefined) throw new NotExact("has no definition");
  const reals = (quant: ByteQuant): Float32Array =>
    Float32Array.from({ length: 256 }, (_, index) => dequantiseReal(lowestOf(quant) + index, quant));
  const inputs = [floatTensor([256, 1], reals(left)), floatTensor([1, 256], reals(right))];
  const [result] = definition.evaluate(node, inputs, [[256, 256]]);
  if (!isFloatTensor(result)) throw new NotExact("does not compute reals");
  return Int32Array.from(result.data, (real) => quantiseReal(real, output));
}

/** ONNX: any function of two stored integers is a table of all their pairs. */
export function lowerPair(context: ExactContext, node: Node): void {
  if (context.arithmetic.kind === "tflite")
    throw new NotExact("is computed by a kernel of TensorFlow Lite that is not reproduced yet");
  const { emitter } = context;
  const { left, right, permutation } = operandPair(context, node);
  context.setPending(
    node,
    (target) => {
      const pair = emitter.add(
        {
          kind: "combine",
          name: node.name,
          inputs: [left.id, right.id],
          factors: [256, 1],
          offset: -256 * lowestOf(left.quant) - lowestOf(right.quant) + 0,
        },
        { name: remarked(node.outputs[0], "pairs") },
      );
      const values = pairTable(node, left.quant, right.quant, target.quant);
      const name = remarked(node.name, "table");
      const table = { domain: { lo: 0, hi: 2 ** 16 - 1 }, map: { kind: "values", values } } as const;
      const id = emitter.add(
        { kind: "requantise", name, input: pair, shift: 0, rounding: "half-up", function: table },
        { name: layoutName(target.name, permutation), quant: target.quant },
      );
      return { id, permutation };
    },
    false,
  );
}
