/** Pad: elements in front of and behind every axis (or, where the number is negative, that many removed). */

import { formatShape, resolveAxis, type Shape } from "../../tensor/shape.ts";
import { attribute, floatAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import {
  mixesSamples,
  type OperatorDefinition,
  requiredFacts,
  requiredIntegers,
  requiredTensor,
  shapeMismatch,
} from "../operator.ts";
import { type IndexMap, NOWHERE, takeByMaps } from "./indexMaps.ts";

interface Ends {
  readonly begin: number;
  readonly end: number;
}

/** Where a padded index comes from, by mode; `index` counts from the first element that is not padding. */
const SOURCES: Readonly<Record<string, (index: number, length: number) => number>> = {
  constant: (index, length) => (index >= 0 && index < length ? index : NOWHERE),
  edge: (index, length) => Math.min(Math.max(index, 0), length - 1),
  wrap: (index, length) => ((index % length) + length) % length,
  reflect: (index, length) => {
    const period = Math.max(1, 2 * (length - 1));
    const within = ((index % period) + period) % period;
    return within < length ? within : period - within;
  },
};

function modeOf(node: Node): string {
  return attribute(node, "mode", "string") ?? "constant";
}

/** Pads are attributes before operator set 11 (called paddings in the first) and inputs since. */
function endsOf(
  node: Node,
  shape: Shape,
  integers: (position: number) => readonly number[] | undefined,
): readonly Ends[] {
  const pads = integers(1) ?? attribute(node, "pads", "ints") ?? attribute(node, "paddings", "ints");
  const axes = integers(3) ?? shape.map((_, axis) => axis);
  if (pads === undefined || pads.length !== 2 * axes.length)
    throw shapeMismatch(node, `has pads ${formatShape(pads ?? [])} for ${axes.length} axes`);
  const ends: Ends[] = shape.map(() => ({ begin: 0, end: 0 }));
  axes.forEach((given, i) => {
    const axis = resolveAxis(given, shape.length);
    if (axis === undefined) throw shapeMismatch(node, `axis ${given} is outside ${formatShape(shape)}`);
    ends[axis] = { begin: pads[i], end: pads[i + axes.length] };
  });
  return ends;
}

export const pad: OperatorDefinition = {
  operator: "Pad",
  mayBeInfinite: [2],
  unsupported: (node) => (Object.hasOwn(SOURCES, modeOf(node)) ? undefined : `mode "${modeOf(node)}"`),
  infer(node, inputs, { batch }) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const ends = endsOf(node, shape, (position) =>
      inputs[position] === undefined ? undefined : requiredIntegers(node, inputs, position),
    );
    // As many removed in front as added behind would shift samples without a trace in the shape.
    if (batch !== undefined && shape[0] === batch && (ends[0]?.begin !== 0 || ends[0].end !== 0))
      throw mixesSamples(node, "pads the batch axis");
    const padded = shape.map((length, axis) => length + ends[axis].begin + ends[axis].end);
    if (modeOf(node) !== "constant" && shape.some((length, axis) => length === 0 && padded[axis] > 0))
      throw shapeMismatch(node, `${formatShape(shape)} has nothing to continue`);
    return [{ shape: padded, type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const input = requiredTensor(node, inputs, 0);
    const ends = endsOf(node, input.shape, (position) => {
      const given = inputs[position];
      return given && Array.from(given.data);
    });
    const source = SOURCES[modeOf(node)];
    const mapOf = (axis: number): IndexMap =>
      Int32Array.from({ length: outputShape[axis] }, (_, i) =>
        source(i - ends[axis].begin, input.shape[axis]),
      );
    return [takeByMaps(input, outputShape, mapOf, inputs[2]?.data[0] ?? floatAttribute(node, "value", 0))];
  },
};
