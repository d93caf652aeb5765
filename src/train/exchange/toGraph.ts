/** A trained network as a Graph: what is proven, and what `writeOnnx` writes. */
import type { Graph } from "../../graph/graph.ts";
import type { Attribute, Node } from "../../graph/node.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { floatTensor, type Tensor } from "../../tensor/tensor.ts";
import { Activation, LEAK, onnxActivation } from "../network/activation.ts";
import { Conv2d } from "../network/conv2d.ts";
import { Dense } from "../network/dense.ts";
import { Dropout } from "../network/dropout.ts";
import { Flatten } from "../network/flatten.ts";
import type { Layer } from "../network/layer.ts";
import type { Network } from "../network/network.ts";
import type { Parameter } from "../network/parameter.ts";
import { AveragePool, MaxPool } from "../network/pool.ts";
import type { WindowGeometry } from "../network/window.ts";

const OPSET = 13;
const INPUT = "input";

interface Operation {
  readonly operator: string;
  /** Inputs after the first. */
  readonly more: readonly string[];
  readonly attributes: readonly (readonly [string, Attribute])[];
}

function ints(name: string, value: readonly number[]): readonly [string, Attribute] {
  return [name, { type: "ints", value }];
}

function windowAttributes({
  kernel,
  strides,
  pads,
}: WindowGeometry): readonly (readonly [string, Attribute])[] {
  return [ints("kernel_shape", kernel), ints("strides", strides), ints("pads", pads)];
}

function operationOf(layer: Layer, input: string): Operation | null {
  const more = layer.parameters.map(({ name }) => name);
  if (layer instanceof Dense) return { operator: "Gemm", more, attributes: [] };
  if (layer instanceof Conv2d)
    return { operator: "Conv", more, attributes: windowAttributes(layer.geometry) };
  if (layer instanceof MaxPool)
    return { operator: "MaxPool", more, attributes: windowAttributes(layer.geometry) };
  if (layer instanceof AveragePool)
    return { operator: "AveragePool", more, attributes: windowAttributes(layer.geometry) };
  if (layer instanceof Flatten)
    return { operator: "Flatten", more, attributes: [["axis", { type: "int", value: 1 }]] };
  if (layer instanceof Activation) {
    const attributes =
      layer.kind === "leaky-relu" ? [["alpha", { type: "float", value: LEAK }] as const] : [];
    return {
      operator: onnxActivation(layer.kind),
      more: layer.kind === "square" ? [input] : [],
      attributes,
    };
  }
  if (layer instanceof Dropout) return null;
  throw new TypeError(`layer "${layer.name}" has no form in ONNX`);
}

/** Tensors, nodes and weights carry the names of the layers; the input is called "input". Weights are as masks leave them. */
export function toGraph(network: Network, name: string): Graph {
  network.refresh();
  const nodes: Node[] = [];
  const initializers = new Map<string, Tensor>();
  let last = INPUT;
  for (const layer of network.layers) {
    const operation = operationOf(layer, last);
    if (operation === null) continue;
    const { operator, more, attributes } = operation;
    const identity = { name: layer.name, operator, domain: "", opset: OPSET };
    nodes.push({
      ...identity,
      inputs: [last, ...more],
      outputs: [layer.name],
      attributes: new Map(attributes),
    });
    for (const parameter of layer.parameters) initializers.set(parameter.name, exported(parameter));
    last = layer.name;
  }
  const shape = ["batch", ...network.inputShape];
  const inputs = [{ name: INPUT, type: "float32" as const, shape }];
  return resolveGraph({ name, inputs, outputs: [last], nodes, initializers });
}

/** With the mask, without rounding: compiling rounds by itself. */
function exported({ shape, values, mask }: Parameter): Tensor {
  return floatTensor(
    shape,
    values.map((value, i) => (mask !== null && mask[i] === 0 ? 0 : value)),
  );
}
