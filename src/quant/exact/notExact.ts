import type { Node } from "../../graph/node.ts";

/** Thrown for a node whose integers cannot be reproduced; `reason` is a sentence without its subject. */
export class NotExact extends Error {
  readonly reason: string;
  /** The node at fault where it is another than the one being lowered. */
  readonly node: Node | undefined;

  constructor(reason: string, node?: Node) {
    super(reason);
    this.reason = reason;
    this.node = node;
  }
}
