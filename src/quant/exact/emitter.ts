import { checkNoWrap } from "../../program/noWrap.ts";
import type {
  ConstantId,
  IntRange,
  Program,
  ProgramConstant,
  ProgramOperator,
  ProgramTensor,
  QuantParams,
  TensorId,
} from "../../program/program.ts";
import { deriveOutput } from "../../program/rules/rules.ts";
import { type Shape, sameShape } from "../../tensor/shape.ts";
import { type NewOperator, ProgramBuilder } from "../programBuilder.ts";
import { type ByteQuant, type ByteType, byteRange } from "./byteQuant.ts";
import { remarked } from "./names.ts";
import { identityPermutation, isIdentity, type View } from "./values.ts";

/** Integers that mean themselves. */
export const PLAIN: QuantParams = { scale: 1, zeroPoint: 0 };

export interface Result {
  readonly name: string;
  /** Where the operator leaves it open; `PLAIN` if not given. */
  readonly quant?: QuantParams;
  /** For a reshape. */
  readonly shape?: Shape;
}

/** Builds a program operator by operator; shapes and ranges follow from the program's own rules. */
export class Emitter {
  readonly #builder = new ProgramBuilder();
  readonly #centred = new Map<string, TensorId>();

  addInput(name: string, shape: Shape, range: IntRange, quant: QuantParams): TensorId {
    return this.#builder.addInput({ name, shape, range, quant });
  }

  addConstant(constant: ProgramConstant): ConstantId {
    return this.#builder.addConstant(constant);
  }

  /** Throws `program.rangeTooLarge` where sums could not be told apart in a proof. */
  add(operator: NewOperator, { name, quant = PLAIN, shape = [] }: Result): TensorId {
    const where = `"${operator.name}"`;
    const { program } = this.#builder;
    // The rule of a reshape takes the shape from the declaration.
    const declared: ProgramTensor = { name, shape, range: { lo: 0, hi: 0 }, quant };
    const output = program.tensors.length;
    const structure = { ...program, tensors: [...program.tensors, declared] };
    const derived = deriveOutput(structure, { ...operator, output } as ProgramOperator, where);
    checkNoWrap(derived.range, 0, where);
    const result = { name, shape: derived.shape, range: derived.range, quant: derived.quant ?? quant };
    return this.#builder.addOperator(operator, result);
  }

  tensor(id: TensorId): ProgramTensor {
    return this.#builder.tensor(id);
  }

  shapeOf({ id, permutation }: View): number[] {
    return permutation.map((axis) => this.tensor(id).shape[axis]);
  }

  /** q − zeroPoint: the integers that sums of products are made of, where padding is 0. */
  centred(id: TensorId, { scale, zeroPoint }: ByteQuant): TensorId {
    if (zeroPoint === 0) return id;
    const key = `${id} ${zeroPoint}`;
    const known = this.#centred.get(key);
    if (known !== undefined) return known;
    const name = remarked(this.tensor(id).name, "centred");
    const operator = { kind: "combine", name, inputs: [id], factors: [1], offset: -zeroPoint } as const;
    const centred = this.add(operator, { name, quant: { scale, zeroPoint: 0 } });
    this.#centred.set(key, centred);
    return centred;
  }

  /** Any function of a stored integer. */
  applyTable(
    id: TensorId,
    type: ByteType,
    values: Int32Array,
    name: string,
    quant: QuantParams = PLAIN,
  ): TensorId {
    const table = { domain: byteRange(type), map: { kind: "values", values } } as const;
    const operator = {
      kind: "requantise",
      name,
      input: id,
      shift: 0,
      rounding: "half-up",
      function: table,
    } as const;
    return this.add(operator, { name, quant });
  }

  /** The elements of a view in its order under another shape. */
  reshaped(view: View, shape: Shape, name: string): TensorId {
    // Where only axes of length 1 have moved, the elements are in order already.
    const long = view.permutation.filter((axis) => this.tensor(view.id).shape[axis] > 1);
    const isInOrder = long.every((axis, index) => index === 0 || long[index - 1] < axis);
    return this.reshape(isInOrder ? view.id : this.materialise(view), shape, name);
  }

  /** A tensor with its axes in the order that the view shows them. */
  materialise({ id, permutation }: View): TensorId {
    if (isIdentity(permutation)) return id;
    const name = remarked(this.tensor(id).name, `axes ${permutation.join(" ")} of it`);
    return this.add({ kind: "transpose", name, input: id, permutation }, { name });
  }

  /** The view's tensor with its axes stored in another order. */
  stored(view: View, permutation: readonly number[]): TensorId {
    if (permutation.every((axis, index) => axis === view.permutation[index])) return view.id;
    const order = permutation.map((_, axis) => view.permutation[permutation.indexOf(axis)]);
    return this.materialise({ id: view.id, permutation: order });
  }

  reshape(id: TensorId, shape: Shape, name: string): TensorId {
    if (sameShape(this.tensor(id).shape, shape)) return id;
    return this.add({ kind: "reshape", name, input: id }, { name, shape });
  }

  plainView(id: TensorId): View {
    return { id, permutation: identityPermutation(this.tensor(id).shape.length) };
  }

  finish(name: string, outputs: readonly TensorId[]): Program {
    return { ...this.#builder.finish(name, outputs), mode: "exact-int8" };
  }
}
