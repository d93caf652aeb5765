/** NodeProto → Node. */

import type { Attribute, Node } from "../../graph/node.ts";
import { ATTRIBUTE, ATTRIBUTE_TYPE, NODE } from "./fields.ts";
import { readTensor } from "./readTensor.ts";
import { malformed, type Span, type WireFile } from "./wire.ts";

/** `name` may be empty and `opset` is still 0: both are settled by the caller, which sees the whole model. */
export function readNode(file: WireFile, span: Span): Node {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  let name = "";
  let operator = "";
  let domain = "";
  file.forEachField(span, (reader) => {
    switch (reader.field) {
      case NODE.input:
        inputs.push(reader.string());
        return;
      case NODE.output:
        outputs.push(reader.string());
        return;
      case NODE.name:
        name = reader.string();
        return;
      case NODE.operator:
        operator = reader.string();
        return;
      case NODE.domain:
        domain = reader.string();
        return;
      case NODE.attribute: {
        const read = readAttribute(file, reader.message());
        attributes.set(read.name, read.attribute);
        return;
      }
    }
  });
  return {
    name,
    operator,
    domain: domain === "ai.onnx" ? "" : domain,
    opset: 0,
    inputs,
    outputs,
    attributes,
  };
}

interface NamedAttribute {
  readonly name: string;
  readonly attribute: Attribute;
}

function readAttribute(file: WireFile, span: Span): NamedAttribute {
  let name = "";
  let type = 0;
  let number = 0;
  let int = 0;
  let string = "";
  let tensor: Span | undefined;
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  file.forEachField(span, (reader) => {
    switch (reader.field) {
      case ATTRIBUTE.name:
        name = reader.string();
        return;
      case ATTRIBUTE.type:
        type = reader.int();
        return;
      case ATTRIBUTE.float:
        number = reader.float();
        return;
      case ATTRIBUTE.int:
        int = reader.int();
        return;
      case ATTRIBUTE.string:
        string = reader.string();
        return;
      case ATTRIBUTE.tensor:
        tensor = reader.message();
        return;
      case ATTRIBUTE.floats:
        return reader.floats(floats);
      case ATTRIBUTE.ints:
        return reader.ints(ints);
      case ATTRIBUTE.strings:
        strings.push(reader.string());
        return;
    }
  });
  return { name, attribute: decide() };

  function decide(): Attribute {
    switch (type) {
      case ATTRIBUTE_TYPE.float:
        return { type: "float", value: number };
      case ATTRIBUTE_TYPE.int:
        return { type: "int", value: int };
      case ATTRIBUTE_TYPE.string:
        return { type: "string", value: string };
      case ATTRIBUTE_TYPE.floats:
        return { type: "floats", value: floats };
      case ATTRIBUTE_TYPE.ints:
        return { type: "ints", value: ints };
      case ATTRIBUTE_TYPE.strings:
        return { type: "strings", value: strings };
      case ATTRIBUTE_TYPE.tensor: {
        if (tensor === undefined) throw malformed(span.start, `attribute "${name}" should hold a tensor`);
        const read = readTensor(file, tensor);
        if (read.tensor === undefined) return { type: "unread", value: `a tensor of ${read.typeName}` };
        return { type: "tensor", value: read.tensor };
      }
      default:
        return { type: "unread", value: `attribute type ${type}` };
    }
  }
}
