/** Quantised graphs for tests, in a few words. */

import type { Graph } from "../../../graph/graph.ts";
import type { Arithmetic } from "../../../graph/quantization.ts";
import { resolveGraph } from "../../../graph/resolve.ts";
import { draftOf, type NodeSketch } from "../../../graph/testing/draft.ts";
import { floatTensor, type IntegerType, intTensor, type Tensor } from "../../../tensor/tensor.ts";

/** What integers mean, in a sketch. */
export interface Meaning {
  readonly scale: number;
  readonly zeroPoint: number;
  readonly type?: IntegerType;
}

/** Collects nodes; every method returns the name of the tensor that it adds. */
export class QuantisedSketch {
  readonly #nodes: NodeSketch[] = [];
  readonly #constants: Record<string, Tensor> = {};

  #meaning(name: string, { scale, zeroPoint, type = "int8" }: Meaning): [string, string] {
    this.#constants[`${name}/scale`] = floatTensor([], [scale]);
    this.#constants[`${name}/zeroPoint`] = intTensor([], [zeroPoint], type);
    return [`${name}/scale`, `${name}/zeroPoint`];
  }

  node(
    operator: string,
    inputs: readonly string[],
    name: string,
    attributes: NodeSketch["attributes"] = {},
  ): string {
    this.#nodes.push({ operator, inputs, outputs: [name], attributes });
    return name;
  }

  constant(name: string, tensor: Tensor): string {
    this.#constants[name] = tensor;
    return name;
  }

  /** QuantizeLinear and DequantizeLinear: the reals of the integers `name`. */
  quantised(real: string, name: string, meaning: Meaning): string {
    const parameters = this.#meaning(name, meaning);
    this.node("QuantizeLinear", [real, ...parameters], name);
    return this.node("DequantizeLinear", [name, ...parameters], `${name}/real`);
  }

  /** The reals of a trained tensor. */
  trained(name: string, shape: readonly number[], data: readonly number[], meaning: Meaning): string {
    this.#constants[name] = intTensor(shape, data, meaning.type ?? "int8");
    return this.node("DequantizeLinear", [name, ...this.#meaning(name, meaning)], `${name}/real`);
  }

  /** The graph from a real input `x` of this shape. */
  graph(shape: readonly number[], output: string, arithmetic: Arithmetic): Graph {
    const sketch = { inputs: { x: [null, ...shape] }, constants: this.#constants, nodes: this.#nodes };
    return resolveGraph({ ...draftOf({ ...sketch, outputs: [output] }), arithmetic });
  }
}
