/** Linear models over features in their own units. */

import { intAttribute } from "../../graph/attributes.ts";
import { elementCount } from "../../tensor/shape.ts";
import { type LoweringRule, NotLowerable } from "./context.ts";
import { identityPermutation } from "./layout.ts";

export const lowerWideLinear: LoweringRule = (context, node) => {
  const [weightName, biasName, ...data] = node.inputs;
  const weight = context.constantInput(node, 0);
  const bias = context.constantInput(node, 1);
  if (weight === undefined || bias === undefined) throw new NotLowerable("has weights that are computed");
  const inputs = data.map((name) => {
    const shape = context.shapeOf(name);
    if (shape.length !== 1) throw new NotLowerable(`reads several rows [${shape}] in one sample`);
    return context.readPlain(name);
  });
  const [output] = node.outputs;
  const shape = context.shapeOf(output);
  context.addFor(output, identityPermutation(shape.length), (result, stepShape) => ({
    kind: "wideLinear",
    name: node.name,
    result,
    shape: stepShape,
    inputs,
    columns: data.map((name) => elementCount(context.shapeOf(name))),
    weight: Float64Array.from(weight.data),
    bias: Float64Array.from(bias.data),
    compared: intAttribute(node, "compared", 1) !== 0,
    weightName,
    biasName,
  }));
};
