/** Gaussian elimination over F for the hiding tests: ranks by insertion, and null spaces. */
import { inv, mul, neg, sub } from "../../field/m31.ts";

/** The span of the vectors inserted so far, all of one length. */
export class Span {
  /** Echelon rows by pivot column: 1 at the pivot, 0 before it. */
  private readonly rows = new Map<number, Uint32Array>();

  get rank(): number {
    return this.rows.size;
  }

  /** True if the vector was outside the span, which it then enlarges. The argument is left as it was. */
  insert(vector: Uint32Array): boolean {
    const rest = Uint32Array.from(vector);
    for (let column = 0; column < rest.length; column++) {
      const value = rest[column];
      if (value === 0) continue;
      const row = this.rows.get(column);
      if (row === undefined) {
        scaleRow(rest, inv(value));
        this.rows.set(column, rest);
        return true;
      }
      subtractMultiple(rest, row, value, column);
    }
    return false;
  }
}

/** A basis of {x : ⟨equation, x⟩ = 0 for all equations}. */
export function nullSpace(equations: readonly Uint32Array[], length: number): Uint32Array[] {
  const reduced = new Map<number, Uint32Array>();
  for (const equation of equations) {
    const rest = Uint32Array.from(equation);
    for (const [pivot, row] of reduced) subtractMultiple(rest, row, rest[pivot], 0);
    const pivot = rest.findIndex((value) => value !== 0);
    if (pivot < 0) continue;
    scaleRow(rest, inv(rest[pivot]));
    for (const row of reduced.values()) subtractMultiple(row, rest, row[pivot], 0);
    reduced.set(pivot, rest);
  }
  const basis: Uint32Array[] = [];
  for (let free = 0; free < length; free++) {
    if (reduced.has(free)) continue;
    const vector = new Uint32Array(length);
    vector[free] = 1;
    for (const [pivot, row] of reduced) vector[pivot] = neg(row[free]);
    basis.push(vector);
  }
  return basis;
}

/** Σ coefficient · vector. */
export function combination(
  coefficients: Uint32Array,
  vectors: readonly Uint32Array[],
  length: number,
): Uint32Array {
  const sum = new Uint32Array(length);
  coefficients.forEach((coefficient, i) => {
    subtractMultiple(sum, vectors[i], neg(coefficient), 0);
  });
  return sum;
}

function scaleRow(row: Uint32Array, factor: number): void {
  for (let i = 0; i < row.length; i++) if (row[i] !== 0) row[i] = mul(row[i], factor);
}

function subtractMultiple(target: Uint32Array, row: Uint32Array, factor: number, from: number): void {
  if (factor === 0) return;
  for (let i = from; i < target.length; i++) {
    if (row[i] !== 0) target[i] = sub(target[i], mul(factor, row[i]));
  }
}
