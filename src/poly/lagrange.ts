/** Lagrange interpolation on the nodes 0, 1, …, numNodes − 1 of the prime field. */

import { add, type Ext, fromBase, inv, isZero, mul, ONE, scale, sub, ZERO } from "../field/ext.ts";
import * as f from "../field/m31.ts";

/** L_i(theta) for i in [0, numNodes). Throws RangeError if theta is a node. */
export function lagrangeCoefficients(numNodes: number, theta: Ext): Ext[] {
  const differences: Ext[] = [];
  let full = ONE;
  for (let i = 0; i < numNodes; i++) {
    const d = sub(theta, fromBase(i));
    if (isZero(d)) throw new RangeError(`theta is the node ${i}`);
    differences.push(d);
    full = mul(full, d);
  }
  const factorials: number[] = [1];
  for (let i = 1; i < numNodes; i++) factorials.push(f.mul(factorials[i - 1], i));
  return differences.map((d, i) => {
    // Π_{j≠i} (i − j) = i!·(−1)^(last − i)·(last − i)!
    const last = numNodes - 1;
    let weight = f.mul(factorials[i], factorials[last - i]);
    if ((last - i) % 2 === 1) weight = f.neg(weight);
    return scale(mul(full, inv(d)), f.inv(weight));
  });
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
