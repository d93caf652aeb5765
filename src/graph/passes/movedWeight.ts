/** A weight stored as integers whose real form is turned or renamed: the same can be done to the integers. */

import { resolveAxis } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { transpose } from "../operators/transpose.ts";
import type { FreshName } from "./freshNames.ts";
import { inferNode } from "./inferNode.ts";

export interface MovedWeight {
  /** The DequantizeLinear that computes the mover's output. */
  readonly node: Node;
  /** Its initialiser, which is `node.inputs[0]`. */
  readonly integers: Tensor;
}

/** `undefined` where `mover`, which reads the output of `stored`, is no Transpose or Identity. */
export function movedWeight(
  mover: Node,
  stored: Node,
  constants: ReadonlyMap<string, Tensor>,
  fresh: FreshName,
): MovedWeight | undefined {
  const integers = constants.get(stored.inputs[0]);
  const [output] = mover.outputs;
  if (integers === undefined || mover.domain !== "" || output === "") return undefined;
  const renamed = { ...stored, name: mover.name, outputs: [output] };
  if (mover.operator === "Identity") return { node: renamed, integers };
  if (mover.operator !== "Transpose") return undefined;
  const facts = inferNode(mover, transpose, [{ shape: integers.shape, type: "int64" }], undefined, []);
  if (facts === undefined) return undefined;
  const [moved] = transpose.evaluate(mover, [integers], [facts[0].shape]);
  const rank = integers.shape.length;
  const axis = resolveAxis(intAttribute(stored, "axis", 1), rank);
  const order = attribute(mover, "perm", "ints") ?? integers.shape.map((_, i) => rank - 1 - i);
  const inputs = stored.inputs.with(0, fresh(`${stored.inputs[0]}/axes ${order.join(" ")}`));
  if (axis === undefined || constants.get(stored.inputs[1])?.data.length === 1)
    return { node: { ...renamed, inputs }, integers: moved };
  const attributes = new Map(stored.attributes).set("axis", { type: "int", value: order.indexOf(axis) });
  return { node: { ...renamed, inputs, attributes }, integers: moved };
}
