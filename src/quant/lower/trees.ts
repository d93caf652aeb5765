/** Ensembles of decision trees. */

import { ensembleSizes } from "../../graph/operators/treeEnsemble.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type LoweringRule, NotLowerable } from "./context.ts";
import { identityPermutation } from "./layout.ts";

export const lowerTrees: LoweringRule = (context, node) => {
  const [input, featureName, thresholdName, leftName, valuesName] = node.inputs;
  const constant = (position: number): Tensor["data"] => {
    const tensor = context.constantInput(node, position);
    if (tensor === undefined) throw new NotLowerable("has tables that are computed");
    return tensor.data;
  };
  const [output] = node.outputs;
  const inputShape = context.shapeOf(input);
  const numFeatures = inputShape[inputShape.length - 1] ?? 1;
  if (elementCount(inputShape) !== numFeatures)
    throw new NotLowerable(`reads several rows [${inputShape}] in one sample; give each row as a sample`);
  let id = context.readPlain(input);
  if (inputShape.length > 1) {
    const name = `${input} (row)`;
    const step = { kind: "reshape", name, result: name, shape: [numFeatures], input: id } as const;
    id = context.add({ ...step, ...context.exactnessOf(id) });
  }
  const { numTrees, depth, numTargets } = ensembleSizes(node);
  const shape = context.shapeOf(output);
  if (elementCount(shape) !== numTargets) throw new NotLowerable("has outputs of another number");
  context.addFor(output, identityPermutation(shape.length), (result, stepShape) => ({
    kind: "trees",
    name: node.name,
    result,
    shape: stepShape,
    input: id,
    numTrees,
    depth,
    feature: Int32Array.from(constant(1)),
    threshold: Float32Array.from(constant(2)),
    left: Int32Array.from(constant(3)),
    values: Float32Array.from(constant(4)),
    names: { feature: featureName, threshold: thresholdName, left: leftName, values: valuesName },
  }));
};
