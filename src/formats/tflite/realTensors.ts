/** The real tensors that a model's quantised tensors stand for, as `graph/quantization.ts` wants them. */

import type { Attribute } from "../../graph/node.ts";
import { floatTensor, intTensor } from "../../tensor/tensor.ts";
import type { DraftBuilder } from "../draftBuilder.ts";
import type { TfliteModel, TfliteQuantization } from "./parse.ts";

export class RealTensors {
  readonly #model: TfliteModel;
  readonly #builder: DraftBuilder;
  /** Names of tensors that have been made real, by index. */
  readonly #real = new Map<number, string>();
  /** Names of scale and zero point, by index. */
  readonly #parameters = new Map<number, readonly string[]>();
  readonly #toCompute = new Map<number, string>();

  constructor(model: TfliteModel, builder: DraftBuilder) {
    this.#model = model;
    this.#builder = builder;
  }

  /** The name under which a tensor's reals can be read; emits the DequantizeLinear of a quantised one when first asked. */
  toRead(index: number): string {
    const { name, quantization } = this.#model.tensors[index];
    if (quantization === undefined) return name;
    const known = this.#real.get(index);
    if (known !== undefined) return known;
    const real = this.#builder.unique(`${name}/real`);
    this.#real.set(index, real);
    this.#convert("DequantizeLinear", index, quantization, name, real);
    return real;
  }

  /** The name of the reals that become the tensor. */
  toCompute(index: number): string {
    const { name, quantization } = this.#model.tensors[index];
    if (quantization === undefined) return name;
    const known = this.#toCompute.get(index) ?? this.#builder.unique(`${name}/unrounded`);
    this.#toCompute.set(index, known);
    return known;
  }

  /** Makes one tensor stand for the same reals as another, in its own type. */
  handOn(from: number, to: number): void {
    const source = this.#model.tensors[from];
    const target = this.#model.tensors[to];
    if (target.quantization !== undefined) this.#toCompute.set(to, this.toRead(from));
    else if (source.quantization !== undefined)
      this.#convert("DequantizeLinear", from, source.quantization, source.name, target.name);
    else
      this.#builder.addNode({
        name: target.name,
        operator: "Identity",
        inputs: [source.name],
        output: target.name,
      });
  }

  /** Emits the QuantizeLinear of a quantised tensor, whose reals have been computed. */
  computed(index: number): void {
    const { name, quantization } = this.#model.tensors[index];
    if (quantization !== undefined)
      this.#convert("QuantizeLinear", index, quantization, this.toCompute(index), name);
  }

  #convert(
    operator: "QuantizeLinear" | "DequantizeLinear",
    index: number,
    quantization: TfliteQuantization,
    input: string,
    output: string,
  ): void {
    const inputs = [input, ...this.#parametersOf(index, quantization)];
    const axis: Attribute = { type: "int", value: quantization.axis };
    const attributes = quantization.scales.length === 1 ? {} : { axis };
    this.#builder.addNode({ name: output, operator, inputs, output, attributes });
  }

  #parametersOf(index: number, { type, scales, zeroPoints }: TfliteQuantization): readonly string[] {
    const known = this.#parameters.get(index);
    if (known !== undefined) return known;
    const { name } = this.#model.tensors[index];
    const shape = scales.length === 1 ? [] : [scales.length];
    const added = [
      this.#builder.addConstant(`${name}/scale`, floatTensor(shape, scales)),
      this.#builder.addConstant(`${name}/zeroPoint`, intTensor(shape, zeroPoints, type)),
    ];
    this.#parameters.set(index, added);
    return added;
  }
}
