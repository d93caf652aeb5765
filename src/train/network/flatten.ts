import { elementCount, type Shape } from "../../tensor/shape.ts";
import type { Layer, Pass } from "./layer.ts";

/** One axis of all elements; nothing moves. */
export class Flatten implements Layer {
  readonly name: string;
  readonly outputShape: Shape;
  readonly parameters: readonly never[] = [];

  constructor(name: string, inputShape: Shape) {
    this.name = name;
    this.outputShape = [elementCount(inputShape)];
  }

  forward(input: Float32Array): Float32Array {
    return input;
  }

  backward(gradient: Float32Array, _count: number, _pass: Pass, needsInput: boolean): Float32Array | null {
    return needsInput ? gradient : null;
  }
}
