import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { checkGraph } from "../../graph/check.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { onnxMlp } from "../testing/models.ts";
import { clampInteger, halfFromBits } from "./elementTypes.ts";
import { ATTRIBUTE, GRAPH, MODEL, NODE, OPERATOR_SET, TENSOR } from "./fields.ts";
import { NEWEST_OPSET, readOnnx } from "./read.ts";
import { readTensor } from "./readTensor.ts";
import { WireFile } from "./wire.ts";

type Write = (writer: BinaryWriter) => void;

function message(...writes: readonly Write[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const write of writes) write(writer);
  return writer.finish();
}

const nested = (field: number, ...writes: readonly Write[]): Write => {
  return (writer) => void writer.tag(field, WireType.LengthDelimited).bytes(message(...writes));
};
const text = (field: number, value: string): Write => {
  return (writer) => void writer.tag(field, WireType.LengthDelimited).string(value);
};
const bytes = (field: number, value: ArrayBufferView): Write => {
  const raw = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return (writer) => void writer.tag(field, WireType.LengthDelimited).bytes(raw);
};
const varint = (field: number, value: number): Write => {
  return (writer) => void writer.tag(field, WireType.Varint).int64(value);
};

function tensorOf(
  dataType: number,
  shape: readonly number[],
  ...data: readonly Write[]
): ReturnType<typeof readTensor> {
  const dims = shape.map((length) => varint(TENSOR.dims, length));
  const file = new WireFile(
    message(...dims, varint(TENSOR.dataType, dataType), text(TENSOR.name, "w"), ...data),
  );
  return readTensor(file, file.whole());
}

function elementsOf(dataType: number, count: number, ...data: readonly Write[]): number[] {
  return Array.from(tensorOf(dataType, [count], ...data).tensor?.data ?? []);
}

function model(opset: number, ...graph: readonly Write[]): Uint8Array {
  const operatorSet = nested(
    MODEL.opsetImport,
    text(OPERATOR_SET.domain, ""),
    varint(OPERATOR_SET.version, opset),
  );
  return message(varint(MODEL.irVersion, 8), nested(MODEL.graph, ...graph), operatorSet);
}

describe("tensors", () => {
  test.each([
    ["float", 1, Float32Array.of(1.5, -2)],
    ["uint8", 2, Uint8Array.of(0, 255)],
    ["int8", 3, Int8Array.of(-128, 127)],
    ["uint16", 4, Uint16Array.of(0, 65535)],
    ["int16", 5, Int16Array.of(-32768, 32767)],
    ["int32", 6, Int32Array.of(-(2 ** 31), 2 ** 31 - 1)],
    ["double", 11, Float64Array.of(0.5, -1e30)],
    ["uint32", 12, Uint32Array.of(0, 2 ** 32 - 1)],
  ])("%s in raw bytes", (_, dataType, values) => {
    expect(elementsOf(dataType, 2, bytes(TENSOR.rawData, values))).toEqual(
      Array.from(values, (x) => (dataType === 11 ? Math.fround(x) : x)),
    );
  });

  test("64-bit integers, limits clamped", () => {
    expect(elementsOf(7, 2, bytes(TENSOR.rawData, BigInt64Array.of(-3n, 2n ** 63n - 1n)))).toEqual([
      -3,
      Number.MAX_SAFE_INTEGER,
    ]);
    expect(elementsOf(13, 1, bytes(TENSOR.rawData, BigUint64Array.of(2n ** 64n - 1n)))).toEqual([
      Number.MAX_SAFE_INTEGER,
    ]);
    expect(clampInteger(-(2n ** 63n))).toBe(-Number.MAX_SAFE_INTEGER);
  });

  test("half precision, bfloat16 and booleans", () => {
    expect(elementsOf(10, 3, bytes(TENSOR.rawData, Uint16Array.of(0x3c00, 0xc000, 0x0001)))).toEqual([
      1,
      -2,
      2 ** -24,
    ]);
    expect(elementsOf(16, 2, bytes(TENSOR.rawData, Uint16Array.of(0x3f80, 0xc000)))).toEqual([1, -2]);
    expect(elementsOf(9, 2, bytes(TENSOR.rawData, Uint8Array.of(0, 7)))).toEqual([0, 1]);
    expect([halfFromBits(0x7c00), halfFromBits(0xfc00), halfFromBits(0x7e00)]).toEqual([
      Infinity,
      -Infinity,
      Number.NaN,
    ]);
  });

  test("typed fields, packed and single", () => {
    expect(elementsOf(1, 2, bytes(TENSOR.floatData, Float32Array.of(1, 2)))).toEqual([1, 2]);
    const single: Write = (writer) => void writer.tag(TENSOR.floatData, WireType.Bit32).float(3);
    expect(elementsOf(1, 2, single, single)).toEqual([3, 3]);
    expect(elementsOf(11, 1, bytes(TENSOR.doubleData, Float64Array.of(0.25)))).toEqual([0.25]);
    expect(elementsOf(7, 2, varint(TENSOR.int64Data, -5), varint(TENSOR.int64Data, 6))).toEqual([-5, 6]);
    expect(elementsOf(10, 1, varint(TENSOR.int32Data, 0x3c00))).toEqual([1]);
    expect(elementsOf(16, 1, varint(TENSOR.int32Data, 0x3f80))).toEqual([1]);
  });

  test("aligned single-precision weights are used in place, others copied", () => {
    for (const shift of [0, 1, 2, 3]) {
      const file = message(
        varint(TENSOR.dims, 1),
        varint(TENSOR.dataType, 1),
        bytes(TENSOR.rawData, Float32Array.of(7)),
      );
      const moved = new Uint8Array(new ArrayBuffer(64), shift, file.length);
      moved.set(file);
      const wire = new WireFile(moved);
      expect(readTensor(wire, wire.whole()).tensor?.data).toEqual(Float32Array.of(7));
    }
  });

  test("a shape that the data does not fill", () => {
    const short = bytes(TENSOR.rawData, Float32Array.of(1));
    expect(() => tensorOf(1, [2], short)).toThrow(/should hold 2 elements but holds 1/);
    expect(() => tensorOf(1, [2 ** 40, 2 ** 40], short)).toThrow(
      expect.objectContaining({ code: "model.malformed" }),
    );
    expect(() => tensorOf(1, [-1, -1], short)).toThrow(expect.objectContaining({ code: "model.malformed" }));
    expect(() => tensorOf(1, [1], bytes(TENSOR.rawData, Uint8Array.of(1, 2, 3)))).toThrow(/holds 0.75/);
  });

  test("elements in another file", () => {
    const entry = nested(TENSOR.externalData, text(1, "location"), text(2, "weights.bin"));
    const read = (): unknown => tensorOf(1, [2], entry, varint(TENSOR.dataLocation, 1));
    expect(read).toThrow(expect.objectContaining({ code: "model.externalData", where: "w" }));
    expect(read).toThrow(/weights\.bin/);
  });

  test("strings are not read", () => {
    expect(tensorOf(8, [1]).tensor).toBeUndefined();
  });
});

