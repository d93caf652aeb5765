/** Model files of every format: read, resolved and checked. Nothing is run: sizes of models are their authors' business. */
import { readFileSync } from "node:fs";
import { decode, encode } from "@msgpack/msgpack";
import { detectFormat } from "../../../src/formats/detect.ts";
import { loadModel } from "../../../src/formats/load.ts";
import { kerasMlp, onnxMlp, tfliteMlp } from "../../../src/formats/testing/models.ts";
import { checkGraph } from "../../../src/graph/check.ts";
import { mutated, type SeedFile } from "../mutator.ts";
import { mutatedMessage } from "../protobuf.ts";
import type { Random } from "../random.ts";
import type { FuzzInput, FuzzTarget } from "../target.ts";
import { mutatedValue, type Value } from "../values.ts";

/** Constants folded while a model is read may be larger than the file. */
const MODEL_BYTES = 2 ** 30;
/** Valid models larger than this make slow campaigns. */
const LARGEST_SEED = 20_000;

function modelTarget(name: string, mutate: (random: Random) => FuzzInput): FuzzTarget {
  return {
    name,
    isForgery: false,
    maxBytes: MODEL_BYTES,
    mutate,
    run: async ({ bytes }) => {
      if (detectFormat(bytes, `model.${name}`) === undefined) return "model.notAModel";
      checkGraph(await loadModel(bytes, `model.${name}`));
      return "accepted";
    },
  };
}

function plain(bytes: Uint8Array): SeedFile {
  return { bytes, fields: [] };
}

/** Models that other tools wrote (test/vectors). */
function vectors(folder: string): SeedFile[] {
  const path = `${process.cwd()}/test/vectors/${folder}/cases.json`;
  const cases = JSON.parse(readFileSync(path, "utf8")) as readonly { readonly model: string }[];
  return cases
    .map(({ model }) => plain(Uint8Array.from(Buffer.from(model, "base64"))))
    .filter(({ bytes }) => bytes.length <= LARGEST_SEED);
}

export function onnxTarget(): FuzzTarget {
  const seeds = [plain(onnxMlp()), ...vectors("onnx"), ...vectors("onnxQuantised")];
  return modelTarget("onnx", (random) => {
    if (random.below(3) === 0) return mutated(seeds, random);
    const seed = random.below(seeds.length);
    const { bytes } = seeds[seed];
    return { bytes: mutatedMessage(bytes, random) ?? bytes, seed };
  });
}

export function tfliteTarget(): FuzzTarget {
  const seeds = [plain(tfliteMlp()), ...vectors("tflite")];
  return modelTarget("tflite", (random) => {
    const input = mutated(seeds, random);
    // The format's mark keeps the reader interested.
    if (input.bytes.length > 8 && random.below(4) > 0) input.bytes.set(new TextEncoder().encode("TFL3"), 4);
    return input;
  });
}

export async function kerasTarget(): Promise<FuzzTarget> {
  const seeds = [plain(await kerasMlp())];
  return modelTarget("keras", (random) => {
    const input = mutated(seeds, random);
    if (input.bytes.length > 8 && random.below(4) > 0) input.bytes.set(seeds[0].bytes.subarray(0, 8));
    return input;
  });
}

const ZKML_LAYERS: readonly Value[] = [
  layer(
    "FullyConnected",
    [1],
    [
      [0, [1, 4]],
      [1, [3, 4]],
      [2, [3]],
    ],
    [3, [1, 3]],
  ),
  layer(
    "Conv2D",
    [0, 0, 1, 1, 1],
    [
      [0, [1, 4, 4, 2]],
      [1, [3, 3, 3, 2]],
      [2, [3]],
    ],
    [3, [1, 4, 4, 3]],
  ),
  layer("Reshape", [], [[0, [1, 4]]], [3, [2, 2]]),
  layer("Softmax", [], [[0, [1, 4]]], [3, [1, 4]]),
];

type Operand = readonly [number, readonly number[]];

function layer(kind: string, params: number[], inputs: readonly Operand[], output: Operand): Value {
  return {
    layer_type: kind,
    params,
    inp_idxes: inputs.map(([index]) => index),
    inp_shapes: inputs.map(([, shape]) => [...shape]),
    out_idxes: [output[0]],
    out_shapes: [[...output[1]]],
    mask: [],
  };
}

function zkmlModel(layers: Value[]): Value {
  const tensor = (idx: number, shape: number[]): Value => {
    const size = shape.reduce((product, length) => product * length, 1);
    return { idx, shape, data: Array.from({ length: size }, (_, i) => (i % 7) - 3) };
  };
  const [first] = layers as { inp_shapes: number[][] }[];
  return {
    global_sf: 8,
    k: 10,
    num_cols: 4,
    inp_idxes: [0],
    out_idxes: [3],
    tensors: first.inp_shapes.slice(1).map((shape, i) => tensor(i + 1, shape)),
    layers,
  };
}

export function zkmlTarget(): FuzzTarget {
  const seeds = ZKML_LAYERS.map((own) => plain(encode(zkmlModel([own]))));
  return modelTarget("zkml", (random) => {
    if (random.below(3) === 0) return mutated(seeds, random);
    const seed = random.below(seeds.length);
    const value = mutatedValue(decode(seeds[seed].bytes) as Value, random);
    return { bytes: encode(random.below(3) === 0 ? mutatedValue(value, random) : value), seed };
  });
}
