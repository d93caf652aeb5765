import type { Graph } from "../../graph/graph.ts";
import type { Attribute, Node } from "../../graph/node.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { type FloatTensor, floatTensor, type Tensor } from "../../tensor/tensor.ts";

/** Numbers in [−1, 1), always the same. */
function pseudoRandom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}

export function randomTensor(shape: readonly number[], seed: number, factor = 1): FloatTensor {
  const next = pseudoRandom(seed);
  const count = shape.reduce((product, length) => product * length, 1);
  return floatTensor(
    shape,
    Float32Array.from({ length: count }, () => factor * next()),
  );
}

/** One node of a chain: its operator, constant inputs after the data input, and attributes. */
export interface ChainLink {
  readonly operator: string;
  readonly constants?: Readonly<Record<string, Tensor>>;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export function int(value: number): Attribute {
  return { type: "int", value };
}

export function float(value: number): Attribute {
  return { type: "float", value };
}

/** A batched graph x → link 0 → link 1 → …; link i computes "v{i}". */
export function chainGraph(inputShape: readonly number[], links: readonly ChainLink[]): Graph {
  const initializers = new Map(links.flatMap(({ constants }) => Object.entries(constants ?? {})));
  const nodes = links.map(
    ({ operator, constants, attributes }, index): Node => ({
      name: `${operator.toLowerCase()}${index}`,
      operator,
      domain: "",
      opset: 17,
      inputs: [index === 0 ? "x" : `v${index - 1}`, ...Object.keys(constants ?? {})],
      outputs: [`v${index}`],
      attributes: new Map(Object.entries(attributes ?? {})),
    }),
  );
  return resolveGraph({
    name: "chain",
    inputs: [{ name: "x", type: "float32", shape: [null, ...inputShape] }],
    outputs: [`v${links.length - 1}`],
    nodes,
    initializers,
  });
}

/** A Gemm with bias from `length` to `numOutputs` numbers; `tag` tells its constants apart. */
export function gemmLink(tag: string, numOutputs: number, length: number, seed: number): ChainLink {
  return {
    operator: "Gemm",
    constants: {
      [`weight${tag}`]: randomTensor([numOutputs, length], seed, 1 / Math.sqrt(length)),
      [`bias${tag}`]: randomTensor([numOutputs], seed + 1, 0.3),
    },
    attributes: { transB: int(1) },
  };
}

/** Gemm 20 → 12, Relu, Gemm 12 → 5, Softmax. */
export function classifier(seed = 7): Graph {
  return chainGraph(
    [20],
    [
      gemmLink("A", 12, 20, seed),
      { operator: "Relu" },
      gemmLink("B", 5, 12, seed + 2),
      { operator: "Softmax", attributes: { axis: int(-1) } },
    ],
  );
}
