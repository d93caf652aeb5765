/** MaxPool: the elements of all windows one after the other, compared in pairs. */

import type { Node } from "../../../graph/node.ts";
import type { TensorId } from "../../../program/program.ts";
import { resultRange } from "../arithmetic.ts";
import { byteRange, clampTo, sameQuant, tableOf } from "../byteQuant.ts";
import type { ExactContext, ExactRule } from "../context.ts";
import { layoutName, remarked } from "../names.ts";
import { NotExact } from "../notExact.ts";
import type { Target, View } from "../values.ts";
import { type PoolAxis, poolAxes } from "./windows.ts";

/** Element `k` of every window; `least` where it lies outside the input. */
function windowElement(
  { emitter }: ExactContext,
  node: Node,
  id: TensorId,
  window: PoolAxis,
  k: number,
  least: number,
): TensorId {
  const { axis, windows, stride, dilation, padBegin, length } = window;
  const indices = Int32Array.from({ length: windows }, (_, o) => {
    const index = stride * o + dilation * k - padBegin;
    return index >= 0 && index < length ? index : -1;
  });
  const name = remarked(node.name, `element ${k} along axis ${axis}`);
  const fill = indices.includes(-1) ? least : 0;
  return emitter.add({ kind: "take", name, input: id, axis, indices, fill }, { name });
}

function largestAlong(
  context: ExactContext,
  node: Node,
  id: TensorId,
  window: PoolAxis,
  least: number,
  resultName: string,
): TensorId {
  const { emitter } = context;
  let largest = windowElement(context, node, id, window, 0, least);
  for (let k = 1; k < window.kernel; k++) {
    const right = windowElement(context, node, id, window, k, least);
    const part = remarked(node.name, `${k + 1} elements along axis ${window.axis}`);
    const name = k === window.kernel - 1 ? resultName : part;
    const { quant } = emitter.tensor(id);
    largest = emitter.add({ kind: "max", name: part, left: largest, right }, { name, quant });
  }
  return largest;
}

/** Clamps to what an activation leaves; no operator where that is everything. */
function clamped(context: ExactContext, { id, permutation }: View, target: Target): View {
  const range = resultRange(context.arithmetic, target.quant, target.bounds);
  const { type } = target.quant;
  const values = tableOf(type, (q) => clampTo(range, q));
  return {
    id: context.emitter.applyTable(id, type, values, layoutName(target.name, permutation), target.quant),
    permutation,
  };
}

function clampsNothing(context: ExactContext, { quant, bounds }: Target): boolean {
  const { lo, hi } = resultRange(context.arithmetic, quant, bounds);
  const whole = byteRange(quant.type);
  return lo <= whole.lo && hi >= whole.hi;
}

export const lowerMaxPool: ExactRule = (context, node) => {
  const source = context.get(node.inputs[0]);
  const value = source?.kind === "integers" ? source : context.real(node, 0);
  const type = value.kind === "integers" ? value.type : value.quant.type;
  const axes = poolAxes(context, node, value.view).filter(
    ({ kernel, stride, windows, length }) => kernel > 1 || stride > 1 || windows !== length,
  );
  const pooled = (name: string): View => {
    let { id } = value.view;
    axes.forEach((window, index) => {
      const result = index === axes.length - 1 ? name : remarked(node.name, `along axis ${window.axis}`);
      id = largestAlong(context, node, id, window, byteRange(type).lo, result);
    });
    return { ...value.view, id };
  };
  if (value.kind === "integers") {
    context.set(node.outputs[0], {
      ...value,
      view: pooled(layoutName(node.outputs[0], value.view.permutation)),
    });
    return;
  }
  context.setPending(node, (target) => {
    if (!sameQuant(value.quant, target.quant)) throw new NotExact("changes the scale of its input");
    if (clampsNothing(context, target)) return pooled(layoutName(target.name, value.view.permutation));
    return clamped(context, pooled(remarked(node.name, "largest")), target);
  });
};
