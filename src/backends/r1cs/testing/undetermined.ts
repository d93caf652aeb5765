/**
 * Wires that the constraints leave free near one witness: those that some solution of the linearised constraints moves, with
 * the given wires held. A wire that is not among them cannot change by however little; what it could jump to are other roots,
 * of which a circuit of bits and products has only those that `b · (b − 1) = 0` allows.
 */
import { FIELD_ORDER, inverse } from "../scalarField.ts";
import type { R1cs, Row } from "./readR1cs.ts";

type Sparse = Map<number, bigint>;

function modulo(value: bigint): bigint {
  const rest = value % FIELD_ORDER;
  return rest < 0n ? rest + FIELD_ORDER : rest;
}

/** In ascending order. `held(0)` is never asked: wire 0 is the constant 1. */
export function undeterminedWires(
  r1cs: R1cs,
  values: readonly bigint[],
  held: (wire: number) => boolean,
): number[] {
  // By its last wire, which has factor 1 and occurs in no other equation as the last one.
  const echelon = new Map<number, Sparse>();
  const evaluate = (row: Row): bigint =>
    modulo(row.reduce((sum, { wire, factor }) => sum + factor * values[wire], 0n));
  for (const [left, right, result] of r1cs.constraints) {
    const equation: Sparse = new Map();
    const addTerms = (row: Row, times: bigint): void => {
      for (const { wire, factor } of row)
        if (wire !== 0 && !held(wire)) addTo(equation, wire, times * factor);
    };
    addTerms(left, evaluate(right));
    addTerms(right, evaluate(left));
    addTerms(result, -1n);
    insert(echelon, equation);
  }
  const moving = new Set<number>();
  for (let wire = 1; wire < r1cs.numWires; wire++) {
    if (held(wire)) continue;
    const equation = echelon.get(wire);
    if (equation === undefined || [...equation.keys()].some((other) => moving.has(other))) moving.add(wire);
  }
  return [...moving];
}

function addTo(equation: Sparse, wire: number, factor: bigint): void {
  const sum = modulo((equation.get(wire) ?? 0n) + factor);
  if (sum === 0n) equation.delete(wire);
  else equation.set(wire, sum);
}

function insert(echelon: Map<number, Sparse>, equation: Sparse): void {
  while (equation.size > 0) {
    let last = 0;
    for (const wire of equation.keys()) last = Math.max(last, wire);
    const factor = equation.get(last) as bigint;
    const known = echelon.get(last);
    if (known === undefined) {
      const scale = inverse(factor);
      echelon.set(last, new Map([...equation].map(([wire, own]) => [wire, modulo(own * scale)])));
      return;
    }
    for (const [wire, own] of known) addTo(equation, wire, -factor * own);
  }
}
