/** One operator of a graph. */

import type { Tensor } from "../tensor/tensor.ts";

export interface AttributeValues {
  int: number;
  float: number;
  string: string;
  tensor: Tensor;
  ints: readonly number[];
  floats: readonly number[];
  strings: readonly string[];
  /** Sub-graphs, sparse tensors and the like: what it is. Kept so that the node can be reported, never read. */
  unread: string;
}

/** Tagged with its ONNX type, so that a graph can be written back as it was read. */
export type Attribute = {
  [K in keyof AttributeValues]: { readonly type: K; readonly value: AttributeValues[K] };
}[keyof AttributeValues];

export interface Node {
  /** Unique within the graph; made up from the operator and its position where the file has none. */
  readonly name: string;
  /** ONNX spelling, for example `Gemm`. */
  readonly operator: string;
  /** `""` for the standard ONNX operators. */
  readonly domain: string;
  /** Version of the operator set whose definition of the operator applies. */
  readonly opset: number;
  /** Tensor names; `""` for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}
