/** Decision trees as files have them: entries that lead to others. */

export interface Split {
  readonly feature: number;
  /** In single precision. x ≤ threshold goes to `yes`, all else to `no`: positions in the tree's entries. */
  readonly threshold: number;
  readonly yes: number;
  readonly no: number;
}

/**
 * A test for membership in a set of intervals. x is in it where the number of cuts below x is odd: cuts[0] < x ≤ cuts[1],
 * cuts[2] < x ≤ cuts[3] and so on.
 */
export interface MemberSplit {
  readonly feature: number;
  /** In single precision, strictly ascending. */
  readonly cuts: readonly number[];
  /** Positions in the tree's entries of what members and all else go to. */
  readonly yes: number;
  readonly no: number;
}

/** Of a tree with a target of its own one value, else one for each target. */
export interface Leaf {
  readonly values: readonly number[];
}

export type TreeEntry = Split | MemberSplit | Leaf;

export interface Tree {
  /** For messages: "tree 3". */
  readonly name: string;
  /** The first one is the root. */
  readonly entries: readonly TreeEntry[];
  /** The only target that the tree adds to; null: all of them. */
  readonly target: number | null;
}
