/** All deviations of one wire from one run, and what comes of them. */
import { runProgram } from "../../../program/interpreter.ts";
import type { Program } from "../../../program/program.ts";
import type { Visibilities } from "../../../relations/visibility.ts";
import { commitmentOf } from "../commitments.ts";
import { publicSignals } from "../publicSignals.ts";
import { compileR1cs } from "../r1csCircuit.ts";
import { FIELD_ORDER, residue } from "../scalarField.ts";
import { cheatedRun } from "./cheatingCircuit.ts";
import { brokenConstraint, readR1cs } from "./readR1cs.ts";
import { ALL_PUBLIC, DIGEST, SALTS } from "./runCircuit.ts";

const CHANGES = [1n, -1n, 2n, -2n, 1n << 20n, FIELD_ORDER / 2n + 1n];

export interface AttackOutcome {
  readonly refused: number;
  /** Deviations that were accepted and left the outputs as they are: in wires that nothing depends on. */
  readonly harmless: number;
  /** Wires by which another output was proven. */
  readonly forged: readonly number[];
}

export interface AttackRequest {
  readonly program: Program;
  readonly inputs: readonly Int32Array[];
  readonly visibilities?: Visibilities;
  /** Which deviations to try, by number; all of them if left out. */
  readonly choose?: (numDeviations: number) => readonly number[];
}

export function attackProgram(request: AttackRequest): AttackOutcome {
  const { program, inputs, visibilities = ALL_PUBLIC, choose } = request;
  const { outputs } = runProgram(program, inputs, 1);
  const truth = outputs.flatMap((row) => Array.from(row, BigInt)).join();
  const weights = program.constants.map(({ range, data }) => ({ range, values: data }));
  const commitments =
    visibilities.weights === "public" ? {} : { weights: commitmentOf(SALTS.weights, weights) };
  const signals = publicSignals({ digest: DIGEST, commitments, inputs, outputs });
  const { plan, r1cs: bytes } = compileR1cs(program, visibilities, 1);
  const r1cs = readR1cs(bytes);
  const first = 1 + r1cs.numPublic;
  const count = (r1cs.numWires - first) * CHANGES.length;
  let refused = 0;
  let harmless = 0;
  const forged: number[] = [];
  for (const attempt of choose?.(count) ?? Array.from({ length: count }, (_, i) => i)) {
    const wire = first + Math.floor(attempt / CHANGES.length);
    const by = CHANGES[attempt % CHANGES.length];
    const run = cheatedRun(plan, { signals, salts: SALTS, inputs }, { wire, change: (value) => value + by });
    if (run === null || brokenConstraint(r1cs, run.values.map(residue)) !== null) refused++;
    else if (run.outputs.join() === truth) harmless++;
    else forged.push(wire);
  }
  return { refused, harmless, forged };
}
