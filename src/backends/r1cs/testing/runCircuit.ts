/** A run of a program through its circuit: files read back, the parts that tests look at named. */
import { runProgram } from "../../../program/interpreter.ts";
import type { Program } from "../../../program/program.ts";
import type { Visibilities } from "../../../relations/visibility.ts";
import type { CircuitPlan } from "../circuitPlan.ts";
import { commitmentOf } from "../commitments.ts";
import { publicSignals } from "../publicSignals.ts";
import { compileR1cs, r1csWitness } from "../r1csCircuit.ts";
import { type R1cs, readR1cs, readWtns } from "./readR1cs.ts";

export const SALTS = { weights: 11n, input: 22n, output: 33n };
export const DIGEST: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 3);
export const ALL_PUBLIC: Visibilities = { input: "public", weights: "public", output: "public" };

export interface CircuitRun {
  readonly r1cs: R1cs;
  readonly values: bigint[];
  readonly signals: readonly bigint[];
  readonly outputs: readonly Int32Array[];
}

export function runCircuit(
  program: Program,
  inputs: readonly Int32Array[],
  visibilities: Visibilities = ALL_PUBLIC,
  batch = 1,
): CircuitRun {
  return circuitRunner(program, visibilities, batch)(inputs);
}

/** Compiles once for many runs. */
export function circuitRunner(
  program: Program,
  visibilities: Visibilities,
  batch: number,
): (inputs: readonly Int32Array[]) => CircuitRun {
  const { plan, r1cs } = compileR1cs(program, visibilities, batch);
  const parsed = readR1cs(r1cs);
  return (inputs) => ({ r1cs: parsed, ...witnessOf(plan, inputs) });
}

function witnessOf(plan: CircuitPlan, inputs: readonly Int32Array[]): Omit<CircuitRun, "r1cs"> {
  const { program, visibilities, batch } = plan;
  const { tensors, outputs } = runProgram(program, inputs, batch);
  const { input, weights, output } = visibilities;
  const rowsOf = (ids: readonly number[]): { range: { lo: number; hi: number }; values: Int32Array }[] =>
    ids.map((id) => ({ range: program.tensors[id].range, values: tensors[id] }));
  const constants = program.constants.map(({ range, data }) => ({ range, values: data }));
  const signals = publicSignals({
    digest: DIGEST,
    commitments: {
      ...(weights === "public" ? {} : { weights: commitmentOf(SALTS.weights, constants) }),
      ...(input === "committed" ? { input: commitmentOf(SALTS.input, rowsOf(program.inputs)) } : {}),
      ...(output === "committed" ? { output: commitmentOf(SALTS.output, rowsOf(program.outputs)) } : {}),
    },
    inputs: input === "public" ? inputs : [],
    outputs: output === "public" ? outputs : [],
  });
  const values = readWtns(r1csWitness(plan, { signals, salts: SALTS, inputs }));
  return { values, signals, outputs };
}
