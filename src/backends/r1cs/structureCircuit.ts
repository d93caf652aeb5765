/** The reader of a circuit that writes its constraints down. Expressions are linear combinations. */
import type { Circuit, Term } from "./circuit.ts";
import { constantCombination, type LinearCombination, merged } from "./linearCombination.ts";
import type { R1csWriter } from "./r1csFile.ts";
import { residue } from "./scalarField.ts";

export class StructureCircuit implements Circuit<LinearCombination> {
  private readonly writer: R1csWriter;
  private wires = 1;

  constructor(writer: R1csWriter) {
    this.writer = writer;
  }

  /** Wires so far, the constant 1 among them. */
  get numWires(): number {
    return this.wires;
  }

  constant(value: bigint): LinearCombination {
    return constantCombination(value);
  }

  sum(terms: readonly Term<LinearCombination>[], constant = 0n): LinearCombination {
    const wires: number[] = [];
    const coefficients: bigint[] = [];
    let total = constant;
    for (const { factor, of } of terms) {
      if (factor === 0n) continue;
      total += factor * of.constant;
      for (let i = 0; i < of.wires.length; i++) {
        wires.push(of.wires[i]);
        coefficients.push(factor === 1n ? of.coefficients[i] : factor * of.coefficients[i]);
      }
    }
    return { wires, coefficients, constant: total };
  }

  wire(): LinearCombination {
    return { wires: [this.wires++], coefficients: [1n], constant: 0n };
  }

  enforce(left: LinearCombination, right: LinearCombination, result: LinearCombination): void {
    this.writer.constraint([left, right, result].map((side) => merged(side, residue)));
  }
}
