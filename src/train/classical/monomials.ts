/** Products of features up to a degree, for polynomial regression. */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { Rows } from "./leastSquares.ts";

const MAX_MONOMIALS = 4096;

/**
 * Of degree 1 to `degree`, each as the numbers of its features in rising order: the order of scikit-learn's PolynomialFeatures.
 * @throws TensorproofError `recipe.invalid` where there are more than 4096
 */
export function monomialsOf(numFeatures: number, degree: number): readonly (readonly number[])[] {
  const found: (readonly number[])[] = [];
  let previous: (readonly number[])[] = [[]];
  for (let d = 1; d <= degree; d++) {
    const next: (readonly number[])[] = [];
    for (const monomial of previous) {
      for (let i = monomial.at(-1) ?? 0; i < numFeatures; i++) next.push([...monomial, i]);
      if (found.length + next.length <= MAX_MONOMIALS) continue;
      const message = `a polynomial of degree ${degree} in ${numFeatures} features has more than ${MAX_MONOMIALS} terms: lower the degree`;
      throw new TensorproofError("recipe.invalid", message, { where: "recipe.model.degree" });
    }
    found.push(...next);
    previous = next;
  }
  return found;
}

export function expandRows({ count, width, values }: Rows, monomials: readonly (readonly number[])[]): Rows {
  const expanded = new Float64Array(count * monomials.length);
  for (let n = 0; n < count; n++) {
    monomials.forEach((monomial, m) => {
      expanded[n * monomials.length + m] = monomial.reduce(
        (product, i) => product * values[n * width + i],
        1,
      );
    });
  }
  return { count, width: monomials.length, values: expanded };
}
