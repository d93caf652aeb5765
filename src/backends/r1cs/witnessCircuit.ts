/** The reader of a circuit that computes its wires. Expressions are values; constraints that fail are our own mistakes. */
import type { Circuit, Term } from "./circuit.ts";
import { FIELD_ORDER, residue } from "./scalarField.ts";

/** Small integers keep their sign, which hints look at; products of residues are kept from growing. */
function withinField(value: bigint): bigint {
  return value > -FIELD_ORDER && value < FIELD_ORDER ? value : residue(value);
}

const read = (expression: bigint): bigint => expression;

export class WitnessCircuit implements Circuit<bigint> {
  /** By wire; integers mod r, not reduced. */
  readonly values: bigint[] = [1n];

  constant(value: bigint): bigint {
    return value;
  }

  sum(terms: readonly Term<bigint>[], constant = 0n): bigint {
    let total = constant;
    for (const { factor, of } of terms) total += factor * of;
    return total;
  }

  wire(value: (read: (expression: bigint) => bigint) => bigint): bigint {
    const chosen = withinField(value(read));
    this.values.push(chosen);
    return chosen;
  }

  enforce(left: bigint, right: bigint, result: bigint): void {
    const difference = left * right - result;
    if (difference === 0n || residue(difference) === 0n) return;
    throw new Error(`the witness breaks a constraint: ${left} · ${right} is not ${result}`);
  }
}
