/** Padding spelled out: `auto_pad` and `output_shape` become numbers, so that readers of a graph need not know them. */

import type { Shape } from "../../tensor/shape.ts";
import { attribute } from "../attributes.ts";
import type { Attribute, Node } from "../node.ts";
import { convTransposeAxes } from "../operators/convTranspose.ts";
import type { WindowAxis } from "../operators/windowRuns.ts";
import { windowAxes, windowSettings } from "../operators/windows.ts";

const SLIDING: ReadonlySet<string> = new Set(["Conv", "MaxPool", "AveragePool"]);

/** `shapeOf` gives full shapes, of which only the spatial axes matter. */
export function withExplicitPads(node: Node, shapeOf: (name: string) => Shape | undefined): Node {
  const automatic = (attribute(node, "auto_pad", "string") ?? "NOTSET") !== "NOTSET";
  const transposed = node.operator === "ConvTranspose";
  const implicit = automatic || (transposed && node.attributes.has("output_shape"));
  if (node.domain !== "" || !implicit || !(transposed || SLIDING.has(node.operator))) return node;
  const input = shapeOf(node.inputs[0]);
  const kernel = attribute(node, "kernel_shape", "ints") ?? shapeOf(node.inputs[1] ?? "")?.slice(2);
  if (input === undefined || kernel === undefined) return node;
  if (transposed) return spelledOut(node, convTransposeAxes(node, input, kernel), true);
  return spelledOut(node, windowAxes(node, input.slice(2), windowSettings(node, kernel)), false);
}

function spelledOut(node: Node, axes: readonly WindowAxis[], transposed: boolean): Node {
  const attributes = new Map(node.attributes);
  for (const name of ["auto_pad", "output_shape", "output_padding"]) attributes.delete(name);
  const ends = axes.map((axis) => (transposed ? beyond(axis) : axis.padEnd));
  const pads = [...axes.map(({ padBegin }) => padBegin), ...ends.map((end) => Math.max(0, end))];
  attributes.set("pads", ints(pads));
  if (ends.some((end) => end < 0))
    attributes.set("output_padding", ints(ends.map((end) => Math.max(0, -end))));
  return { ...node, attributes };
}

/** How far the last window of a transposed convolution reaches beyond the output. */
function beyond({ windows, stride, kernel, dilation, padBegin, length }: WindowAxis): number {
  return (windows - 1) * stride + (kernel - 1) * dilation + 1 - padBegin - length;
}

function ints(value: readonly number[]): Attribute {
  return { type: "ints", value };
}
