/** What a file parser hands over: names and numbers as they stand in the file, nothing resolved or checked yet. */

import type { ElementType, Tensor } from "../tensor/tensor.ts";
import type { Node } from "./node.ts";
import type { Arithmetic } from "./quantization.ts";

/** A number ≥ 1, the name of a symbolic length, or `null` for one that the file leaves open. */
export type DraftDimension = number | string | null;

export interface DraftInput {
  readonly name: string;
  readonly type: ElementType;
  /** With the batch axis, as in the file; `undefined` where the file declares no shape. */
  readonly shape: readonly DraftDimension[] | undefined;
}

export interface GraphDraft {
  readonly name: string;
  /** `"float"` unless stated. */
  readonly arithmetic?: Arithmetic;
  readonly inputs: readonly DraftInput[];
  readonly outputs: readonly string[];
  /** In any order. */
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  /** Nodes that only the parser can tell are unsupported (quantised tensors, for example): node name → reason. */
  readonly unsupported?: ReadonlyMap<string, string>;
}
