/** A program as an R1CS: the constraints, and the witness of any of its runs. */
import type { Program } from "../../program/program.ts";
import { validateProgram } from "../../program/validate.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import { buildCircuit, type RunValues } from "./buildCircuit.ts";
import { type CircuitPlan, planCircuit } from "./circuitPlan.ts";
import { R1csWriter } from "./r1csFile.ts";
import { StructureCircuit } from "./structureCircuit.ts";
import { WitnessCircuit } from "./witnessCircuit.ts";
import { writeWtns } from "./wtnsFile.ts";

export interface R1csSize {
  readonly constraints: number;
  readonly wires: number;
  readonly publicSignals: number;
  /** Entries of the three matrices. */
  readonly terms: number;
}

/** What one part of a circuit adds. */
export interface R1csPart {
  /** Of the operator, or "inputs", "weights", "outputs": ranges, and what ties them to the statement. */
  readonly name: string;
  readonly constraints: number;
  readonly terms: number;
}

export interface CompiledR1cs {
  readonly plan: CircuitPlan;
  readonly r1cs: Uint8Array;
  readonly size: R1csSize;
  /** In the order of the circuit, all samples of a batch together. */
  readonly parts: readonly R1csPart[];
}

/** @throws TensorproofError `program.*` */
export function compileR1cs(program: Program, visibilities: Visibilities, batch: number): CompiledR1cs {
  validateProgram(program);
  const plan = planCircuit(program, visibilities, batch);
  const writer = new R1csWriter();
  const circuit = new StructureCircuit(writer);
  const parts = new Map<string, R1csPart>();
  let seen = { constraints: 0, terms: 0 };
  const onPart = (name: string): void => {
    const now = { constraints: writer.numConstraints, terms: writer.numTerms };
    const { constraints = 0, terms = 0 } = parts.get(name) ?? {};
    parts.set(name, {
      name,
      constraints: constraints + now.constraints - seen.constraints,
      terms: terms + now.terms - seen.terms,
    });
    seen = now;
  };
  const { numPublic } = buildCircuit(plan, { circuit, run: null, onPart });
  return {
    plan,
    parts: [...parts.values()],
    r1cs: writer.finish({ total: circuit.numWires, numPublic }),
    size: {
      constraints: writer.numConstraints,
      wires: circuit.numWires,
      publicSignals: numPublic,
      terms: writer.numTerms,
    },
  };
}

/** The `.wtns` file of a run. Throws for values that break a constraint, which no run of the interpreter does. */
export function r1csWitness(plan: CircuitPlan, run: RunValues): Uint8Array {
  const circuit = new WitnessCircuit();
  buildCircuit(plan, { circuit, run });
  return writeWtns(circuit.values);
}
