/**
 * All equations combined with powers of λ to one claim about the stack, and the weights of its rows:
 * docs/spec/06-opening.md, 6.4 and 6.5.
 */
import { add, BASIS, type K, k, multiply, negate, power, subtract, sum, ZERO } from "./field.ts";
import type { LinearRelation, TensorTerm } from "./linearRelation.ts";
import { bits, eqIndex, eqTable, type Point } from "./multilinear.ts";
import { keyLength, type PlacedTensor, type RowShape, type Stack, storedRows } from "./stack.ts";

/** total = − Σ λ^i·constant_i + λ^q·μ */
export function combinedTotal(relations: readonly LinearRelation[], lambda: K, maskSum: K): K {
  const constants = sum(relations.map(({ form }, i) => multiply(power(lambda, i), form.constant)));
  return add(negate(constants), multiply(power(lambda, relations.length), maskSum));
}

/** s[row] = Σ_col eq(ρ, col)·weight[row][col] for all rows of the stack; `axes` of the plan's tensors. */
export function rowClaims(
  stack: Stack,
  axes: readonly (readonly number[])[],
  relations: readonly LinearRelation[],
  lambda: K,
  rho: Point,
): K[] {
  const d = rho.length;
  const columns = eqTable(rho);
  const s: K[] = Array.from({ length: stack.numRows }, () => ZERO);
  const claim = (row: number, value: K): void => {
    s[row] = add(s[row]!, value);
  };
  for (const [i, { terms, form }] of relations.entries()) {
    const weight = power(lambda, i);
    for (const term of terms) claimTensor(stack, axes[term.tensor]!, term, weight, columns, d, claim);
    for (const [padIndex, coefficient] of form.pads) {
      const firstRow = stack.firstPadRow + 4 * Math.floor(padIndex / 2 ** d);
      const scalar = multiply(multiply(weight, coefficient), columns[padIndex % 2 ** d]!);
      BASIS.forEach((unit, c) => {
        claim(firstRow + c, multiply(scalar, unit));
      });
    }
  }
  const maskWeight = power(lambda, relations.length);
  BASIS.forEach((unit, c) => {
    claim(stack.firstMaskRow + c, multiply(multiply(maskWeight, columns[0]!), unit));
    claim(stack.firstMaskRow + 4 + c, multiply(multiply(maskWeight, columns[2 ** d - 1]!), unit));
  });
  return s;
}

function claimTensor(
  stack: Stack,
  axes: readonly number[],
  term: TensorTerm,
  weight: K,
  columns: readonly K[],
  d: number,
  claim: (row: number, value: K) => void,
): void {
  const placed = stack.tensors.find(({ tensor }) => tensor === term.tensor);
  if (placed === undefined) throw new RangeError(`tensor ${term.tensor} is not committed`);
  const split = keyLength(axes, d);
  const keyPoint = term.point.slice(0, split);
  const columnPoint = term.point.slice(split);
  const factor = multiply(weight, term.factor);
  const sums = new Map<number, K>();
  for (const [index, { key, limit }] of storedRows(placed.shape).entries()) {
    const columnSum = sums.get(limit) ?? claimedColumns(placed, limit, columnPoint, columns);
    sums.set(limit, columnSum);
    claim(placed.firstRow + index, multiply(multiply(factor, eqIndex(keyPoint, key)), columnSum));
  }
}

/** Σ_col eq(ρ, col)·B(col) of a row with this limit. */
function claimedColumns(
  { shape, firstColumn }: PlacedTensor,
  limit: number,
  columnPoint: Point,
  columns: readonly K[],
): K {
  let total = ZERO;
  for (const [column, weight] of eqTable(columnPoint).entries()) {
    if (isRealColumn(shape, limit, column))
      total = add(total, multiply(weight, columns[firstColumn + column]!));
  }
  return total;
}

/** Is every index that the column stands for below its axis's length, that of the cut axis below the limit? */
function isRealColumn({ innerAxes, cut }: RowShape, limit: number, column: number): boolean {
  let rest = column;
  for (const length of [...innerAxes].reverse()) {
    const width = 2 ** bits(length);
    if (rest % width >= length) return false;
    rest = Math.floor(rest / width);
  }
  return cut === undefined || rest < limit;
}

/** γ[row] from the scalars of 6.6. */
export function proximityWeights(stack: Stack, scalars: readonly K[]): K[] {
  const single = scalars.slice(0, stack.firstPadRow);
  const fourfold = [...scalars.slice(stack.firstPadRow), k(1)];
  return [...single, ...fourfold.flatMap((x) => BASIS.map((unit) => multiply(x, unit)))];
}

/** The claim of the next round: h(r) with h(0) + h(1) = value, from coefficients c0 and c2 (6.5). */
export function nextRound(value: K, c0: K, c2: K, r: K): K {
  const c1 = subtract(subtract(value, multiply(k(2), c0)), c2);
  return add(c0, multiply(r, add(c1, multiply(r, c2))));
}
