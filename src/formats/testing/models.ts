/** Model files for tests, made here. */

import { Builder } from "flatbuffers";
import { resolveGraph } from "../../graph/resolve.ts";
import { draftOf, int, reals } from "../../graph/testing/draft.ts";
import { writeOnnx } from "../onnx/write.ts";

/** y = softmax(W2 · relu(W1 · x + b1) + b2), 3 → 2 → 2. All three formats below hold these weights. */
export const MLP = {
  w1: [1, -2, 3, 0.5, 0.25, -1],
  b1: [0.5, -0.25],
  w2: [2, -1, -3, 4],
  b2: [0.125, -0.5],
} as const;

/** What the network gives for one input of three numbers. */
export function expectedMlp(x: readonly number[]): number[] {
  const hidden = MLP.b1.map((b, i) =>
    Math.max(
      0,
      x.reduce((sum, v, k) => sum + v * MLP.w1[i * 3 + k], b),
    ),
  );
  const scores = MLP.b2.map((b, i) => hidden.reduce((sum, v, k) => sum + v * MLP.w2[i * 2 + k], b));
  const powers = scores.map(Math.exp);
  return powers.map((power) => power / (powers[0] + powers[1]));
}

export function onnxMlp(): Uint8Array {
  const draft = draftOf({
    inputs: { x: ["N", 3] },
    constants: {
      w1: reals([2, 3], ...MLP.w1),
      b1: reals([2], ...MLP.b1),
      w2: reals([2, 2], ...MLP.w2),
      b2: reals([2], ...MLP.b2),
    },
    nodes: [
      { operator: "Gemm", inputs: ["x", "w1", "b1"], outputs: ["s1"], attributes: { transB: int(1) } },
      { operator: "Relu", inputs: ["s1"], outputs: ["h1"] },
      { operator: "Gemm", inputs: ["h1", "w2", "b2"], outputs: ["s2"], attributes: { transB: int(1) } },
      { operator: "Softmax", inputs: ["s2"] },
    ],
  });
  return writeOnnx(resolveGraph(draft));
}

/** TFLite element types and operators by their numbers in the schema. */
export const FLOAT32 = 0;
export const INT32 = 2;
export const INT8 = 9;

export interface TfliteTensorSketch {
  readonly shape: readonly number[];
  /** With −1 for open lengths. */
  readonly signature?: readonly number[];
  readonly type?: number;
  readonly data?: readonly number[];
  /** One, or one for each index of `axis`. */
  readonly scale?: number | readonly number[];
  readonly zeroPoint?: number;
  readonly axis?: number;
}

export interface TfliteOperatorSketch {
  readonly code: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Fields of the options table: number → kind and value. */
  readonly options?: readonly {
    readonly field: number;
    readonly kind: "int8" | "int32" | "float32";
    readonly value: number;
  }[];
}

/** Tensor 0 is the input; the output is the last operator's. Tensors are called t0, t1, …. */
export function tfliteModel(
  tensors: readonly TfliteTensorSketch[],
  operators: readonly TfliteOperatorSketch[],
): Uint8Array {
  const b = new Builder(1024);
  const table = (fields: readonly (() => void)[], size: number): number => {
    b.startObject(size);
    for (const add of fields) add();
    return b.endObject();
  };
  const int32s = (values: readonly number[]): number => {
    b.startVector(4, values.length, 4);
    for (const value of values.toReversed()) b.addInt32(value);
    return b.endVector();
  };
  const offsets = (values: readonly number[]): number => {
    b.startVector(4, values.length, 4);
    for (const value of values.toReversed()) b.addOffset(value);
    return b.endVector();
  };
  const buffers = [table([], 1), ...tensors.map(({ data, type }) => buffer(data, type ?? FLOAT32))];
  const tensorTables = tensors.map((tensor, i) => {
    const { shape, signature, type = FLOAT32 } = tensor;
    const [shapeAt, signatureAt, name] = [
      int32s(shape),
      signature && int32s(signature),
      b.createString(`t${i}`),
    ];
    const quantization =
      tensor.scale === undefined ? undefined : quantizationOf(tensor, [tensor.scale].flat());
    return table(
      [
        () => b.addFieldOffset(0, shapeAt, 0),
        () => b.addFieldInt8(1, type, 0),
        () => b.addFieldInt32(2, i + 1, 0),
        () => b.addFieldOffset(3, name, 0),
        () => quantization !== undefined && b.addFieldOffset(4, quantization, 0),
        () => signatureAt !== undefined && b.addFieldOffset(7, signatureAt, 0),
      ],
      8,
    );
  });
  const codes = operators.map(({ code }) =>
    table([() => b.addFieldInt8(0, Math.min(code, 127), 0), () => b.addFieldInt32(3, code, 0)], 4),
  );
  const operatorTables = operators.map(({ inputs, outputs, options }, i) => {
    const [inputsAt, outputsAt] = [int32s(inputs), int32s(outputs)];
    const optionsAt =
      options === undefined
        ? undefined
        : table(
            options.map((option) => () => addOption(option)),
            8,
          );
    return table(
      [
        () => b.addFieldInt32(0, i, 0),
        () => b.addFieldOffset(1, inputsAt, 0),
        () => b.addFieldOffset(2, outputsAt, 0),
        () => optionsAt !== undefined && b.addFieldOffset(4, optionsAt, 0),
      ],
      5,
    );
  });
  const parts = [
    offsets(tensorTables),
    int32s([0]),
    int32s(operators.at(-1)?.outputs ?? [0]),
    offsets(operatorTables),
  ];
  const subgraph = table(
    parts.map((part, field) => () => b.addFieldOffset(field, part, 0)),
    5,
  );
  const root = [offsets(codes), offsets([subgraph]), offsets(buffers)];
  const model = table(
    [
      () => b.addFieldInt32(0, 3, 0),
      () => b.addFieldOffset(1, root[0], 0),
      () => b.addFieldOffset(2, root[1], 0),
      () => b.addFieldOffset(4, root[2], 0),
    ],
    5,
  );
  b.finish(model, "TFL3");
  return b.asUint8Array().slice();

  function buffer(data: readonly number[] | undefined, type: number): number {
    if (data === undefined) return table([], 1);
    const typed =
      type === FLOAT32
        ? Float32Array.from(data)
        : type === INT32
          ? Int32Array.from(data)
          : Int8Array.from(data);
    const at = b.createByteVector(new Uint8Array(typed.buffer));
    return table([() => b.addFieldOffset(0, at, 0)], 1);
  }

  function quantizationOf({ zeroPoint, axis = 0 }: TfliteTensorSketch, scales: readonly number[]): number {
    b.startVector(4, scales.length, 4);
    for (const scale of scales.toReversed()) b.addFloat32(scale);
    const scalesAt = b.endVector();
    let zeroPointsAt: number | undefined;
    if (zeroPoint !== undefined) {
      b.startVector(8, scales.length, 8);
      for (const _ of scales) b.addInt64(BigInt(zeroPoint));
      zeroPointsAt = b.endVector();
    }
    return table(
      [
        () => b.addFieldOffset(2, scalesAt, 0),
        () => zeroPointsAt !== undefined && b.addFieldOffset(3, zeroPointsAt, 0),
        () => b.addFieldInt32(6, axis, 0),
      ],
      7,
    );
  }

  function addOption({ field, kind, value }: NonNullable<TfliteOperatorSketch["options"]>[number]): void {
    if (kind === "int8") b.addFieldInt8(field, value, 0);
    else if (kind === "int32") b.addFieldInt32(field, value, 0);
    else b.addFieldFloat32(field, value, 0);
  }
}