describe("models", () => {
  test("the newest operator set is read, the next is refused by number", () => {
    expect(readOnnx(model(NEWEST_OPSET), "m").nodes).toEqual([]);
    const read = (): unknown => readOnnx(model(NEWEST_OPSET + 1), "m");
    expect(read).toThrow(expect.objectContaining({ code: "model.unsupportedOpset" }));
    expect(read).toThrow(String(NEWEST_OPSET + 1));
  });

  test("protobuf without a graph is no model", () => {
    expect(() => readOnnx(message(varint(MODEL.irVersion, 8)), "m")).toThrow(
      expect.objectContaining({ code: "model.notAModel" }),
    );
  });

  test("a field of the wrong kind is malformed", () => {
    const read = (): unknown => readOnnx(message(varint(MODEL.irVersion, 8), varint(MODEL.graph, 1)), "m");
    expect(read).toThrow(expect.objectContaining({ code: "model.malformed" }));
  });

  test("a length beyond the end is truncated, and the message has the place", () => {
    const whole = onnxMlp();
    const read = (): unknown => readOnnx(whole.subarray(0, whole.length - 20), "m");
    expect(read).toThrow(
      expect.objectContaining({ code: "model.truncated", where: expect.stringMatching(/^byte \d+$/) }),
    );
  });

  test("unknown operators, domains and element types come through and are reported together", () => {
    const draft = readOnnx(
      model(
        17,
        nested(GRAPH.node, text(NODE.input, "x"), text(NODE.output, "a"), text(NODE.operator, "Conv")),
        nested(
          GRAPH.node,
          text(NODE.input, "a"),
          text(NODE.output, "b"),
          text(NODE.operator, "Gelu"),
          text(NODE.domain, "com.microsoft"),
        ),
        nested(
          GRAPH.node,
          text(NODE.input, "b"),
          text(NODE.input, "names"),
          text(NODE.output, "y"),
          text(NODE.operator, "Add"),
        ),
        nested(GRAPH.initializer, text(TENSOR.name, "names"), varint(TENSOR.dataType, 8)),
        nested(GRAPH.input, text(1, "x")),
        nested(GRAPH.output, text(1, "y")),
      ),
      "m",
    );
    const { problems } = resolveGraph(draft);
    const listed = problems.filter(({ code }) => code === "model.unsupportedOperator");
    expect(listed.map(({ where, operator }) => `${where} ${operator}`)).toEqual([
      "Conv_0 Conv",
      "Gelu_1 com.microsoft.Gelu",
      "Add_2 Add",
    ]);
    expect(listed[2].reason).toContain('"names" is of element type 8');
  });

  test("repeated and empty node names become unique", () => {
    const node = (output: string, name: string): Write =>
      nested(GRAPH.node, text(NODE.output, output), text(NODE.operator, "Relu"), text(NODE.name, name));
    const { nodes } = readOnnx(model(17, node("a", "same"), node("b", "same"), node("c", "")), "m");
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(3);
  });

  test("attributes that hold graphs are kept unread", () => {
    const body = nested(
      NODE.attribute,
      text(ATTRIBUTE.name, "body"),
      varint(ATTRIBUTE.type, 5),
      bytes(6, Uint8Array.of(1, 2, 3)),
    );
    const { nodes } = readOnnx(model(17, nested(GRAPH.node, text(NODE.operator, "Loop"), body)), "m");
    expect(nodes[0].attributes.get("body")).toEqual({ type: "unread", value: "attribute type 5" });
  });
});

describe("hostile bytes", () => {
  function readOrRefuse(file: Uint8Array): void {
    try {
      checkGraph(resolveGraph(readOnnx(file, "fuzz")));
    } catch (error) {
      if (!(error instanceof TensorproofError)) throw error;
    }
  }

  test("any bytes are read or refused in order", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readOrRefuse), { numRuns: 2000 });
  });

  test("a model with some bytes replaced is read or refused in order", () => {
    const whole = onnxMlp();
    const edits = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    const property = fc.property(edits, (changes) => {
      const damaged = whole.slice();
      for (const [position, value] of changes) damaged[position] = value;
      readOrRefuse(damaged);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});
