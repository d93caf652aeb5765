/** Graph → ONNX file. */

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { checkGraph } from "../../graph/check.ts";
import type { Graph, GraphValue } from "../../graph/graph.ts";
import type { Attribute, Node } from "../../graph/node.ts";
import { type ElementType, elementTypeOf, intTensor, type Tensor } from "../../tensor/tensor.ts";
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DIMENSION,
  GRAPH,
  MODEL,
  NODE,
  OPERATOR_SET,
  TENSOR,
  TENSOR_SHAPE,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from "./fields.ts";

export interface WriteOnnxOptions {
  /** Name of the writing program, as the file records it. */
  readonly producer?: string;
}

/** Known to every reader since 2021; newer ones only add what is not written here. */
const IR_VERSION = 8;
const DEFAULT_OPSET = 13;
const DATA_TYPE: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  uint32: 12,
  uint64: 13,
  bool: 9,
};

/**
 * The graph as an ONNX model; reading it back gives the same graph. Throws what `checkGraph` throws for a graph with
 * problems. The batch axis is left open and called "batch".
 */
export function writeOnnx(graph: Graph, options: WriteOnnxOptions = {}): Uint8Array {
  checkGraph(graph);
  const { nodes, initializers } = withShapesSpelledOut(graph);
  const opsets = opsetsOf(nodes);
  const writer = new BinaryWriter();
  writer.tag(MODEL.irVersion, WireType.Varint).int64(IR_VERSION);
  string(writer, MODEL.producerName, options.producer ?? "tensorproof");
  message(writer, MODEL.graph, () => {
    for (const node of nodes) message(writer, GRAPH.node, () => writeNode(writer, node));
    string(writer, GRAPH.name, graph.name);
    for (const [name, tensor] of initializers)
      message(writer, GRAPH.initializer, () => writeTensor(writer, name, tensor));
    for (const input of graph.inputs)
      message(writer, GRAPH.input, () => writeValue(writer, input, graph.batched));
    for (const output of graph.outputs)
      message(writer, GRAPH.output, () => writeValue(writer, output, graph.batched));
  });
  for (const [domain, version] of opsets) {
    message(writer, MODEL.opsetImport, () => {
      string(writer, OPERATOR_SET.domain, domain);
      writer.tag(OPERATOR_SET.version, WireType.Varint).int64(version);
    });
  }
  return writer.finish();
}

/** A file has one version of each operator set, and definitions differ between versions. The standard one comes first. */
function opsetsOf(nodes: readonly Node[]): ReadonlyMap<string, number> {
  const standard = nodes.find(({ domain }) => domain === "");
  const opsets = new Map([["", standard?.opset ?? DEFAULT_OPSET]]);
  for (const { domain, opset } of nodes) {
    const known = opsets.get(domain) ?? opset;
    if (known !== opset)
      throw new TypeError(`nodes of one operator set expected, got versions ${known}, ${opset}`);
    opsets.set(domain, opset);
  }
  return opsets;
}

interface WrittenGraph {
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, Tensor>;
}

/**
 * A resolved graph knows shapes where ONNX wants them as inputs. Squeeze and Unsqueeze become Reshape, which says the
 * shape; so does Expand, with a 1 for the batch, and Tile says how often each axis is repeated.
 */
