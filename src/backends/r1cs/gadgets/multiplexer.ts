/**
 * Functions given by a table of 2^n constants, of n bits: the multilinear polynomial through the table. With the bits split
 * in halves it is Σ_h m_h(high) · (Σ_l c[h, l] · m_l(low)), m all products of bits, so that about 3 · 2^(n/2) products
 * suffice where selecting one row after the other takes 2^n.
 */
import { type Circuit, materialise, multiply, type Term } from "../circuit.ts";

/** All products of subsets of the bits; entry s is the product of those in the mask s. 2^n − n − 1 constraints. */
function subsetProducts<E>(circuit: Circuit<E>, bits: readonly E[]): E[] {
  const products: E[] = [circuit.constant(1n)];
  for (const bit of bits) {
    const count = products.length;
    products.push(bit);
    for (let s = 1; s < count; s++) products.push(multiply(circuit, products[s], bit));
  }
  return products;
}

/** Coefficients of the multilinear polynomial through the table: entry s belongs to the product of the bits in s. */
export function multilinearCoefficients(table: ArrayLike<number>): number[] {
  const coefficients = Array.from(table);
  for (let step = 1; step < coefficients.length; step *= 2) {
    for (let s = 0; s < coefficients.length; s++)
      if ((s & step) !== 0) coefficients[s] -= coefficients[s - step];
  }
  return coefficients;
}

/** table[Σ 2^i bits[i]] for each of these tables of 2^bits.length integers, a wire each; the bits must be 0 or 1. */
export function multiplex<E>(
  circuit: Circuit<E>,
  bits: readonly E[],
  tables: readonly ArrayLike<number>[],
): E[] {
  const numLow = Math.ceil(bits.length / 2);
  const low = subsetProducts(circuit, bits.slice(0, numLow));
  const high = subsetProducts(circuit, bits.slice(numLow));
  return tables.map((table) => {
    const coefficients = multilinearCoefficients(table);
    const terms: Term<E>[] = high.flatMap((product, h) => {
      const row = low.flatMap((of, l) => {
        const factor = coefficients[(h << numLow) + l];
        return factor === 0 ? [] : [{ factor: BigInt(factor), of }];
      });
      if (row.length === 0) return [];
      const inner = circuit.sum(row);
      return [{ factor: 1n, of: h === 0 ? inner : multiply(circuit, inner, product) }];
    });
    return materialise(circuit, circuit.sum(terms));
  });
}
