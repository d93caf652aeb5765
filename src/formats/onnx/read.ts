/** ONNX file → GraphDraft. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { DraftDimension, DraftInput, GraphDraft } from "../../graph/draft.ts";
import type { Node } from "../../graph/node.ts";
import { intTensor, type Tensor } from "../../tensor/tensor.ts";
import { storedType } from "./elementTypes.ts";
import {
  DIMENSION,
  GRAPH,
  MODEL,
  OPERATOR_SET,
  TENSOR_SHAPE,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from "./fields.ts";
import { arithmeticOf, withRealOperators } from "./quantizedOperators.ts";
import { readNode } from "./readNode.ts";
import { readTensor } from "./readTensor.ts";
import { type Span, WireFile } from "./wire.ts";

/** The newest standard operator set whose definitions have been compared with the operators here. */
export const NEWEST_OPSET = 28;

/**
 * Parses an ONNX model. Operators are taken as they are, except for those on integers, which `quantizedOperators.ts`
 * rewrites; whether they are supported is `checkGraph`'s business. Throws
 * `model.notAModel`, `model.truncated`, `model.malformed`, `model.externalData` and `model.unsupportedOpset`.
 */
export function readOnnx(bytes: Uint8Array, modelName: string): GraphDraft {
  const file = new WireFile(bytes);
  let graph: Span | undefined;
  let irVersion = 0;
  const opsets = new Map<string, number>();
  file.forEachField(file.whole(), (reader) => {
    if (reader.field === MODEL.irVersion) irVersion = reader.int();
    if (reader.field === MODEL.graph) graph = reader.message();
    if (reader.field === MODEL.opsetImport) {
      const { domain, version } = readOperatorSet(file, reader.message());
      opsets.set(domain, version);
    }
  });
  if (graph === undefined || irVersion === 0) {
    throw new TensorproofError(
      "model.notAModel",
      `"${modelName}": the bytes read as protobuf but hold no ONNX model (${graph === undefined ? "no graph" : "no IR version"})`,
      { where: modelName },
    );
  }
  const opset = opsets.get("") ?? 1;
  if (opset > NEWEST_OPSET) {
    throw new TensorproofError(
      "model.unsupportedOpset",
      `"${modelName}" uses operator set ${opset} of ONNX; the newest known here is ${NEWEST_OPSET}. Export it for that or an older one`,
      { where: modelName },
    );
  }
  return readGraph(file, graph, modelName, opsets);
}

function readOperatorSet(file: WireFile, span: Span): { domain: string; version: number } {
  let domain = "";
  let version = 1;
  file.forEachField(span, (reader) => {
    if (reader.field === OPERATOR_SET.domain) domain = reader.string();
    if (reader.field === OPERATOR_SET.version) version = reader.int();
  });
  return { domain: domain === "ai.onnx" ? "" : domain, version };
}

function readGraph(
  file: WireFile,
  span: Span,
  modelName: string,
  opsets: ReadonlyMap<string, number>,
): GraphDraft {
  const inputs: Input[] = [];
  const outputs: string[] = [];
  const nodes: Node[] = [];
  const initializers = new Map<string, Tensor>();
  const unread = new Map<string, string>();
  let name = "";
  file.forEachField(span, (reader) => {
    switch (reader.field) {
      case GRAPH.name:
        name = reader.string();
        return;
      case GRAPH.node:
        nodes.push(readNode(file, reader.message()));
        return;
      case GRAPH.input:
        inputs.push(readInput(file, reader.message()));
        return;
      case GRAPH.output:
        outputs.push(readInput(file, reader.message()).draft.name);
        return;
      case GRAPH.initializer: {
        const read = readTensor(file, reader.message());
        // A tensor that cannot be read still has to exist, or its readers would be reported as lacking it.
        initializers.set(read.name, read.tensor ?? intTensor([0], []));
        if (read.tensor === undefined) unread.set(read.name, `is of ${read.typeName}`);
        return;
      }
    }
  });
  // Files before IR version 4 list initializers among the inputs.
  const given = inputs.filter((input) => !initializers.has(input.draft.name));
  for (const input of given)
    if (!input.readable) unread.set(input.draft.name, "has elements that are not numbers");
  const named = withRealOperators(nameNodes(nodes, opsets), opsets.get("") ?? 1);
  const unsupported = new Map<string, string>();
  for (const node of named) {
    const tensor = node.inputs.find((input) => unread.has(input));
    if (tensor !== undefined) unsupported.set(node.name, `its input "${tensor}" ${unread.get(tensor)}`);
  }
  return {
    name: name || modelName,
    arithmetic: arithmeticOf(named),
    inputs: given.map((input) => input.draft),
    outputs,
    nodes: named,
    initializers,
    unsupported,
  };
}

/** Unique names (ONNX allows empty and repeated ones) and the version of each node's operator set. */
function nameNodes(nodes: readonly Node[], opsets: ReadonlyMap<string, number>): Node[] {
  const taken = new Set<string>();
  return nodes.map((node, index) => {
    let name = node.name || `${node.operator}_${index}`;
    while (taken.has(name)) name = `${name}#${index}`;
    taken.add(name);
    return { ...node, name, opset: opsets.get(node.domain) ?? 1 };
  });
}

interface Input {
  readonly draft: DraftInput;
  readonly readable: boolean;
}

function readInput(file: WireFile, span: Span): Input {
  let name = "";
  let elementType = 0;
  let shape: DraftDimension[] | undefined;
  file.forEachField(span, (reader) => {
    if (reader.field === VALUE_INFO.name) name = reader.string();
    if (reader.field !== VALUE_INFO.type) return;
    file.forEachField(reader.message(), (type) => {
      if (type.field !== TYPE.tensorType) return;
      file.forEachField(type.message(), (tensorType) => {
        if (tensorType.field === TENSOR_TYPE.elementType) elementType = tensorType.int();
        if (tensorType.field === TENSOR_TYPE.shape) shape = readShape(file, tensorType.message());
      });
    });
  });
  const stored = storedType(elementType);
  return { draft: { name, type: stored?.readAs ?? "int64", shape }, readable: stored !== undefined };
}

function readShape(file: WireFile, span: Span): DraftDimension[] {
  const shape: DraftDimension[] = [];
  file.forEachField(span, (dims) => {
    if (dims.field !== TENSOR_SHAPE.dim) return;
    let length: DraftDimension = null;
    file.forEachField(dims.message(), (dim) => {
      if (dim.field === DIMENSION.value) length = dim.int();
      if (dim.field === DIMENSION.parameter) length = dim.string() || null;
    });
    shape.push(length);
  });
  return shape;
}
