/** Small graphs of convolutional networks, channels first as in ONNX, with pseudo-random weights. */

import type { Graph } from "../../graph/graph.ts";
import type { Attribute, Node } from "../../graph/node.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { floatTensor, type Tensor } from "../../tensor/tensor.ts";
import { type ChainLink, int, randomTensor } from "./smallGraphs.ts";

export function ints(...value: readonly number[]): Attribute {
  return { type: "ints", value };
}

/** Builds a graph of any form; each method returns the name of its result. */
export class GraphSketch {
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<string, Tensor>();
  readonly #inputs: { readonly name: string; readonly shape: readonly number[] }[] = [];

  input(shape: readonly number[]): string {
    const name = `x${this.#inputs.length}`;
    this.#inputs.push({ name, shape });
    return name;
  }

  constant(tensor: Tensor): string {
    const name = `c${this.#initializers.size}`;
    this.#initializers.set(name, tensor);
    return name;
  }

  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    numOutputs = 1,
  ): string {
    const at = this.#nodes.length;
    const outputs = Array.from(
      { length: numOutputs },
      (_, index) => `v${at}${index === 0 ? "" : `_${index}`}`,
    );
    const name = `${operator.toLowerCase()}${at}`;
    const entries = new Map(Object.entries(attributes));
    this.#nodes.push({ name, operator, domain: "", opset: 17, inputs, outputs, attributes: entries });
    return outputs[0];
  }

  /** `weightShape`: [M, C / groups, kernel …]. */
  conv(
    input: string,
    weightShape: readonly number[],
    seed: number,
    attributes: Readonly<Record<string, Attribute>> = {},
    operator = "Conv",
  ): string {
    const fanIn = weightShape.slice(1).reduce((product, length) => product * length, 1);
    const groups = Number(attributes.group?.value ?? 1);
    const numOutputs = operator === "Conv" ? weightShape[0] : weightShape[1] * groups;
    const weight = this.constant(randomTensor(weightShape, seed, 1.7 / Math.sqrt(fanIn)));
    const bias = this.constant(randomTensor([numOutputs], seed + 1, 0.3));
    return this.node(operator, [input, weight, bias], attributes);
  }

  batchNorm(input: string, channels: number, seed: number): string {
    const variance = randomTensor([channels], seed + 3);
    const parameters = [
      randomTensor([channels], seed),
      randomTensor([channels], seed + 1),
      randomTensor([channels], seed + 2, 0.2),
      floatTensor(
        [channels],
        variance.data.map((value) => 1.2 + value),
      ),
    ];
    return this.node("BatchNormalization", [input, ...parameters.map((tensor) => this.constant(tensor))]);
  }

  dense(input: string, numOutputs: number, length: number, seed: number): string {
    const weight = this.constant(randomTensor([numOutputs, length], seed, 1.7 / Math.sqrt(length)));
    const bias = this.constant(randomTensor([numOutputs], seed + 1, 0.3));
    return this.node("Gemm", [input, weight, bias], { transB: int(1) });
  }

  links(input: string, links: readonly ChainLink[]): string {
    return links.reduce(
      (from, { operator, constants, attributes }) =>
        this.node(
          operator,
          [from, ...Object.values(constants ?? {}).map((tensor) => this.constant(tensor))],
          attributes,
        ),
      input,
    );
  }

  graph(outputs: readonly string[]): Graph {
    return resolveGraph({
      name: "sketch",
      inputs: this.#inputs.map(({ name, shape }) => ({ name, type: "float32", shape: [null, ...shape] })),
      outputs: [...outputs],
      nodes: this.#nodes,
      initializers: this.#initializers,
    });
  }
}