export function tfliteMlp(): Uint8Array {
  const relu = [{ field: 0, kind: "int8", value: 1 }] as const;
  const beta = [{ field: 0, kind: "float32", value: 1 }] as const;
  return tfliteModel(
    [
      { shape: [1, 3], signature: [-1, 3] },
      { shape: [2, 3], data: MLP.w1 },
      { shape: [2], data: MLP.b1 },
      { shape: [1, 2], signature: [-1, 2] },
      { shape: [2, 2], data: MLP.w2 },
      { shape: [2], data: MLP.b2 },
      { shape: [1, 2], signature: [-1, 2] },
      { shape: [1, 2], signature: [-1, 2] },
    ],
    [
      { code: 9, inputs: [0, 1, 2], outputs: [3], options: relu },
      { code: 9, inputs: [3, 4, 5], outputs: [6] },
      { code: 25, inputs: [6], outputs: [7], options: beta },
    ],
  );
}

export interface KerasLayerSketch {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly inbound?: unknown;
  /** Weight name → shape and row-major elements. */
  readonly weights?: Readonly<Record<string, { readonly shape: number[]; readonly data: readonly number[] }>>;
}

/** An HDF5 file as Keras writes it. `wiring` goes into the configuration of Functional models. */
export async function kerasModel(
  kind: string,
  layers: readonly KerasLayerSketch[],
  wiring: Readonly<Record<string, unknown>> = {},
): Promise<Uint8Array> {
  const h5wasm = await import("h5wasm");
  const { FS } = await h5wasm.ready;
  const path = "/sketch.h5";
  const file = new h5wasm.File(path, "w");
  const described = layers.map((layer) => ({
    class_name: layer.kind,
    name: layer.config.name,
    config: layer.config,
    inbound_nodes: layer.inbound,
  }));
  const config = { class_name: kind, config: { name: "sketch", layers: described, ...wiring } };
  file.create_attribute("model_config", JSON.stringify(config));
  const weights = file.create_group("model_weights");
  for (const layer of layers) {
    const { name } = layer.config;
    const group = weights.create_group(name);
    const entries = Object.entries(layer.weights ?? {});
    if (entries.length > 0)
      group.create_attribute(
        "weight_names",
        entries.map(([weight]) => `${name}/${weight}:0`),
      );
    const inner = group.create_group(name);
    for (const [weight, { shape, data }] of entries) {
      inner.create_dataset({ name: `${weight}:0`, data: Float32Array.from(data), shape });
    }
  }
  file.close();
  const bytes = FS.readFile(path);
  FS.unlink(path);
  return bytes;
}

/** Keras keeps kernels as [inputs, outputs]. */
function turned(data: readonly number[], rows: number, columns: number): number[] {
  return Array.from({ length: data.length }, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]);
}

export function kerasMlp(): Promise<Uint8Array> {
  return kerasModel("Sequential", [
    { kind: "InputLayer", config: { name: "in", batch_input_shape: [null, 3] } },
    {
      kind: "Dense",
      config: { name: "hidden", activation: "relu", use_bias: true },
      weights: { kernel: { shape: [3, 2], data: turned(MLP.w1, 2, 3) }, bias: { shape: [2], data: MLP.b1 } },
    },
    { kind: "Dropout", config: { name: "drop", rate: 0.5 } },
    {
      kind: "Dense",
      config: { name: "scores", activation: "softmax", use_bias: true },
      weights: { kernel: { shape: [2, 2], data: turned(MLP.w2, 2, 2) }, bias: { shape: [2], data: MLP.b2 } },
    },
  ]);
}
