/** Lagrange interpolation on the nodes 0, 1, …, numNodes − 1 of the prime field. */

import { add, type Ext, fromBase, isZero, mul, ONE, scale, sub, ZERO } from "../field/ext.ts";
import * as f from "../field/m31.ts";

/** L_i(theta) for i in [0, numNodes). Throws RangeError if theta is a node. */
export function lagrangeCoefficients(numNodes: number, theta: Ext): Ext[] {
  // Products of (theta − j) over the nodes before and after i, so that nothing but factorials is inverted.
  const before: Ext[] = [ONE];
  for (let i = 0; i < numNodes; i++) {
    const difference = sub(theta, fromBase(i));
    if (isZero(difference)) throw new RangeError(`theta is the node ${i}`);
    before.push(mul(before[i], difference));
  }
  const inverseFactorials = inverseFactorialsTo(numNodes - 1);
  const coefficients: Ext[] = new Array(numNodes);
  let after = ONE;
  for (let i = numNodes - 1; i >= 0; i--) {
    // Π_{j≠i} (i − j) = i!·(−1)^(last − i)·(last − i)!
    const rest = numNodes - 1 - i;
    const weight = f.mul(inverseFactorials[i], inverseFactorials[rest]);
    coefficients[i] = scale(mul(before[i], after), rest % 2 === 1 ? f.neg(weight) : weight);
    after = mul(after, sub(theta, fromBase(i)));
  }
  return coefficients;
}

function inverseFactorialsTo(last: number): number[] {
  let factorial = 1;
  for (let i = 2; i <= last; i++) factorial = f.mul(factorial, i);
  const inverses: number[] = new Array(last + 1);
  inverses[last] = f.inv(factorial);
  for (let i = last; i > 0; i--) inverses[i - 1] = f.mul(inverses[i], i);
  return inverses;
}

/** Value at theta of the polynomial of degree below values.length with the given values at 0, 1, …. */
export function interpolate(values: readonly Ext[], theta: Ext): Ext {
  return lagrangeCoefficients(values.length, theta).reduce((sum, l, i) => add(sum, mul(l, values[i])), ZERO);
}

/**
 * Values at the nodes values.length … last of the polynomial of degree below values.length that has the given values at
 * 0 … values.length − 1, by backward differences: additions only.
 */
export function extrapolate(values: readonly Ext[], last: number): Ext[] {
  const differences: Ext[] = [];
  for (const value of values) {
    let carried = value;
    for (let k = 0; k < differences.length; k++) {
      const previous = differences[k];
      differences[k] = carried;
      carried = sub(carried, previous);
    }
    differences.push(carried);
  }
  const result: Ext[] = [];
  for (let node = values.length; node <= last; node++) {
    for (let k = differences.length - 2; k >= 0; k--)
      differences[k] = add(differences[k], differences[k + 1]);
    result.push(differences[0]);
  }
  return result;
}
