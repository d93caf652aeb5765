/** A model file's network as one that can be trained further. */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Node } from "../../graph/node.ts";
import type { Shape } from "../../tensor/shape.ts";
import { isFloatTensor, type Tensor } from "../../tensor/tensor.ts";
import { ACTIVATION_KINDS, LEAK, onnxActivation } from "../network/activation.ts";
import type { LayerSpec } from "../network/layerSpec.ts";
import { Network } from "../network/network.ts";
import type { Parameter } from "../network/parameter.ts";

/** A layer with the values of its parameters, where it has any. */
interface ReadLayer {
  readonly spec: LayerSpec;
  readonly weight?: Float32Array;
  readonly bias?: Float32Array | null;
}

const TRAINABLE =
  "Gemm, MatMul (with Add), Conv, Relu, LeakyRelu, Sigmoid, Tanh, MaxPool, AveragePool, GlobalAveragePool, Flatten, " +
  "Reshape to one axis, Dropout, Identity, and a Softmax at the end";

/**
 * Reads a chain of layers: nodes one after another, from one input to one output. A Softmax at the end is left out; training
 * works on the scores before it. Layers keep the names of their nodes.
 *
 * @throws TensorproofError `train.notTrainable` naming every node that is no such layer; what `checkGraph` throws
 */
export function fromGraph(graph: Graph): Network {
  checkGraph(graph);
  const problems: string[] = [];
  const read = new ChainReader(graph, problems).layers();
  if (problems.length > 0) {
    throw new TensorproofError(
      "train.notTrainable",
      `model "${graph.name}" cannot be trained further: ${problems.join("; ")}. Trained are chains of ${TRAINABLE}`,
      { where: graph.name, details: problems },
    );
  }
  const spec = { inputShape: graph.inputs[0].shape, layers: read.map((layer) => layer.spec) };
  const network = new Network(spec, 0);
  network.layers.forEach(({ parameters }, at) => {
    const { weight, bias } = read[at];
    for (const parameter of parameters) fill(parameter, parameter.role === "weight" ? weight : bias);
  });
  network.refresh();
  return network;
}

function fill(parameter: Parameter, values: Float32Array | null | undefined): void {
  if (values === null || values === undefined) parameter.values.fill(0);
  else parameter.values.set(values);
}

class ChainReader {
  readonly #graph: Graph;
  readonly #problems: string[];

  constructor(graph: Graph, problems: string[]) {
    this.#graph = graph;
    this.#problems = problems;
  }

