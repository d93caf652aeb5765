/** Tensors with channels and spatial axes: [C, L …] in the graph (after a batch of 1 if it counts that), [L …, C] here. */

import type { Shape } from "../../tensor/shape.ts";
import type { RealId } from "../realProgram.ts";
import { type LoweringContext, type NewStep, NotLowerable } from "./context.ts";
import { channelsLast } from "./layout.ts";

export interface SpatialValue {
  readonly id: RealId;
  readonly spatial: Shape;
  readonly numChannels: number;
}

/** A graph that fixes its batch counts it as an axis of the sample. */
function checkBatchOfOne(shape: Shape): void {
  if (shape[0] !== 1)
    throw new NotLowerable(`works on a fixed batch of ${shape[0]}; export the model with a free batch`);
}

/** Axis 0 stays first, channels go last. */
function unbatchedOrder(rank: number): number[] {
  return [0, ...channelsLast(rank - 1).map((axis) => axis + 1)];
}

export function readSpatial(context: LoweringContext, name: string): SpatialValue {
  const shape = context.shapeOf(name);
  const { length: rank } = shape;
  if (context.graph.batched) {
    const [numChannels, ...spatial] = shape;
    return { id: context.read(name, channelsLast(rank)), spatial, numChannels };
  }
  checkBatchOfOne(shape);
  const [, numChannels, ...spatial] = shape;
  const input = context.read(name, unbatchedOrder(rank));
  const step = { kind: "reshape", name: `${name} (one sample)`, result: `${name} (one sample)` } as const;
  return { id: context.add({ ...step, shape: [...spatial, numChannels], input }), spatial, numChannels };
}

/** Adds the step for the graph's tensor `name`; the step's shape is [L …, C]. */
export function spatialOutput(
  context: LoweringContext,
  name: string,
  stepFor: (result: string, shape: Shape) => NewStep,
): void {
  const graphShape = context.shapeOf(name);
  if (context.graph.batched) {
    context.addFor(name, channelsLast(graphShape.length), stepFor);
    return;
  }
  const [, numChannels, ...spatial] = graphShape;
  const order = unbatchedOrder(graphShape.length);
  const id = context.add(stepFor(`${name} (one sample)`, [...spatial, numChannels]));
  context.addFor(name, order, (result, shape) => ({
    kind: "reshape",
    name: `${name} (batch of one)`,
    result,
    shape,
    input: id,
  }));
}
