/**
 * What opened columns say about one committed row, by linear algebra over F alone. A symbol of the row's codeword is a
 * known combination of its unknown cells: t uniform ones, and those of the weights. Every other cell of the row is padding,
 * which an honest prover leaves at zero.
 */
import { basisValues, domainPoints } from "../../../code/circleGroup.ts";
import { inv, mul, P } from "../../../field/m31.ts";

export interface AttackedRow {
  readonly logLength: number;
  readonly logColumns: number;
  readonly uniformCells: number;
  /** Columns of the cells that hold weights. */
  readonly cells: readonly number[];
}

export interface AttackResult {
  /** Rank of all equations. */
  readonly rank: number;
  /** Independent equations about weights alone. */
  readonly aboutWeights: number;
  /** Residue of each weight that the equations determine, else null. */
  readonly weights: readonly (number | null)[];
}

/** `symbols`: those of the row's codeword that have been opened, by position. */
export function attackRow(row: AttackedRow, symbols: ReadonlyMap<number, number>): AttackResult {
  const { uniformCells: t, cells, logColumns } = row;
  const positions = [...symbols.keys()];
  const points = domainPoints(row.logLength, positions);
  const echelon = new Map<number, Uint32Array>();
  positions.forEach((position, i) => {
    const basis = basisValues(2 ** (logColumns + 1), points[i]);
    // Uniform cells first: what is left of an equation without them is about weights.
    const equation = new Uint32Array(t + cells.length + 1);
    equation.set(basis.subarray(2 ** logColumns, 2 ** logColumns + t));
    cells.forEach((column, cell) => {
      equation[t + cell] = basis[column];
    });
    equation[t + cells.length] = symbols.get(position) as number;
    insert(echelon, equation);
  });
  const pivots = [...echelon.keys()].filter((pivot) => pivot >= t).sort((a, b) => b - a);
  for (const pivot of pivots) {
    const own = echelon.get(pivot) as Uint32Array;
    for (let column = pivot + 1; column < t + cells.length; column++) {
      const later = echelon.get(column);
      if (later !== undefined) subtractMultiple(own, later, own[column], column);
    }
  }
  const weights = cells.map((_, cell) => {
    const own = echelon.get(t + cell);
    const isAlone = own?.subarray(t + cell + 1, t + cells.length).every((x) => x === 0);
    return own !== undefined && isAlone ? own[t + cells.length] : null;
  });
  return { rank: echelon.size, aboutWeights: pivots.length, weights };
}

/** Rows by pivot column: 1 at the pivot, 0 before it. */
function insert(echelon: Map<number, Uint32Array>, equation: Uint32Array): void {
  const last = equation.length - 1;
  for (let column = 0; column < last; column++) {
    const value = equation[column];
    if (value === 0) continue;
    const row = echelon.get(column);
    if (row === undefined) {
      const factor = inv(value);
      for (let i = column; i <= last; i++) equation[i] = mul(equation[i], factor);
      echelon.set(column, equation);
      return;
    }
    subtractMultiple(equation, row, value, column);
  }
  if (equation[last] !== 0) throw new Error("the opened symbols are no codeword of such a row");
}

function subtractMultiple(target: Uint32Array, row: Uint32Array, factor: number, from: number): void {
  if (factor === 0) return;
  // Held in a constant: looked up in its module each time, the multiplication takes several times as long.
  const multiply = mul;
  for (let i = from; i < target.length; i++) {
    const difference = target[i] - multiply(factor, row[i]);
    target[i] = difference < 0 ? difference + P : difference;
  }
}
