/** What the conversion of a TFLite operator into ONNX terms works with. */

import type { Attribute } from "../../graph/node.ts";
import { floatTensor, intTensor, type Tensor } from "../../tensor/tensor.ts";
import type { DraftBuilder } from "../draftBuilder.ts";
import type { TfliteModel, TfliteOperator, TfliteTensor } from "./parse.ts";
import type { RealTensors } from "./realTensors.ts";
import { ACTIVATION } from "./schema.ts";

/**
 * Emits the nodes of one operator. Returns a reason instead, having emitted nothing, when the operator is used in a way
 * that has no counterpart.
 */
export type Conversion = (step: ConversionStep) => string | undefined;

/** One operator on its way into the graph. */
export class ConversionStep {
  readonly operator: TfliteOperator;
  /** Names of the real tensors that the conversion has to compute. */
  readonly outputs: readonly string[];
  readonly #model: TfliteModel;
  readonly #builder: DraftBuilder;
  readonly #reals: RealTensors;

  constructor(model: TfliteModel, operator: TfliteOperator, builder: DraftBuilder, reals: RealTensors) {
    this.operator = operator;
    this.outputs = operator.outputs.map((index) => reals.toCompute(index));
    this.#model = model;
    this.#builder = builder;
    this.#reals = reals;
  }

  /** The first output's name, which the nodes are named after. */
  get output(): string {
    return this.outputs[0];
  }

  /** The tensor at an input position; `undefined` where the operator leaves it out. */
  tensor(position: number): TfliteTensor | undefined {
    return this.#model.tensors[this.operator.inputs[position] ?? -1];
  }

  outputTensor(): TfliteTensor {
    return this.#model.tensors[this.operator.outputs[0]];
  }

  /** The name of the real tensor at an input position, `""` where it is left out. */
  input(position: number): string {
    return this.tensor(position) === undefined ? "" : this.#reals.toRead(this.operator.inputs[position]);
  }

  /** The integers of a constant input, or `undefined` if it is computed or absent. */
  integers(position: number): number[] | undefined {
    const constant = this.tensor(position)?.constant;
    return constant === undefined ? undefined : Array.from(constant.data);
  }

  /** Emits a Transpose of an input and returns its name. That of a constant is carried out when the graph is resolved. */
  turned(position: number, order: readonly number[], suffix: string): string {
    const output = this.intermediate(suffix);
    this.emit("Transpose", [this.input(position)], output, { perm: { type: "ints", value: order } });
    return output;
  }

  /** The output is the first input, in the output's type. */
  handOn(): void {
    this.#reals.handOn(this.operator.inputs[0], this.operator.outputs[0]);
  }

  /** Adds a constant named after the output. */
  constant(suffix: string, tensor: Tensor): string {
    return this.#builder.addConstant(`${this.output}/${suffix}`, tensor);
  }

  integerConstant(suffix: string, values: readonly number[]): string {
    return this.constant(suffix, intTensor([values.length], values));
  }

  /** A tensor between two nodes of the same operator. */
  intermediate(suffix: string): string {
    return this.#builder.unique(`${this.output}/${suffix}`);
  }

  emit(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    this.emitAll(operator, inputs, [output], attributes);
  }

  emitAll(
    operator: string,
    inputs: readonly string[],
    [output, ...moreOutputs]: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    this.#builder.addNode({ name: output, operator, inputs, output, moreOutputs, attributes });
  }

  /**
   * Emits the last node of an operator with a fused activation. `activation` is the schema's number, one of those that
   * `activationProblem` has nothing against. With `order`, a Transpose follows.
   */
  emitActivated(
    activation: number,
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    order?: readonly number[],
  ): void {
    const last = order === undefined ? this.output : this.intermediate("beforeTranspose");
    const before = activation === ACTIVATION.none ? last : this.intermediate("beforeActivation");
    this.emit(operator, inputs, before, attributes);
    if (activation === ACTIVATION.relu) this.emit("Relu", [before], last);
    else if (activation === ACTIVATION.tanh) this.emit("Tanh", [before], last);
    else if (activation === ACTIVATION.relu6) this.emitClip(before, 0, 6, last);
    else if (activation === ACTIVATION.reluN1To1) this.emitClip(before, -1, 1, last);
    if (order !== undefined)
      this.emit("Transpose", [last], this.output, { perm: { type: "ints", value: order } });
  }

  emitClip(input: string, lo: number, hi: number, output: string = this.output): void {
    const bounds = [
      this.constant("lowest", floatTensor([], [lo])),
      this.constant("highest", floatTensor([], [hi])),
    ];
    this.emit("Clip", [input, ...bounds], output);
  }
}

/** Reason against a fused activation, or `undefined` for one that can be emitted. */
export function activationProblem(activation: number): string | undefined {
  const known: readonly number[] = Object.values(ACTIVATION);
  return known.includes(activation) ? undefined : `fused activation ${activation} is not supported`;
}
