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

export interface CompiledR1cs {
  readonly plan: CircuitPlan;
  readonly r1cs: Uint8Array;
  readonly size: R1csSize;
}

/** @throws TensorproofError `program.*` */
export function compileR1cs(program: Program, visibilities: Visibilities, batch: number): CompiledR1cs {
  validateProgram(program);
  const plan = planCircuit(program, visibilities, batch);
  const writer = new R1csWriter();
  const circuit = new StructureCircuit(writer);
  const { numPublic } = buildCircuit(plan, { circuit, run: null });
  return {
    plan,
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
