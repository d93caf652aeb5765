/**
 * A forgery that works on circuits of fixed-point layers whose remainder is a wire which the witness generator checks and
 * no constraint does: out · n + remainder = sum holds for any `out` with some remainder in the field.
 */
import { expect, it } from "vitest";
import { ProgramDraft } from "../../program/testing/programDraft.ts";
import { enforceZero } from "./circuit.ts";
import type { LinearCombination } from "./linearCombination.ts";
import { R1csWriter } from "./r1csFile.ts";
import { FIELD_ORDER, inverse, residue } from "./scalarField.ts";
import { StructureCircuit } from "./structureCircuit.ts";
import { brokenConstraint, type R1cs, readR1cs } from "./testing/readR1cs.ts";
import { ALL_PUBLIC, runCircuit } from "./testing/runCircuit.ts";

const FORGED_OUTPUT = 123456789n;
const SCALE = 1000n;

it("is possible where the remainder is only asserted", () => {
  const writer = new R1csWriter();
  const circuit = new StructureCircuit(writer);
  const [out, x, remainder]: LinearCombination[] = [circuit.wire(), circuit.wire(), circuit.wire()];
  const terms = [
    { factor: 700n, of: x },
    { factor: -SCALE, of: out },
    { factor: -1n, of: remainder },
  ];
  enforceZero(circuit, circuit.sum(terms));
  const r1cs = readR1cs(writer.finish({ total: circuit.numWires, numPublic: 2 }));
  expect(brokenConstraint(r1cs, [1n, 2n, 3n, 100n])).toBeNull();
  const remainderOf = (output: bigint): bigint => residue(700n * 3n - SCALE * output);
  expect(brokenConstraint(r1cs, [1n, FORGED_OUTPUT, 3n, remainderOf(FORGED_OUTPUT)])).toBeNull();
});

/** The constraints in which a wire occurs with a factor of its own, solved for it; the other wires stay as they are. */
function solutions({ constraints }: R1cs, values: readonly bigint[], wire: number): bigint[] {
  const found: bigint[] = [];
  for (const [a, b, c] of constraints) {
    const at = (row: typeof a, value: bigint): bigint =>
      row.reduce((sum, term) => sum + term.factor * (term.wire === wire ? value : values[term.wire]), 0n);
    // f(v) = a(v) · b(v) − c(v) is linear in v unless the wire is in both factors.
    const f = (value: bigint): bigint => residue(at(a, value) * at(b, value) - at(c, value));
    const slope = residue(f(1n) - f(0n));
    if (slope !== 0n && residue(f(2n) - f(1n)) === slope) found.push(residue(-f(0n) * inverse(slope)));
  }
  return found;
}

it("is impossible here: no wire makes up for another output", () => {
  for (const kind of ["shift", "divide"] as const) {
    const draft = new ProgramDraft();
    const input = draft.input([3], { lo: -128, hi: 127 });
    const weight = draft.constant([1, 3], { lo: -900, hi: 900 }, Int32Array.of(700, -20, 333));
    const sum = draft.add({ kind: "matmul", input, weight, bias: null });
    if (kind === "shift") {
      const domain = { lo: -256, hi: 255 };
      const f = { domain, map: { kind: "clamp", lo: -256, hi: 255 } } as const;
      draft.add({ kind: "requantise", input: sum, shift: 10, rounding: "half-up", function: f });
    } else {
      draft.add({
        kind: "rescale",
        input: sum,
        rounding: "divide-half-away",
        multipliers: [{ multiplier: Number(SCALE), shift: 0 }],
        zeroPoint: 0,
        lo: -128,
        hi: 127,
      });
    }
    const { r1cs, values } = runCircuit(draft.program(), [Int32Array.of(100, -7, 55)], ALL_PUBLIC);
    expect(brokenConstraint(r1cs, values)).toBeNull();
    const outputWire = r1cs.numPublic;
    for (const output of [FORGED_OUTPUT, values[outputWire] + 1n, FIELD_ORDER - 1n]) {
      const forged = [...values];
      forged[outputWire] = output;
      expect(brokenConstraint(r1cs, forged)).not.toBeNull();
      for (let wire = r1cs.numPublic + 1; wire < r1cs.numWires; wire++) {
        for (const value of solutions(r1cs, forged, wire)) {
          const attempt = [...forged];
          attempt[wire] = value;
          expect(brokenConstraint(r1cs, attempt)).not.toBeNull();
        }
      }
    }
  }
});
