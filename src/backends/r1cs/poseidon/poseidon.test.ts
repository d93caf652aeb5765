import { describe, expect, it } from "vitest";
import { R1csWriter } from "../r1csFile.ts";
import { FIELD_ORDER, residue } from "../scalarField.ts";
import { StructureCircuit } from "../structureCircuit.ts";
import { WitnessCircuit } from "../witnessCircuit.ts";
import { poseidon, poseidonChain } from "./hash.ts";
import { POSEIDON_SHAPE, poseidonParameters } from "./parameters.ts";

const firstIntegers = Array.from({ length: 16 }, (_, i) => BigInt(i + 1));

/** Poseidon as it is defined, round by round. */
function plainPoseidon(inputs: readonly bigint[], width: number, partialRounds: number): bigint {
  const { roundConstants, mix } = poseidonParameters({ width, fullRounds: 8, partialRounds });
  let state = [0n, ...inputs];
  roundConstants.forEach((constants, round) => {
    const isFull = round < 4 || round >= 4 + partialRounds;
    state = state.map((value, j) => {
      const sum = (value + constants[j]) % FIELD_ORDER;
      return isFull || j === 0 ? sum ** 5n % FIELD_ORDER : sum;
    });
    state = mix.map((row) => row.reduce((sum, factor, j) => (sum + factor * state[j]) % FIELD_ORDER, 0n));
  });
  return state[0];
}

describe("Poseidon", () => {
  it("has the constants of the reference generator", () => {
    // The published test vectors of circomlibjs for one, two and sixteen inputs.
    expect(plainPoseidon([1n, 2n], 3, 57)).toBe(
      7853200120776062878684798364095072458815029376092732009249414926327459813530n,
    );
    expect(plainPoseidon(firstIntegers, POSEIDON_SHAPE.width, POSEIDON_SHAPE.partialRounds)).toBe(
      9989051620750914585850546081941653841776809718687451684622678807385399211877n,
    );
  });

  it("is the same by S-boxes alone", () => {
    const inputs = firstIntegers.map((value) => residue(-(value ** 40n)));
    const { width, partialRounds } = POSEIDON_SHAPE;
    expect(residue(poseidon(new WitnessCircuit(), inputs))).toBe(plainPoseidon(inputs, width, partialRounds));
  });

  it("takes three constraints for each S-box", () => {
    const writer = new R1csWriter();
    const circuit = new StructureCircuit(writer);
    poseidon(
      circuit,
      firstIntegers.map(() => circuit.wire()),
    );
    expect(writer.numConstraints).toBe(3 * (8 * 17 + 68));
  });

  it("chains blocks of fifteen", () => {
    const hash = (...elements: bigint[]): bigint => residue(poseidonChain(new WitnessCircuit(), elements));
    const first = [7n, ...firstIntegers.slice(0, 15)];
    const { width, partialRounds } = POSEIDON_SHAPE;
    const one = plainPoseidon(first, width, partialRounds);
    expect(hash(...first)).toBe(one);
    expect(hash(...first, 3n)).toBe(
      plainPoseidon([one, 3n, ...new Array<bigint>(14).fill(0n)], width, partialRounds),
    );
    expect(hash(7n)).toBe(plainPoseidon([7n, ...new Array<bigint>(15).fill(0n)], width, partialRounds));
  });
});