  layers(): ReadLayer[] {
    const { inputs, outputs, nodes, batched } = this.#graph;
    if (inputs.length !== 1 || outputs.length !== 1 || !batched) {
      this.#problems.push("expected one input and one output, with samples along the first axis");
      return [];
    }
    const found: ReadLayer[] = [];
    let last = inputs[0].name;
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at];
      if (!node.inputs.includes(last) || nodes.some((other, n) => n > at && other.inputs.includes(last))) {
        this.#refuse(node, `"${last}" is read elsewhere than by the next node`);
        return [];
      }
      const isLast = at === nodes.length - 1;
      const layer = isLast && node.operator === "Softmax" ? null : this.#layer(node, found, last);
      if (layer !== null) found.push(layer);
      last = node.outputs[0];
    }
    return found;
  }

  #refuse(node: Node, reason: string): null {
    this.#problems.push(`${node.operator} "${node.name}": ${reason}`);
    return null;
  }

  /** Null for what adds no layer. */
  #layer(node: Node, found: ReadLayer[], last: string): ReadLayer | null {
    const { name, operator } = node;
    const activation = ACTIVATION_KINDS.find(
      (kind) => kind !== "square" && onnxActivation(kind) === operator,
    );
    if (activation === "leaky-relu" && Math.abs(float(node, "alpha", LEAK) - LEAK) > 1e-6)
      return this.#refuse(node, `trained with alpha ${LEAK} alone`);
    if (activation !== undefined) return { spec: { type: activation, name } };
    switch (operator) {
      case "Gemm":
      case "MatMul":
        return this.#dense(node, last);
      case "Add":
        return this.#bias(node, found, last);
      case "Mul":
        return node.inputs.every((input) => input === last)
          ? { spec: { type: "square", name } }
          : this.#refuse(node, "only a square is trained");
      case "Conv":
        return this.#conv(node);
      case "MaxPool":
      case "AveragePool":
        return this.#pool(node);
      case "GlobalAveragePool":
        return { spec: { type: "global-average-pool", name } };
      case "Flatten":
      case "Reshape":
      case "Squeeze":
        return this.#flatten(node, last);
      case "Dropout":
      case "Identity":
        return null;
      default:
        return this.#refuse(node, "not among what is trained");
    }
  }

  #constant(node: Node, at: number): Tensor | undefined {
    const tensor = this.#graph.initializers.get(node.inputs[at] ?? "");
    return tensor !== undefined && isFloatTensor(tensor) ? tensor : undefined;
  }

  #shapeOf(name: string): Shape {
    return this.#graph.values.get(name)?.shape ?? [];
  }

  #dense(node: Node, last: string): ReadLayer | null {
    const weight = this.#constant(node, 1);
    if (weight === undefined || weight.shape.length !== 2 || node.inputs[0] !== last)
      return this.#refuse(node, "its second factor is no matrix of weights");
    const isScaled = ["alpha", "beta"].some((name) => float(node, name, 1) !== 1);
    if (isScaled || int(node, "transA", 0) !== 0 || this.#shapeOf(last).length !== 1)
      return this.#refuse(node, "with factors, a transposed input or more than one axis");
    const transposed = int(node, "transB", 0) !== 0;
    const [outputs, inputs] = transposed ? weight.shape : [weight.shape[1], weight.shape[0]];
    const values = Float32Array.from(weight.data);
    const bias = this.#biasOf(node, 2, outputs);
    if (bias === undefined) return null;
    return {
      spec: { type: "dense", units: outputs, name: node.name },
      weight: transposed ? transpose(values, outputs, inputs) : values,
      bias,
    };
  }

  /** Null: there is none. Undefined: refused. */
  #biasOf(node: Node, at: number, outputs: number): Float32Array | null | undefined {
    if ((node.inputs[at] ?? "") === "") return null;
    const data = this.#constant(node, at)?.data;
    if (data?.length === outputs) return Float32Array.from(data);
    if (data?.length === 1) return new Float32Array(outputs).fill(data[0]);
    this.#refuse(node, "its bias is not one number for each output");
    return undefined;
  }

  /** An Add after a product without a bias. */
  #bias(node: Node, found: ReadLayer[], last: string): null {
    const before = found.at(-1);
    const at = node.inputs[0] === last ? 1 : 0;
    if (before?.spec.type !== "dense" || before.bias !== null)
      return this.#refuse(node, "it adds to something else than a product without a bias");
    const bias = this.#biasOf(node, at, before.spec.units);
    if (bias !== undefined && bias !== null) found[found.length - 1] = { ...before, bias };
    return null;
  }

  #conv(node: Node): ReadLayer | null {
    const weight = this.#constant(node, 1);
    const dilations = attributeInts(node, "dilations", [1, 1]);
    if (weight === undefined || weight.shape.length !== 4 || node.inputs.length < 2)
      return this.#refuse(node, "not a convolution of images with constant weights");
    if (int(node, "group", 1) !== 1 || dilations.some((step) => step !== 1))
      return this.#refuse(node, "groups and dilations are not trained");
    const [filters, , height, width] = weight.shape;
    const bias = this.#biasOf(node, 2, filters);
    if (bias === undefined) return null;
    const spec = {
      ...{ type: "conv2d" as const, name: node.name, filters, kernel: [height, width] as const },
      stride: two(attributeInts(node, "strides", [1, 1])),
      padding: four(attributeInts(node, "pads", [0, 0, 0, 0])),
    };
    return { spec, weight: Float32Array.from(weight.data), bias };
  }

  #pool(node: Node): ReadLayer | null {
    const size = two(attributeInts(node, "kernel_shape", []));
    const stride = two(attributeInts(node, "strides", [1, 1]));
    const dilations = attributeInts(node, "dilations", [1, 1]);
    const isPlain = attributeInts(node, "pads", []).every((pad) => pad === 0);
    if (!isPlain || int(node, "ceil_mode", 0) !== 0 || dilations.some((step) => step !== 1))
      return this.#refuse(node, "padding, dilations and ceil_mode are not trained");
    const type = node.operator === "MaxPool" ? "max-pool" : "average-pool";
    return { spec: { type, name: node.name, size, stride } };
  }

  #flatten(node: Node, last: string): ReadLayer | null {
    const after = this.#shapeOf(node.outputs[0]);
    if (after.length !== 1) return this.#refuse(node, "only a reshape to one axis is trained");
    return this.#shapeOf(last).length === 1 ? null : { spec: { type: "flatten", name: node.name } };
  }
}

function int(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.type === "int" ? attribute.value : fallback;
}

function float(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.type === "float" ? attribute.value : fallback;
}

function attributeInts(node: Node, name: string, fallback: readonly number[]): readonly number[] {
  const attribute = node.attributes.get(name);
  return attribute?.type === "ints" ? attribute.value : fallback;
}

function two([first, second]: readonly number[]): readonly [number, number] {
  return [first, second];
}

function four([top, left, bottom, right]: readonly number[]): readonly [number, number, number, number] {
  return [top, left, bottom, right];
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j];
  return turned;
}
