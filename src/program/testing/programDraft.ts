import { elementCount } from "../../tensor/shape.ts";
import { maxAbs } from "../intRange.ts";
import {
  type IntRange,
  operatorInputs,
  type Program,
  type ProgramConstant,
  type ProgramOperator,
  type ProgramTensor,
  type TensorId,
} from "../program.ts";
import { deriveOutput } from "../rules/rules.ts";

const QUANT = { scale: 0.5, zeroPoint: 0 };

/** An operator without its name and output, which the draft gives. */
export type OperatorBody = ProgramOperator extends infer Kind
  ? Kind extends ProgramOperator
    ? Omit<Kind, "name" | "output">
    : never
  : never;

/** A program in the making: whatever is added, its output is declared as the rules derive it. */
export class ProgramDraft {
  readonly tensors: ProgramTensor[] = [];
  readonly #constants: ProgramConstant[] = [];
  readonly #operators: ProgramOperator[] = [];
  #numInputs = 0;

  /** All inputs come before all operators. */
  input(shape: readonly number[], range: IntRange): TensorId {
    this.#numInputs++;
    return this.tensors.push({ name: `input ${this.tensors.length}`, shape, range, quant: QUANT }) - 1;
  }

  /** A constant with these integers, to be used by the next operator. */
  constant(shape: readonly number[], range: IntRange, data: Int32Array): number {
    const name = `constant ${this.#constants.length}`;
    return this.#constants.push({ name, shape, range, quant: QUANT, data }) - 1;
  }

  /** Adds an operator; `reshaped` is the output's shape if it is a reshape. */
  add(body: OperatorBody, reshaped: readonly number[] = []): TensorId {
    const output = this.tensors.length;
    const operator = { ...body, name: `${body.kind} ${output}`, output } as ProgramOperator;
    const placeholder = { name: operator.name, shape: reshaped, range: { lo: 0, hi: 0 }, quant: QUANT };
    const tensors = [...this.tensors, placeholder];
    const derived = deriveOutput({ ...this.program(), tensors }, operator, operator.name);
    const { shape, range } = derived;
    this.#operators.push(operator);
    this.tensors.push({ name: operator.name, shape, range, quant: derived.quant ?? QUANT });
    return output;
  }

  /**
   * `add`, unless an integer might exceed the field or the output has more than `maxSize` elements: then nothing happens,
   * and all constants from the given number on are forgotten.
   */
  tryAdd(
    body: OperatorBody,
    numConstants: number,
    reshaped: readonly number[],
    maxSize: number,
  ): TensorId | null {
    try {
      const output = this.add(body, reshaped);
      const { range, shape } = this.tensors[output];
      if (maxAbs(range) < 2 ** 30 - 1 && elementCount(shape) <= maxSize) return output;
      this.#operators.pop();
      this.tensors.pop();
    } catch (error) {
      if ((error as { code?: string }).code !== "program.rangeTooLarge") throw error;
    }
    this.#constants.length = numConstants;
    return null;
  }

  get numConstants(): number {
    return this.#constants.length;
  }

  /** Whatever no operator reads is an output. */
  program(name = "draft"): Program {
    const read = new Set(this.#operators.flatMap(operatorInputs));
    return {
      version: 1,
      name,
      mode: "exact-int8",
      tensors: this.tensors,
      constants: this.#constants,
      operators: this.#operators,
      inputs: this.tensors.slice(0, this.#numInputs).map((_, id) => id),
      outputs: this.tensors.map((_, id) => id).filter((id) => !read.has(id)),
    };
  }
}