function withShapesSpelledOut(graph: Graph): WrittenGraph {
  const initializers = new Map(graph.initializers);
  const lengthsOf = (name: string): readonly number[] => graph.values.get(name)?.shape ?? [];
  const nodes = graph.nodes.map((node): Node => {
    const reshapes = ["Reshape", "Squeeze", "Unsqueeze"].includes(node.operator);
    if (!reshapes && node.operator !== "Expand" && node.operator !== "Tile") return node;
    const shape = lengthsOf(node.outputs[0]);
    const before = lengthsOf(node.inputs[0]);
    const lengths = node.operator === "Tile" ? shape.map((length, axis) => length / before[axis]) : shape;
    const target = graph.batched ? [reshapes ? -1 : 1, ...lengths] : [...lengths];
    const name = `${node.outputs[0]}/shape`;
    initializers.set(name, intTensor([target.length], target));
    const operator = reshapes ? "Reshape" : node.operator;
    return { ...node, operator, inputs: [node.inputs[0], name], attributes: new Map() };
  });
  return { nodes, initializers };
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

function string(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function writeNode(writer: BinaryWriter, node: Node): void {
  for (const input of node.inputs) string(writer, NODE.input, input);
  for (const output of node.outputs) string(writer, NODE.output, output);
  string(writer, NODE.name, node.name);
  string(writer, NODE.operator, node.operator);
  if (node.domain !== "") string(writer, NODE.domain, node.domain);
  for (const [name, value] of node.attributes) {
    message(writer, NODE.attribute, () => writeAttribute(writer, name, value));
  }
}

function writeAttribute(writer: BinaryWriter, name: string, attribute: Attribute): void {
  string(writer, ATTRIBUTE.name, name);
  switch (attribute.type) {
    case "int":
      writer.tag(ATTRIBUTE.int, WireType.Varint).int64(attribute.value);
      break;
    case "float":
      writer.tag(ATTRIBUTE.float, WireType.Bit32).float(attribute.value);
      break;
    case "string":
      string(writer, ATTRIBUTE.string, attribute.value);
      break;
    case "tensor":
      message(writer, ATTRIBUTE.tensor, () => writeTensor(writer, "", attribute.value));
      break;
    case "ints":
      for (const value of attribute.value) writer.tag(ATTRIBUTE.ints, WireType.Varint).int64(value);
      break;
    case "floats":
      for (const value of attribute.value) writer.tag(ATTRIBUTE.floats, WireType.Bit32).float(value);
      break;
    case "strings":
      for (const value of attribute.value) string(writer, ATTRIBUTE.strings, value);
      break;
    case "unread":
      throw new TypeError(
        `attribute "${name}" holds ${attribute.value}, which was not read and cannot be written`,
      );
  }
  writer.tag(ATTRIBUTE.type, WireType.Varint).int64(ATTRIBUTE_TYPE[attribute.type]);
}

function writeTensor(writer: BinaryWriter, name: string, tensor: Tensor): void {
  for (const length of tensor.shape) writer.tag(TENSOR.dims, WireType.Varint).int64(length);
  writer.tag(TENSOR.dataType, WireType.Varint).int64(DATA_TYPE[elementTypeOf(tensor)]);
  string(writer, TENSOR.name, name);
  writer.tag(TENSOR.rawData, WireType.LengthDelimited).bytes(rawData(tensor));
}

/** Little-endian, whatever the machine. */
function rawData(tensor: Tensor): Uint8Array {
  const { width, write } = STORED[elementTypeOf(tensor)];
  const view = new DataView(new ArrayBuffer(tensor.data.length * width));
  tensor.data.forEach((x, i) => {
    write(view, i * width, x);
  });
  return new Uint8Array(view.buffer);
}

interface Stored {
  readonly width: number;
  readonly write: (view: DataView, offset: number, x: number) => void;
}

const STORED: Readonly<Record<ElementType, Stored>> = {
  float32: { width: 4, write: (view, offset, x) => view.setFloat32(offset, x, true) },
  uint8: { width: 1, write: (view, offset, x) => view.setUint8(offset, x) },
  int8: { width: 1, write: (view, offset, x) => view.setInt8(offset, x) },
  uint16: { width: 2, write: (view, offset, x) => view.setUint16(offset, x, true) },
  int16: { width: 2, write: (view, offset, x) => view.setInt16(offset, x, true) },
  int32: { width: 4, write: (view, offset, x) => view.setInt32(offset, x, true) },
  uint32: { width: 4, write: (view, offset, x) => view.setUint32(offset, x, true) },
  int64: { width: 8, write: (view, offset, x) => view.setBigInt64(offset, BigInt(x), true) },
  uint64: { width: 8, write: (view, offset, x) => view.setBigUint64(offset, BigInt(x), true) },
  bool: { width: 1, write: (view, offset, x) => view.setUint8(offset, x) },
};

function writeValue(writer: BinaryWriter, value: GraphValue, batched: boolean): void {
  string(writer, VALUE_INFO.name, value.name);
  message(writer, VALUE_INFO.type, () => {
    message(writer, TYPE.tensorType, () => {
      writer.tag(TENSOR_TYPE.elementType, WireType.Varint).int64(DATA_TYPE[value.type]);
      message(writer, TENSOR_TYPE.shape, () => {
        if (batched) message(writer, TENSOR_SHAPE.dim, () => string(writer, DIMENSION.parameter, "batch"));
        for (const length of value.shape) {
          message(writer, TENSOR_SHAPE.dim, () => writer.tag(DIMENSION.value, WireType.Varint).int64(length));
        }
      });
    });
  });
}
