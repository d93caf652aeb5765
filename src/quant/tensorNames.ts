/**
 * Tensors of a program are named after the tensors of the graph that they stand for. Where that is not all there is to
 * say, a remark in parentheses follows.
 */

/** The scores that a trailing Softmax (or the like) would have turned into probabilities. */
export function namedBefore(graphValue: string, stripped: readonly string[]): string {
  return stripped.length === 0 ? graphValue : `${graphValue} (before ${stripped.join(", ")})`;
}

export function namedRequantised(graphValue: string): string {
  return `${graphValue} (requantised)`;
}

/** The graph's tensor that a tensor of this name stands for. */
export function graphValueOf(tensorName: string): string {
  return tensorName.replace(/ \((?:before [^()]*|requantised)\)$/, "");
}
