/** Access to node attributes by name and type. */

import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Attribute, AttributeValues, Node } from "./node.ts";

/**
 * The attribute's value, or `undefined` when the node has none of that name. Throws `model.badAttribute` when it has
 * another type than `type`.
 */
export function attribute<K extends Attribute["type"]>(
  node: Node,
  name: string,
  type: K,
): AttributeValues[K] | undefined {
  const found = node.attributes.get(name);
  if (found === undefined) return undefined;
  if (found.type !== type) {
    throw new TensorproofError(
      "model.badAttribute",
      `attribute "${name}" should be of type ${type} but is ${found.type}`,
      { where: node.name },
    );
  }
  return found.value as AttributeValues[K];
}

export function intAttribute(node: Node, name: string, fallback: number): number {
  return attribute(node, name, "int") ?? fallback;
}

export function floatAttribute(node: Node, name: string, fallback: number): number {
  return attribute(node, name, "float") ?? fallback;
}
