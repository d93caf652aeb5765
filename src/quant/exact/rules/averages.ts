/** AveragePool and ReduceMean as TensorFlow Lite's AVERAGE_POOL_2D and MEAN compute them. */

import { attribute, intAttribute } from "../../../graph/attributes.ts";
import type { Node } from "../../../graph/node.ts";
import type { TensorId } from "../../../program/program.ts";
import { sameQuant } from "../byteQuant.ts";
import type { ExactContext, ExactRule } from "../context.ts";
import { requantiseMultiplier } from "../kernelMultipliers.ts";
import { meanMultiplier } from "../meanMultiplier.ts";
import { remarked } from "../names.ts";
import { NotExact } from "../notExact.ts";
import { quantiseMultiplier } from "../quantiseMultiplier.ts";
import type { View } from "../values.ts";
import { rescaled } from "./sums.ts";
import { poolAxes } from "./windows.ts";

function tfliteRounding({ arithmetic }: ExactContext): "tflite-double" | "tflite-single" {
  if (arithmetic.kind === "tflite") return arithmetic.rounding;
  throw new NotExact(
    "averages in floating point, whose order of summation no standard fixes; only TensorFlow Lite's averages are reproduced",
  );
}

function windowSum(
  { emitter }: ExactContext,
  node: Node,
  id: TensorId,
  axis: number,
  size: number,
  stride: number,
): TensorId {
  const name = remarked(node.name, `sums along axis ${axis}`);
  const operator = {
    kind: "windowSum",
    name,
    input: id,
    axis,
    size,
    stride,
    padBegin: 0,
    padEnd: 0,
  } as const;
  const { scale } = emitter.tensor(id).quant;
  return emitter.add(operator, { name, quant: { scale, zeroPoint: 0 } });
}

/** Integers are summed as they are stored, zero point and all, and the mean is rounded half away from zero. */
export const lowerAveragePool: ExactRule = (context, node) => {
  tfliteRounding(context);
  const { view, quant } = context.real(node, 0);
  const axes = poolAxes(context, node, view);
  const isPartlyOutside = axes.some(
    ({ padBegin, stride, windows, kernel, length }) =>
      padBegin > 0 || stride * (windows - 1) + kernel > length,
  );
  if (isPartlyOutside) {
    throw new NotExact(
      "averages windows that lie partly outside its input, over fewer elements than the others; pool without padding",
    );
  }
  if (axes.some(({ dilation }) => dilation !== 1)) throw new NotExact("has dilated windows");
  context.setPending(node, (target) => {
    if (!sameQuant(quant, target.quant)) throw new NotExact("changes the scale of its input");
    let { id } = view;
    let count = 1;
    for (const { axis, kernel, stride } of axes) {
      id = windowSum(context, node, id, axis, kernel, stride);
      count *= kernel;
    }
    const multipliers = [{ multiplier: count, shift: 0 }];
    const rescaling = { rounding: "divide-half-away", multipliers } as const;
    return rescaled(context, node, { ...view, id }, rescaling, target, 0);
  });
};

/** The view without these of its axes, all of length 1. */
function withoutAxes(context: ExactContext, view: View, removed: readonly number[], name: string): View {
  const { emitter } = context;
  const gone = new Set(removed.map((axis) => view.permutation[axis]));
  const { shape } = emitter.tensor(view.id);
  const kept = [...shape.keys()].filter((axis) => !gone.has(axis));
  const keptShape = kept.map((axis) => shape[axis]);
  const permutation = view.permutation.filter((axis) => !gone.has(axis)).map((axis) => kept.indexOf(axis));
  return { id: emitter.reshape(view.id, keptShape, name), permutation };
}

export const lowerReduceMean: ExactRule = (context, node) => {
  const { emitter } = context;
  const rounding = tfliteRounding(context);
  const { view, quant } = context.real(node, 0);
  const shape = emitter.shapeOf(view);
  const given = context.setting(node, 1)?.data ?? attribute(node, "axes", "ints");
  if (given === undefined) throw new NotExact("averages over all axes, the batch included");
  const axes = [...new Set(Array.from(given, (axis) => context.axis(axis, shape.length)))];
  const count = axes.reduce((product, axis) => product * shape[axis], 1);
  const keepsAxes = intAttribute(node, "keepdims", 1) === 1;
  context.setPending(node, (target) => {
    let id = emitter.centred(view.id, quant);
    for (const axis of axes) {
      id = windowSum(context, node, id, view.permutation[axis], shape[axis], 1);
    }
    const whole = { ...view, id };
    const sums = keepsAxes ? whole : withoutAxes(context, whole, axes, remarked(node.name, "sums"));
    const exact = quantiseMultiplier(requantiseMultiplier(quant, target.quant));
    const rescaling = { rounding, multipliers: [meanMultiplier(exact, count)] };
    return rescaled(context, node, sums, rescaling, target);
  });
};
