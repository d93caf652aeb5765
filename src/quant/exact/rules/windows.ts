import { attribute } from "../../../graph/attributes.ts";
import type { Node } from "../../../graph/node.ts";
import type { WindowAxis } from "../../../graph/operators/windowRuns.ts";
import { windowAxes, windowSettings } from "../../../graph/operators/windows.ts";
import type { ExactContext } from "../context.ts";
import { NotExact } from "../notExact.ts";
import type { View } from "../values.ts";

/** One spatial axis of a pool, and where the program's tensor has it. */
export interface PoolAxis extends WindowAxis {
  readonly axis: number;
}

/** The spatial axes of a pool over a view whose first axis counts channels. */
export function poolAxes(context: ExactContext, node: Node, view: View): readonly PoolAxis[] {
  const kernel = attribute(node, "kernel_shape", "ints");
  if (kernel === undefined) throw new NotExact("lacks its kernel_shape");
  const spatial = context.emitter.shapeOf(view).slice(1);
  if (spatial.length !== kernel.length) throw new NotExact("pools a tensor without a batch axis");
  const axes = windowAxes(node, spatial, windowSettings(node, kernel));
  return axes.map((window, index) => ({ ...window, axis: view.permutation[index + 1] }));
}
