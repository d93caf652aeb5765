/** Integers bound by Poseidon: packed as many to a field element as are sure to fit, after a random salt. */
import type { IntRange } from "../../program/program.ts";
import { type Circuit, materialise, type Term } from "./circuit.ts";
import { bitLength } from "./gadgets/bits.ts";
import { poseidonChain } from "./poseidon/hash.ts";
import { residue } from "./scalarField.ts";
import { WitnessCircuit } from "./witnessCircuit.ts";

/** Fewer than the field's bits, so that a pack is an integer below its order. */
const PACK_BITS = 248;

/** Values in one declared range; the circuit must prove that they are. */
export interface CommittedRow<E> {
  readonly range: IntRange;
  readonly values: readonly E[];
}

function packed<E>(circuit: Circuit<E>, { range, values }: CommittedRow<E>): E[] {
  const lo = BigInt(range.lo);
  const width = Math.max(1, bitLength(BigInt(range.hi) - lo));
  const each = Math.floor(PACK_BITS / width);
  const packs: E[] = [];
  for (let at = 0; at < values.length; at += each) {
    let constant = 0n;
    const terms = values.slice(at, at + each).map((of, i): Term<E> => {
      const factor = 1n << BigInt(i * width);
      constant -= lo * factor;
      return { factor, of };
    });
    packs.push(materialise(circuit, circuit.sum(terms, constant)));
  }
  return packs;
}

/** Two lists of rows of the same ranges and lengths have one commitment only if they are the same. */
export function commitment<E>(circuit: Circuit<E>, salt: E, rows: readonly CommittedRow<E>[]): E {
  return poseidonChain(circuit, [salt, ...rows.flatMap((row) => packed(circuit, row))]);
}

/** The commitment of known values. */
export function commitmentOf(
  salt: bigint,
  rows: readonly { readonly range: IntRange; readonly values: ArrayLike<number> }[],
): bigint {
  const asBig = rows.map(({ range, values }) => ({ range, values: Array.from(values, BigInt) }));
  return residue(commitment(new WitnessCircuit(), salt, asBig));
}
