/**
 * The values of some wires in every witness of a small circuit, by search. What a constraint with one unknown wire determines
 * is followed; where a product is 0, either factor is tried; a wire that is read only multiplied by 0 stays open. Complete
 * for circuits of bits, sums, products and inverses: where something else would have to be guessed, it throws.
 */
import { FIELD_ORDER, inverse } from "../scalarField.ts";
import type { R1cs, Row } from "./readR1cs.ts";

function modulo(value: bigint): bigint {
  const rest = value % FIELD_ORDER;
  return rest < 0n ? rest + FIELD_ORDER : rest;
}

/** known + factor · unknown, or null where more than one wire is unknown. */
interface Affine {
  readonly known: bigint;
  readonly factor: bigint;
}

type Constraint = R1cs["constraints"][number];

class Search {
  private readonly values: (bigint | undefined)[];
  private readonly readers: Constraint[][];
  private readonly wanted: readonly number[];
  readonly found: Set<string> = new Set();

  constructor(r1cs: R1cs, given: ReadonlyMap<number, bigint>, wanted: readonly number[]) {
    this.values = Array.from({ length: r1cs.numWires }, (_, wire) => (wire === 0 ? 1n : given.get(wire)));
    this.readers = this.values.map(() => []);
    this.wanted = wanted;
    for (const constraint of r1cs.constraints) {
      const wires = new Set(constraint.flat().map(({ wire }) => wire));
      wires.delete(0);
      for (const wire of wires) this.readers[wire].push(constraint);
    }
  }

  run(): void {
    const initial = new Set(this.readers.flat());
    if (this.propagate(initial, [])) this.branch(1);
  }

  private branch(from: number): void {
    let wire = from;
    while (wire < this.values.length && (this.values[wire] !== undefined || this.isIdle(wire))) wire++;
    if (wire === this.values.length) {
      this.found.add(this.wanted.map((at) => this.values[at]).join());
      return;
    }
    const { at: chosen, roots } = this.nextChoice(wire);
    for (const value of roots) {
      const trail = [chosen];
      this.values[chosen] = value;
      if (this.propagate(new Set(this.readers[chosen]), trail)) this.branch(wire);
      for (const at of trail) this.values[at] = undefined;
    }
  }

  /** The first wire that is the only unknown one of a product that is 0: one of its factors is. */
  private nextChoice(from: number): { readonly at: number; readonly roots: readonly bigint[] } {
    for (let at = from; at < this.values.length; at++) {
      if (this.values[at] !== undefined) continue;
      for (const constraint of this.readers[at]) {
        if (this.onlyUnknown(constraint) !== at) continue;
        const [left, right, result] = constraint.map((row) => this.affine(row, at));
        if (result.known !== 0n || result.factor !== 0n || left.factor === 0n || right.factor === 0n)
          continue;
        const roots = [left, right].map(({ known, factor }) => modulo(-known * inverse(factor)));
        return { at, roots: roots[0] === roots[1] ? [roots[0]] : roots };
      }
    }
    throw new Error(`nothing determines wire ${from}`);
  }

  /** Follows what is determined; false if a constraint is broken. */
  private propagate(queue: Set<Constraint>, trail: number[]): boolean {
    for (const constraint of queue) {
      queue.delete(constraint);
      const unknown = this.onlyUnknown(constraint);
      if (unknown === "many") continue;
      if (unknown === null) {
        if (!this.holdsFor(constraint, 0, 1n)) return false;
        continue;
      }
      const solved = this.solve(constraint, unknown);
      if (solved === "none") return false;
      if (solved === "open") continue;
      this.values[unknown] = solved;
      trail.push(unknown);
      for (const reader of this.readers[unknown]) queue.add(reader);
    }
    return true;
  }

  private onlyUnknown(constraint: Constraint): number | "many" | null {
    let only: number | null = null;
    // A product with 0 does not need its other factor.
    const [left, right, result] = constraint;
    const counts = this.isKnownZero(left) || this.isKnownZero(right) ? [result] : constraint;
    for (const row of counts)
      for (const { wire } of row) {
        if (this.values[wire] !== undefined || wire === only) continue;
        if (only !== null) return "many";
        only = wire;
      }
    return only;
  }

  private isKnownZero(row: Row): boolean {
    return row.every(({ wire }) => this.values[wire] !== undefined) && this.affine(row, -1).known === 0n;
  }

  private affine(row: Row, unknown: number): Affine {
    let known = 0n;
    let factor = 0n;
    for (const term of row) {
      if (term.wire === unknown) factor += term.factor;
      else known += term.factor * (this.values[term.wire] ?? 0n);
    }
    return { known: modulo(known), factor: modulo(factor) };
  }

  /** The only value that satisfies the constraint; `open` if there may be several. */
  private solve([left, right, result]: Constraint, unknown: number): bigint | "open" | "none" {
    const [a, b, c] = [left, right, result].map((row) => this.affine(row, unknown));
    if (modulo(a.factor * b.factor) !== 0n) return "open";
    const linear = modulo(a.factor * b.known + b.factor * a.known - c.factor);
    const constant = modulo(a.known * b.known - c.known);
    if (linear === 0n) return constant === 0n ? "open" : "none";
    return modulo(-constant * inverse(linear));
  }

  private holdsFor([left, right, result]: Constraint, wire: number, value: bigint): boolean {
    const [a, b, c] = [left, right, result].map((row) => {
      const { known, factor } = this.affine(row, wire);
      return known + factor * value;
    });
    return modulo(a * b - c) === 0n;
  }

  /** Every constraint that reads it multiplies it by 0. */
  private isIdle(wire: number): boolean {
    return this.readers[wire].every(
      ([left, right, result]) =>
        !result.some((term) => term.wire === wire) && (this.isKnownZero(left) || this.isKnownZero(right)),
    );
  }
}

/** The values of the wanted wires in all witnesses with the given wires, each as text with commas. */
export function allOutputs(
  r1cs: R1cs,
  given: ReadonlyMap<number, bigint>,
  wanted: readonly number[],
): ReadonlySet<string> {
  const search = new Search(r1cs, given, wanted);
  search.run();
  return search.found;
}
