/** Cheats where two computed tensors meet: products of matrices, and entries that an index chooses. */
import { type Cheat, cheatsOn, computing, indexWhere, tamper, valuesOf } from "./cheat.ts";

const multiplied = cheatsOn("matrices");
const gathered = cheatsOn("gathered");
const gatheredBySums = cheatsOn("gatheredBySums");

const PRODUCTS = "batchMatMul 2";
const SQUARES = "batchMatMul 4";
const FROM_CONSTANT = "gather 3";
const FROM_ROWS = "gather 4";
const BY_SUMS = "gather 3";

/** Blocks of a tensor in another order. */
function exchanged(values: Int32Array, size: number): Int32Array {
  const blocks = values.slice();
  blocks.set(values.subarray(size, 2 * size), 0);
  blocks.set(values.subarray(0, size), size);
  return blocks;
}

export const DATA_DRIVEN_CHEATS: readonly Cheat[] = [
  multiplied("batchMatMul", "one product is larger", () => ({ tamper: tamper(PRODUCTS, 7, (x) => x + 32) })),
  multiplied("batchMatMul", "one product of a tensor with itself is larger", () => ({
    tamper: tamper(SQUARES, 2, (x) => x + 1),
  })),
  multiplied(
    "batchMatMul",
    "matrices of the right exchanged",
    computing("batchMatMul", PRODUCTS, ({ operator, tensors }) => ({
      tensors: tensors.map((values, id) => (id === operator.right ? exchanged(values, 20) : values)),
    })),
  ),
  gathered("gather", "a value beside the entry's", () => ({
    tamper: tamper(FROM_CONSTANT, 4, (x) => (x < 7 ? x + 1 : x - 1)),
  })),
  gathered("gather", "the value of another entry of the constant", (honest) => {
    const values = valuesOf(honest, FROM_CONSTANT);
    const other = indexWhere(values, (value, at) => at % 3 === 0 && value !== values[0]);
    return { tamper: tamper(FROM_CONSTANT, 0, () => values[other]) };
  }),
  gathered(
    "gather",
    "the next entry",
    computing("gather", FROM_ROWS, ({ operator, tensors }) => ({
      tensors: tensors.map((values, id) => (id === operator.index ? values.map((i) => (i + 1) % 4) : values)),
    })),
  ),
  gathered(
    "gather",
    "the same entry of another row",
    computing("gather", FROM_ROWS, ({ operator, tensors }) => ({
      tensors: tensors.map((values, id) => (id === operator.table ? exchanged(values, 8) : values)),
    })),
  ),
  gatheredBySums(
    "gather",
    "the next entry, by an index that is a sum",
    computing("gather", BY_SUMS, ({ operator, tensors }) => ({
      tensors: tensors.map((values, id) => (id === operator.index ? values.map((i) => (i + 1) % 5) : values)),
    })),
  ),
  gatheredBySums("gather", "two integers of an entry exchanged", (honest) => {
    const values = valuesOf(honest, BY_SUMS);
    return { tamper: tamper(BY_SUMS, 1, () => values[2]) };
  }),
];
