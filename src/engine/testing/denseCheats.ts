/** Cheats on dense networks, and on what every statement has: ranges, lookups, commitments, outputs. */
import { add, ONE } from "../../field/ext.ts";
import { P } from "../../field/m31.ts";
import { LABEL_ROOT } from "../../lookup/verifier.ts";
import {
  type Cheat,
  cheatsOn,
  claimOutputs,
  type HonestRun,
  indexWhere,
  setCell,
  tamper,
  valuesOf,
} from "./cheat.ts";

const dense = cheatsOn("dense");
const argmax = cheatsOn("argmax");
export const SHIFT = 9;

/** A neuron whose activation is neither clamped nor at an end of its table. */
export function activeNeuron(honest: HonestRun): number {
  return indexWhere(valuesOf(honest, "y1"), (y) => y > 1 && y < 250);
}

const REMAINDERS = "relu1: remainder";

/** The two best entries of the scores. */
function ranking(honest: HonestRun) {
  const scores = valuesOf(honest, "scores");
  const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
  return { scores, best: order[0], second: order[1] };
}

const MAXIMUM = "argmax: maximum";

const ARGMAX_CHEATS: readonly Cheat[] = [
  argmax("argmax", "second best index beside the true maximum", (honest) => ({
    tamper: tamper("class", 0, () => ranking(honest).second),
  })),
  argmax("argmax", "second best index with its own score as maximum", (honest) => {
    const { second, scores } = ranking(honest);
    return {
      tamper: tamper("class", 0, () => second),
      cells: setCell(MAXIMUM, 0, () => (scores[second] + P) % P),
    };
  }),
  argmax("argmax", "true index with a maximum that is no entry", (honest) => {
    const { best, scores } = ranking(honest);
    return { cells: setCell(MAXIMUM, 0, () => (scores[best] + 1 + P) % P) };
  }),
  argmax("argmax", "second best index with the maximum in its place", (honest) => {
    const { second, best, scores } = ranking(honest);
    return { tamper: tamper("scores", second, () => scores[best] + 1) };
  }),
];

export const DENSE_CHEATS: readonly Cheat[] = [
  dense("matmul", "wrong last product, output claimed accordingly", () => ({
    tamper: tamper("scores", 1, (x) => x + 1),
  })),
  dense("matmul", "wrong inner product, everything after it follows", (honest) => ({
    tamper: tamper("acc1", activeNeuron(honest), (x) => x + 2 ** SHIFT),
  })),
  dense("matmul", "wrong product below the rounding", (honest) => {
    const neuron = activeNeuron(honest);
    const r = (valuesOf(honest, "acc1")[neuron] + 2 ** (SHIFT - 1)) & (2 ** SHIFT - 1);
    return { tamper: tamper("acc1", neuron, (x) => (r > 0 ? x - 1 : x + 1)) };
  }),
  dense("matmul", "input exchanged after the products were computed", () => ({
    cells: setCell("x", 0, (x) => (x + 1) % P),
  })),
  dense("requantise", "wrong remainder", (honest) => ({
    cells: setCell(REMAINDERS, activeNeuron(honest), (r) => (r + 1) % 2 ** SHIFT),
  })),
  dense("requantise", "remainder beyond its range, result one lower to match", (honest) => ({
    tamper: tamper("y1", activeNeuron(honest), (y) => y - 1),
    cells: setCell(REMAINDERS, activeNeuron(honest), (r) => r + 2 ** SHIFT),
  })),
  dense("requantise", "negative remainder, result one higher to match", (honest) => ({
    tamper: tamper("y1", activeNeuron(honest), (y) => y + 1),
    cells: setCell(REMAINDERS, activeNeuron(honest), (r) => (r - 2 ** SHIFT + P) % P),
  })),
  dense("requantise", "a sum larger by p: its rounding and the clamped result of it", (honest) => {
    const neuron = activeNeuron(honest);
    const wrapped = valuesOf(honest, "acc1")[neuron] + 2 ** (SHIFT - 1) + P;
    return {
      tamper: tamper("y1", neuron, () => 127),
      cells: setCell(REMAINDERS, neuron, () => wrapped % 2 ** SHIFT),
    };
  }),
  dense("requantise", "result from another row of the table", (honest) => ({
    tamper: tamper("y1", activeNeuron(honest), (y) => y + 1),
  })),
  dense("requantise", "negative activation that is not clamped", (honest) => ({
    tamper: tamper("y1", valuesOf(honest, "y1").indexOf(0), () => 3),
  })),
  ...ARGMAX_CHEATS,
  dense(null, "private input above its range", () => ({ tamper: tamper("x", 2, () => 256) })),
  dense(null, "private input below its range", () => ({ tamper: tamper("x", 2, () => -1) })),
  dense(null, "another public output than computed", () => ({
    statement: claimOutputs((values) => values.map((x, i) => (i === 0 ? x + 1 : x))),
  })),
  dense(null, "a multiplicity one too many", () => ({
    lateCells: setCell(`range ${2 ** SHIFT}: multiplicities`, 5, (n) => n + 1),
  })),
  dense(null, "a multiplicity moved to another row", () => ({
    lateCells: (cells) => {
      const counts = cells(`range ${2 ** SHIFT}: multiplicities`);
      const from = counts.findIndex((n) => n > 0);
      counts[from]--;
      counts[(from + 1) % counts.length]++;
    },
  })),
  dense(null, "multiplicities that only add up because one of them is p − 1", () => ({
    lateCells: (cells) => {
      const counts = cells(`range ${2 ** SHIFT}: multiplicities`);
      const from = counts.indexOf(0);
      counts[from] = P - 1;
      counts[(from + 1) % counts.length]++;
    },
  })),
  dense(null, "challenges drawn before the commitment", () => ({ commitLate: true })),
  dense(null, "argues about an input it did not commit to", () => ({
    argued: setCell("x", 0, (x) => (x + 1) % 256),
  })),
  dense(null, "zero denominator of the dummy", () => ({ zeroDelta: true }), "lookup.zeroDenominator"),
  dense(null, "zero denominator, root claimed to be one", () => ({
    zeroDelta: true,
    message: (label, value) => (label === LABEL_ROOT ? ONE : value),
  })),
  dense(null, "proof sent with another context", () => ({
    sent: (statement) => ({ ...statement, context: Uint8Array.of(1) }),
  })),
  dense(null, "proof sent with other outputs", () => ({
    sent: claimOutputs((values) => values.map((x) => x - 1)),
  })),
  dense(null, "a wrong root of the fractions", () => ({
    message: (label, value) => (label === LABEL_ROOT ? add(value, ONE) : value),
  })),
];
