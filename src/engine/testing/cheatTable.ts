/** Every way to cheat in one place of one proof, with the check that must refuse it. */
import { add, ONE } from "../../field/ext.ts";
import { P } from "../../field/m31.ts";
import { LABEL_ROOT } from "../../lookup/verifier.ts";
import type { ProgramOperator } from "../../program/program.ts";
import type { Statement } from "../statement.ts";
import type { CheatRequest } from "./cheatingProver.ts";
import type { Cells } from "./cheatingWitness.ts";

/** What a cheat knows about the honest run of the test program. */
export interface HonestRun {
  readonly scores: Int32Array;
  readonly y1: Int32Array;
  readonly acc1: Int32Array;
  readonly best: number;
  readonly second: number;
}

export interface Cheat {
  readonly name: string;
  /** Operator whose proof it attacks; null for the rest of the statement. */
  readonly operator: ProgramOperator["kind"] | null;
  /** Which test program: scores as output, or their argmax. */
  readonly argmax: boolean;
  readonly code: string;
  readonly deviate: (honest: HonestRun) => Partial<CheatRequest>;
}

const EQUATION = "opening.evaluation";
export const SHIFT = 9;

/** A neuron whose activation is neither clamped nor at an end of its table. */
export function activeNeuron({ y1 }: HonestRun): number {
  const neuron = y1.findIndex((y) => y > 1 && y < 250);
  if (neuron < 0) throw new Error("the test program has no active neuron");
  return neuron;
}

function setCell(name: string, index: number, change: (value: number) => number): (cells: Cells) => void {
  return (cells) => {
    const tensor = cells(name);
    tensor[index] = change(tensor[index]);
  };
}

function tamper(tensor: string, index: number, change: (value: number) => number) {
  return (name: string, values: Int32Array): void => {
    if (name === tensor) values[index] = change(values[index]);
  };
}

export function claimOutputs(
  change: (values: Int32Array) => Int32Array,
): (statement: Statement) => Statement {
  return (statement) => ({
    ...statement,
    outputs: statement.outputs.map((value) => ({ ...value, values: change(value.values as Int32Array) })),
  });
}

function cheat(
  operator: Cheat["operator"],
  name: string,
  deviate: Cheat["deviate"],
  options: { argmax?: boolean; code?: string } = {},
): Cheat {
  return { operator, name, deviate, argmax: options.argmax ?? false, code: options.code ?? EQUATION };
}

const REMAINDERS = "relu1: remainder";

export const CHEATS: readonly Cheat[] = [
  cheat("matmul", "wrong last product, output claimed accordingly", () => ({
    tamper: tamper("scores", 1, (x) => x + 1),
  })),
  cheat("matmul", "wrong inner product, everything after it follows", (honest) => ({
    tamper: tamper("acc1", activeNeuron(honest), (x) => x + 2 ** SHIFT),
  })),
  cheat("matmul", "wrong product below the rounding", (honest) => {
    const neuron = activeNeuron(honest);
    const r = (honest.acc1[neuron] + 2 ** (SHIFT - 1)) & (2 ** SHIFT - 1);
    return { tamper: tamper("acc1", neuron, (x) => (r > 0 ? x - 1 : x + 1)) };
  }),
  cheat("matmul", "input exchanged after the products were computed", () => ({
    cells: setCell("x", 0, (x) => (x + 1) % P),
  })),
  cheat("requantise", "wrong remainder", (honest) => ({
    cells: setCell(REMAINDERS, activeNeuron(honest), (r) => (r + 1) % 2 ** SHIFT),
  })),
  cheat("requantise", "remainder beyond its range, result one lower to match", (honest) => ({
    tamper: tamper("y1", activeNeuron(honest), (y) => y - 1),
    cells: setCell(REMAINDERS, activeNeuron(honest), (r) => r + 2 ** SHIFT),
  })),
  cheat("requantise", "negative remainder, result one higher to match", (honest) => ({
    tamper: tamper("y1", activeNeuron(honest), (y) => y + 1),
    cells: setCell(REMAINDERS, activeNeuron(honest), (r) => (r - 2 ** SHIFT + P) % P),
  })),
  cheat("requantise", "result from another row of the table", (honest) => ({
    tamper: tamper("y1", activeNeuron(honest), (y) => y + 1),
  })),
  cheat("requantise", "negative activation that is not clamped", (honest) => ({
    tamper: tamper("y1", honest.y1.indexOf(0), () => 3),
  })),
  cheat(
    "argmax",
    "second best index beside the true maximum",
    ({ second }) => ({
      tamper: tamper("class", 0, () => second),
    }),
    { argmax: true },
  ),
  cheat(
    "argmax",
    "second best index with its own score as maximum",
    ({ second, scores }) => ({
      tamper: tamper("class", 0, () => second),
      cells: setCell("argmax: maximum", 0, () => (scores[second] + P) % P),
    }),
    { argmax: true },
  ),
  cheat(
    "argmax",
    "true index with a maximum that is no entry",
    ({ best, scores }) => ({
      cells: setCell("argmax: maximum", 0, () => (scores[best] + 1 + P) % P),
    }),
    { argmax: true },
  ),
  cheat(
    "argmax",
    "second best index with the maximum in its place",
    ({ second, best, scores }) => ({
      tamper: (name, values) => {
        if (name === "scores") values[second] = scores[best] + 1;
      },
    }),
    { argmax: true },
  ),
  cheat(null, "private input above its range", () => ({ tamper: tamper("x", 2, () => 256) })),
  cheat(null, "private input below its range", () => ({ tamper: tamper("x", 2, () => -1) })),
  cheat(null, "another public output than computed", () => ({
    statement: claimOutputs((values) => values.map((x, i) => (i === 0 ? x + 1 : x))),
  })),
  cheat(null, "a multiplicity one too many", () => ({
    lateCells: setCell(`range ${2 ** SHIFT}: multiplicities`, 5, (n) => n + 1),
  })),
  cheat(null, "a multiplicity moved to another row", () => ({
    lateCells: (cells) => {
      const counts = cells(`range ${2 ** SHIFT}: multiplicities`);
      const from = counts.findIndex((n) => n > 0);
      counts[from]--;
      counts[(from + 1) % counts.length]++;
    },
  })),
  cheat(null, "challenges drawn before the commitment", () => ({ commitLate: true })),
  cheat(null, "argues about an input it did not commit to", () => ({
    argued: setCell("x", 0, (x) => (x + 1) % 256),
  })),
  cheat(null, "zero denominator of the dummy", () => ({ zeroDelta: true }), {
    code: "lookup.zeroDenominator",
  }),
  cheat(null, "zero denominator, root claimed to be one", () => ({
    zeroDelta: true,
    message: (label, value) => (label === LABEL_ROOT ? ONE : value),
  })),
  cheat(null, "proof sent with another context", () => ({
    sent: (statement) => ({ ...statement, context: Uint8Array.of(1) }),
  })),
  cheat(null, "proof sent with other outputs", () => ({
    sent: claimOutputs((values) => values.map((x) => x - 1)),
  })),
  cheat(null, "a wrong root of the fractions", () => ({
    message: (label, value) => (label === LABEL_ROOT ? add(value, ONE) : value),
  })),
];
