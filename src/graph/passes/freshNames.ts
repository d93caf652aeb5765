/** Names for tensors that passes add: none that the model itself uses, whatever that is. */

import type { Node } from "../node.ts";

export type FreshName = (wanted: string) => string;

/** The same wanted name gives the same name every time. */
export function freshNames(nodes: readonly Node[], others: Iterable<string>): FreshName {
  const taken = new Set(others);
  for (const node of nodes) {
    for (const name of node.inputs) taken.add(name);
    for (const name of node.outputs) taken.add(name);
  }
  return (wanted) => {
    let name = wanted;
    while (taken.has(name)) name = `${name}'`;
    return name;
  };
}
