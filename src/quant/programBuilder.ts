import type {
  ConstantId,
  Program,
  ProgramConstant,
  ProgramOperator,
  ProgramTensor,
  TensorId,
} from "../program/program.ts";

const MAX_NAME_LENGTH = 200;

/** Gives every name once, in a form that program files allow: the second "x" becomes "x #2". */
class NameTable {
  readonly #taken = new Set<string>();

  take(wanted: string): string {
    const base = wanted.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, "?").slice(0, MAX_NAME_LENGTH) || "unnamed";
    let name = base;
    for (let count = 2; this.#taken.has(name); count++) name = `${base} #${count}`;
    this.#taken.add(name);
    return name;
  }
}

type WithoutOutput<T> = T extends unknown ? Omit<T, "output"> : never;
/** An operator about to be added. */
export type NewOperator = WithoutOutput<ProgramOperator>;

/** Collects a program in the order that its format asks for: all inputs, then operators, each with its output. */
export class ProgramBuilder {
  readonly #tensors: ProgramTensor[] = [];
  readonly #constants: ProgramConstant[] = [];
  readonly #operators: ProgramOperator[] = [];
  readonly #tensorNames = new NameTable();
  readonly #constantNames = new NameTable();
  readonly #operatorNames = new NameTable();
  #numInputs = 0;

  #addTensor(tensor: ProgramTensor): TensorId {
    return this.#tensors.push({ ...tensor, name: this.#tensorNames.take(tensor.name) }) - 1;
  }

  /** Inputs come before the first operator. */
  addInput(tensor: ProgramTensor): TensorId {
    this.#numInputs++;
    return this.#addTensor(tensor);
  }

  /** Right before the operator that reads it. */
  addConstant(constant: ProgramConstant): ConstantId {
    return this.#constants.push({ ...constant, name: this.#constantNames.take(constant.name) }) - 1;
  }

  addOperator(operator: NewOperator, result: ProgramTensor): TensorId {
    const output = this.#addTensor(result);
    this.#operators.push({ ...operator, name: this.#operatorNames.take(operator.name), output });
    return output;
  }

  tensor(id: TensorId): ProgramTensor {
    return this.#tensors[id];
  }

  /** Replaces what a tensor is declared as. */
  declare(id: TensorId, declaration: Omit<ProgramTensor, "name">): void {
    this.#tensors[id] = { ...declaration, name: this.#tensors[id].name };
  }

  operatorOf(output: TensorId): ProgramOperator {
    return this.#operators[output - this.#numInputs];
  }

  /** All that has been added so far; grows with the builder. */
  get program(): Program {
    return this.#program("", []);
  }

  #program(name: string, outputs: readonly TensorId[]): Program {
    return {
      version: 1,
      name,
      mode: "pow2",
      tensors: this.#tensors,
      constants: this.#constants,
      operators: this.#operators,
      inputs: Array.from({ length: this.#numInputs }, (_, index) => index),
      outputs,
    };
  }

  finish(name: string, outputs: readonly TensorId[]): Program {
    return this.#program(new NameTable().take(name), outputs);
  }
}
