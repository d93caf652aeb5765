/** Cheats on what only moves, repeats or adds up elements: nothing of it is stored. */
import { type Cheat, cheatsOn, computing, tamper } from "./cheat.ts";

const wiring = cheatsOn("wiring");
const OUTPUT = "combine 7";

export const WIRING_CHEATS: readonly Cheat[] = [
  wiring(
    "take",
    "another fill",
    computing("take", "take 1", ({ operator }) => ({ operator: { ...operator, fill: 8 } })),
  ),
  wiring(
    "take",
    "no fill",
    computing("take", "take 1", ({ operator }) => ({ operator: { ...operator, fill: 0 } })),
  ),
  wiring(
    "take",
    "an index one off",
    computing("take", "take 1", ({ operator }) => ({
      operator: { ...operator, indices: Int32Array.of(3, -1, 0, 1, 2) },
    })),
  ),
  wiring(
    "take",
    "an element where the fill belongs",
    computing("take", "take 1", ({ operator }) => ({
      operator: { ...operator, indices: Int32Array.of(3, 2, 0, 1, 1) },
    })),
  ),
  wiring(
    "take",
    "the fill where an element belongs",
    computing("take", "take 1", ({ operator }) => ({
      operator: { ...operator, indices: Int32Array.of(3, -1, 0, 1, -1) },
    })),
  ),
  wiring("take", "one element changed", () => ({ tamper: tamper("take 1", 13, (x) => x + 2) })),
  wiring(
    "transpose",
    "not transposed",
    computing("transpose", "transpose 2", ({ operator }) => ({
      operator: { ...operator, permutation: [0, 1] },
    })),
  ),
  wiring("transpose", "two elements exchanged", ({ tensors: [, , turned] }) => ({
    tamper: (name, values) => {
      const other = turned.findIndex((x) => x !== turned[0]);
      if (name === "transpose 2") [values[0], values[other]] = [values[other], values[0]];
    },
  })),
  wiring(
    "concat",
    "parts exchanged",
    computing("concat", "concat 4", ({ operator }) => ({
      operator: { ...operator, inputs: [3, 2, 2] },
    })),
  ),
  wiring("concat", "one element of the last part changed", () => ({
    tamper: tamper("concat 4", 11, (x) => x - 2),
  })),
  wiring(
    "constant",
    "another constant",
    computing("constant", "constant 3", ({ program }) => ({
      program: {
        ...program,
        constants: program.constants.map((c) => ({ ...c, data: c.data.map((x) => x + 2) })),
      },
    })),
  ),
  wiring("constant", "one entry changed", () => ({ tamper: tamper("constant 3", 5, (x) => x + 2) })),
  wiring(
    "windowSum",
    "one element missing in each window",
    computing("windowSum", "windowSum 5", ({ operator }) => ({
      operator: { ...operator, size: 2, padEnd: 0 },
    })),
  ),
  wiring(
    "windowSum",
    "windows one position off",
    computing("windowSum", "windowSum 5", ({ operator }) => ({
      operator: { ...operator, padBegin: 0, padEnd: 2 },
    })),
  ),
  wiring("windowSum", "padding counted as twos", () => ({
    // The first row of windows has one padded element each.
    tamper: (name, values) => {
      if (name === "windowSum 5") for (let i = 0; i < 12; i++) values[i] += 2;
    },
  })),
  wiring("windowSum", "padding counted in one window", () => ({
    tamper: tamper("windowSum 5", 3, (x) => x + 2),
  })),
  wiring(
    "combine",
    "another factor of moved elements",
    computing("combine", OUTPUT, ({ operator }) => ({
      operator: { ...operator, factors: [2, 6] },
    })),
  ),
  wiring("combine", "an output that is no such sum", () => ({ tamper: tamper(OUTPUT, 70, (x) => x + 1) })),
];
