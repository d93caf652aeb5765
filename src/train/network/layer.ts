/** What every layer of a trainable network does. Tensors are row-major, samples along the leading axis. */
import type { Shape } from "../../tensor/shape.ts";
import type { MatrixProducts } from "../arithmetic/products.ts";
import type { SeededRandom } from "../random.ts";
import type { Parameter } from "./parameter.ts";

export interface Pass {
  readonly products: MatrixProducts;
  /** Null outside of training: nothing is dropped, and `backward` may not follow. */
  readonly random: SeededRandom | null;
}

export interface Layer {
  /** Unique in its network, "conv1". */
  readonly name: string;
  readonly outputShape: Shape;
  readonly parameters: readonly Parameter[];
  /** Of `count` samples. What comes back belongs to the layer and holds until its next pass. */
  forward(input: Float32Array, count: number, pass: Pass): Float32Array;
  /**
   * After `forward` of the same samples: adds to the gradients of the parameters and returns that of the input, null
   * where `needsInput` is false.
   */
  backward(gradient: Float32Array, count: number, pass: Pass, needsInput: boolean): Float32Array | null;
}

/** Rounds what lies between two layers, as a program holds it, and hands gradients through. */
export interface ValueRounding {
  forward(values: Float32Array): Float32Array;
  /** After `forward` of the same values. */
  backward(gradient: Float32Array): Float32Array;
}

/** An array of at least this length, the one at hand where it will do; what is in it is undefined. */
export function roomFor(length: number, current: Float32Array | undefined): Float32Array {
  return current !== undefined && current.length >= length ? current : new Float32Array(length);
}
