/** Entries of a table chosen by data: one selector per entry, exactly one of them set. */
import type { Gather } from "../../../program/program.ts";
import { elementCount } from "../../../tensor/shape.ts";
import { type Circuit, enforceZero, multiply, subtract, type Term } from "../circuit.ts";
import { MAX_OPERAND_LENGTH } from "../circuitPlan.ts";
import { enforceBit } from "../gadgets/bits.ts";
import { type OperatorContext, readShort } from "./context.ts";

/** Bits of which exactly the one with this number is set; proves that the number is one of them. */
function selectors<E>(circuit: Circuit<E>, index: E, count: number): E[] {
  const bits: E[] = [];
  for (let i = 0; i < count; i++) {
    const bit = circuit.wire((read) => (read(index) === BigInt(i) ? 1n : 0n));
    enforceBit(circuit, bit);
    bits.push(bit);
  }
  const total = circuit.sum(
    bits.map((of) => ({ factor: 1n, of })),
    -1n,
  );
  enforceZero(circuit, total);
  const number = circuit.sum(bits.map((of, i) => ({ factor: BigInt(i), of })));
  enforceZero(circuit, subtract(circuit, number, index));
  return bits;
}

export function gather<E>(context: OperatorContext<E>, operator: Gather): E[] {
  const { circuit, plan } = context;
  const { batchAxes } = operator;
  const { shape } = plan.program.tensors[operator.table];
  const numTables = elementCount(shape.slice(0, batchAxes));
  const numEntries = shape[batchAxes];
  const inner = elementCount(shape.slice(batchAxes + 1));
  const table = readShort(context, operator.table, MAX_OPERAND_LENGTH);
  const index = readShort(context, operator.index, MAX_OPERAND_LENGTH);
  const fixed = plan.fixed[operator.table];
  const output: E[] = [];
  index.forEach((number, at) => {
    const bits = selectors(circuit, number, numEntries);
    const first = Math.floor(at / (index.length / numTables)) * numEntries;
    for (let i = 0; i < inner; i++) {
      const terms = bits.map((bit, entry): Term<E> => {
        const from = (first + entry) * inner + i;
        return fixed === undefined
          ? { factor: 1n, of: multiply(circuit, table[from], bit) }
          : { factor: BigInt(fixed[from]), of: bit };
      });
      output.push(circuit.sum(terms));
    }
  });
  return output;
}
