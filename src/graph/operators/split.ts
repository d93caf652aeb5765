/** Split: parts of a tensor along an axis. */

import { formatShape, resolveAxis, type Shape } from "../../tensor/shape.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import {
  mixesSamples,
  type OperatorDefinition,
  requiredFacts,
  requiredIntegers,
  requiredTensor,
  shapeMismatch,
} from "../operator.ts";
import { type IndexMap, identityMap, takeByMaps } from "./indexMaps.ts";

function axisOf(node: Node, shape: Shape): number {
  const axis = resolveAxis(intAttribute(node, "axis", 0), shape.length);
  if (axis === undefined) throw shapeMismatch(node, `axis is outside a tensor of ${shape.length} axes`);
  return axis;
}

/** Lengths are an attribute before operator set 13 and an input since; without them the parts are alike. */
function lengthsOf(node: Node, length: number, given: readonly number[] | undefined): readonly number[] {
  const stated = given ?? attribute(node, "split", "ints");
  const parts = node.outputs.length;
  const even = Math.ceil(length / parts);
  const lengths = stated ?? node.outputs.map((_, i) => (i < parts - 1 ? even : length - even * (parts - 1)));
  const total = lengths.reduce((sum, part) => sum + part, 0);
  if (lengths.length !== parts || total !== length || lengths.some((part) => part < 0))
    throw shapeMismatch(node, `an axis of length ${length} cannot be split into ${formatShape(lengths)}`);
  return lengths;
}

export const split: OperatorDefinition = {
  operator: "Split",
  infer(node, inputs, { batch }) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const axis = axisOf(node, shape);
    if (axis === 0 && shape[0] === batch) throw mixesSamples(node, "splits the batch axis");
    const given = inputs[1] === undefined ? undefined : requiredIntegers(node, inputs, 1);
    return lengthsOf(node, shape[axis], given).map((length) => ({ shape: shape.with(axis, length), type }));
  },
  evaluate(node, inputs, outputShapes) {
    const input = requiredTensor(node, inputs, 0);
    const axis = axisOf(node, input.shape);
    const lengths = lengthsOf(node, input.shape[axis], inputs[1] && Array.from(inputs[1].data));
    let start = 0;
    return outputShapes.map((shape, i) => {
      const from = start;
      start += lengths[i];
      const mapOf = (a: number): IndexMap =>
        a === axis ? Int32Array.from({ length: lengths[i] }, (_, j) => from + j) : identityMap(shape[a]);
      return takeByMaps(input, shape, mapOf, 0);
    });
  },
};
