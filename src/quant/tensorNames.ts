/**
 * Tensors of a program are named after the tensors of the graph that they stand for. Where that is not all there is to
 * say, a remark in parentheses follows: the order of the axes, or what was left out after it.
 */

const CHANNELS_LAST = "channels last";

/** The scores that a trailing Softmax (or the like) would have turned into probabilities. */
export function namedBefore(name: string, stripped: readonly string[]): string {
  return stripped.length === 0 ? name : `${name} (before ${stripped.join(", ")})`;
}

export function namedRequantised(name: string): string {
  return `${name} (requantised)`;
}

function isChannelsLast(permutation: readonly number[]): boolean {
  const last = permutation.length - 1;
  return permutation.every((axis, at) => axis === (at === 0 ? last : at - 1));
}

/** A graph's tensor held with its axes in another order: axis i of the graph's is axis permutation[i] of ours. */
export function namedInLayout(graphValue: string, permutation: readonly number[]): string {
  if (permutation.every((axis, at) => axis === at)) return graphValue;
  // Two axes have one other order, which reads better as what it is.
  const order = isChannelsLast(permutation) ? CHANNELS_LAST : `axes ${permutation.join(" ")}`;
  return `${graphValue} (${order})`;
}

/** What a name says about its tensor. */
export interface TensorMeaning {
  readonly graphValue: string;
  /** Null: the graph's own order. */
  readonly permutation: (rank: number) => readonly number[] | null;
}

/** The graph's tensor that a tensor of this name stands for, and the order of its axes. */
export function meaningOf(tensorName: string): TensorMeaning {
  const bare = tensorName.replace(/(?: \((?:before [^()]*|requantised)\))+$/, "");
  const layout = / \((channels last|axes [\d ]+)\)$/.exec(bare);
  if (layout === null) return { graphValue: bare, permutation: () => null };
  const graphValue = bare.slice(0, layout.index);
  const [, order] = layout;
  if (order !== CHANNELS_LAST) {
    const axes = order.slice("axes ".length).split(" ").map(Number);
    return { graphValue, permutation: () => axes };
  }
  const channelsLast = (rank: number): number[] =>
    Array.from({ length: rank }, (_, axis) => (axis === 0 ? rank - 1 : axis - 1));
  return { graphValue, permutation: channelsLast };
}
