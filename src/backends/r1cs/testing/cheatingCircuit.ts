/** A prover that deviates in one wire, follows the circuit honestly from there on and checks no constraint. */

import { buildCircuit, type RunValues } from "../buildCircuit.ts";
import type { CircuitPlan } from "../circuitPlan.ts";
import { WitnessCircuit } from "../witnessCircuit.ts";

class CheatingCircuit extends WitnessCircuit {
  private readonly cheat: Cheat;

  constructor(cheat: Cheat) {
    super();
    this.cheat = cheat;
  }

  override wire(value: (read: (expression: bigint) => bigint) => bigint): bigint {
    const isCheated = this.values.length === this.cheat.wire;
    return super.wire((read) => (isCheated ? this.cheat.change(value(read)) : value(read)));
  }

  override enforce(): void {}
}

export interface Cheat {
  readonly wire: number;
  readonly change: (honest: bigint) => bigint;
}

export interface CheatedRun {
  readonly values: bigint[];
  /** What the cheated witness says the outputs are, one after the other. */
  readonly outputs: readonly bigint[];
}

/** The public outputs become whatever follows from the deviation. Null where it leads nowhere: a division by 0. */
export function cheatedRun(plan: CircuitPlan, run: RunValues, cheat: Cheat): CheatedRun | null {
  const circuit = new CheatingCircuit(cheat);
  try {
    const outputs = buildCircuit(plan, { circuit, run }).outputs.flat();
    const { values } = circuit;
    const first = 1 + run.signals.length - outputs.length;
    outputs.forEach((value, i) => {
      values[first + i] = value;
    });
    return { values, outputs };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
