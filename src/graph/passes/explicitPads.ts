/** Padding spelled out: `auto_pad` becomes numbers, so that whoever reads a graph need not know it. */

import type { Shape } from "../../tensor/shape.ts";
import { attribute } from "../attributes.ts";
import type { Attribute, Node } from "../node.ts";
import { windowAxes, windowSettings } from "../operators/windows.ts";

const SLIDING: ReadonlySet<string> = new Set(["Conv", "MaxPool", "AveragePool"]);

/** `shapeOf` gives full shapes; only the spatial axes matter. */
export function withExplicitPads(node: Node, shapeOf: (name: string) => Shape | undefined): Node {
  const automatic = attribute(node, "auto_pad", "string") ?? "NOTSET";
  if (node.domain !== "" || !SLIDING.has(node.operator) || automatic === "NOTSET") return node;
  const input = shapeOf(node.inputs[0]);
  const kernel = attribute(node, "kernel_shape", "ints") ?? shapeOf(node.inputs[1] ?? "")?.slice(2);
  if (input === undefined || kernel === undefined) return node;
  const axes = windowAxes(node, input.slice(2), windowSettings(node, kernel));
  const pads: Attribute = {
    type: "ints",
    value: [...axes.map(({ padBegin }) => padBegin), ...axes.map(({ padEnd }) => padEnd)],
  };
  const attributes = new Map(node.attributes).set("pads", pads);
  attributes.delete("auto_pad");
  return { ...node, attributes };
}
