/** A model as zkml (https://github.com/ddkang/zkml) writes it: TFLite's operators on fixed-point numbers. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { elementCount } from "../../tensor/shape.ts";
import { type FloatTensor, floatTensor } from "../../tensor/tensor.ts";
import { decodeMessagePack } from "./messagePack.ts";

export interface ZkmlLayer {
  readonly kind: string;
  readonly params: readonly number[];
  readonly inputs: readonly number[];
  readonly inputShapes: readonly (readonly number[])[];
  readonly outputs: readonly number[];
  readonly outputShapes: readonly (readonly number[])[];
}

export interface ZkmlModel {
  /** Weights by index, divided by the model's scale factor. */
  readonly weights: ReadonlyMap<number, FloatTensor>;
  readonly layers: readonly ZkmlLayer[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Throws `model.truncated` and `model.malformed`. */
export function parseZkml(bytes: Uint8Array, fileName: string): ZkmlModel {
  const malformed = (reason: string): TensorproofError =>
    new TensorproofError("model.malformed", `"${fileName}": ${reason}`, { where: fileName });
  const fields = (value: unknown, what: string): Fields => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
    throw malformed(`${what} is not described by named fields`);
  };
  const list = (value: unknown, what: string): readonly unknown[] => {
    if (Array.isArray(value)) return value;
    throw malformed(`${what} is not a list`);
  };
  const naturals = (value: unknown, what: string): readonly number[] =>
    list(value, what).map((x) => {
      if (typeof x === "number" && Number.isSafeInteger(x) && x >= 0) return x;
      throw malformed(`${what} should hold numbers from 0 on`);
    });
  const numbers = (value: unknown, what: string): readonly number[] =>
    list(value, what).map((x) => {
      if (typeof x === "number") return x;
      throw malformed(`${what} should hold numbers`);
    });
  const shapes = (value: unknown, what: string): (readonly number[])[] =>
    list(value, what).map((shape) => naturals(shape, what));

  const model = fields(decodeMessagePack(bytes, fileName), "the model");
  const scale = model.global_sf;
  if (typeof scale !== "number" || !(scale >= 1))
    throw malformed("its scale factor global_sf is not a number");
  const weights = new Map<number, FloatTensor>();
  list(model.tensors, "tensors").forEach((entry, i) => {
    const tensor = fields(entry, `tensor ${i}`);
    const [index] = naturals([tensor.idx], `the index of tensor ${i}`);
    const shape = naturals(tensor.shape, `the shape of tensor ${i}`);
    const data = numbers(tensor.data, `tensor ${i}`);
    if (elementCount(shape) !== data.length)
      throw malformed(`tensor ${i} should hold ${elementCount(shape)} elements but holds ${data.length}`);
    weights.set(
      index,
      floatTensor(
        shape,
        Float32Array.from(data, (x) => x / scale),
      ),
    );
  });
  const layers = list(model.layers, "layers").map((entry, i): ZkmlLayer => {
    const layer = fields(entry, `layer ${i}`);
    if (typeof layer.layer_type !== "string") throw malformed(`layer ${i} has no type`);
    const what = `layer ${i} (${layer.layer_type})`;
    return {
      kind: layer.layer_type,
      params: numbers(layer.params, `the parameters of ${what}`),
      inputs: naturals(layer.inp_idxes, `the inputs of ${what}`),
      inputShapes: shapes(layer.inp_shapes, `the inputs' shapes of ${what}`),
      outputs: naturals(layer.out_idxes, `the outputs of ${what}`),
      outputShapes: shapes(layer.out_shapes, `the outputs' shapes of ${what}`),
    };
  });
  return {
    weights,
    layers,
    inputs: naturals(model.inp_idxes, "inp_idxes"),
    outputs: naturals(model.out_idxes, "out_idxes"),
  };
}
