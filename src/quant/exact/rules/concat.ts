/** Concat: the inputs' integers one after the other, brought to one meaning where they differ. */

import { intAttribute } from "../../../graph/attributes.ts";
import type { Node } from "../../../graph/node.ts";
import type { TensorId } from "../../../program/program.ts";
import { type ByteQuant, sameQuant } from "../byteQuant.ts";
import type { ExactContext, ExactRule } from "../context.ts";
import { layoutName, remarked } from "../names.ts";
import { NotExact } from "../notExact.ts";
import { onnxTable } from "../onnxReals.ts";
import { concatenationTable } from "../tables/tfliteTables.ts";
import type { IntegersValue } from "../values.ts";

/** The integers of an input as the output means them. */
function broughtTo(context: ExactContext, id: TensorId, input: ByteQuant, output: ByteQuant, name: string) {
  if (sameQuant(input, output)) return id;
  const { arithmetic, emitter } = context;
  if (arithmetic.kind === "tflite" && input.type === "int8")
    throw new NotExact("joins int8 tensors of different scales, which TensorFlow Lite refuses");
  const table =
    arithmetic.kind === "tflite" ? concatenationTable(input, output) : onnxTable(input, output, (x) => x);
  return emitter.applyTable(id, input.type, table, name, output);
}

function lowerIntegers(
  context: ExactContext,
  node: Node,
  parts: readonly IntegersValue[],
  axis: number,
): void {
  const { emitter } = context;
  const [output] = node.outputs;
  const [{ view, type }] = parts;
  const inputs = parts.map((part) => emitter.stored(part.view, view.permutation));
  const { quant } = emitter.tensor(view.id);
  const id = emitter.add(
    { kind: "concat", name: node.name, inputs, axis: view.permutation[axis] },
    { name: layoutName(output, view.permutation), quant },
  );
  context.set(output, { kind: "integers", view: { ...view, id }, type });
}

export const lowerConcat: ExactRule = (context, node) => {
  const { emitter } = context;
  const rank = context.shapeOf(node.outputs[0]).length;
  const axis = context.axis(intAttribute(node, "axis", 0), rank);
  const sources = node.inputs.map((name) => context.get(name));
  const integers = sources.filter((value) => value?.kind === "integers");
  if (integers.length === sources.length) {
    lowerIntegers(context, node, integers, axis);
    return;
  }
  const parts = node.inputs.map((_, position) => context.real(node, position));
  const { permutation } = parts[0].view;
  context.setPending(
    node,
    (target) => {
      const inputs = parts.map(({ view, quant }, position) => {
        const id = emitter.stored(view, permutation);
        return broughtTo(context, id, quant, target.quant, remarked(node.name, `input ${position}`));
      });
      const operator = { kind: "concat", name: node.name, inputs, axis: permutation[axis] } as const;
      return {
        id: emitter.add(operator, { name: layoutName(target.name, permutation), quant: target.quant }),
        permutation,
      };
    },
    false,
  );
};
