/**
 * A Merkle tree of which only the opened leaves exist: the columns at the positions that were asked for are uniform, the
 * other leaves are random hashes. A tree that is opened several times shows the same column at the same position.
 */
import { type OpenedTree, TREE_LABEL } from "../../../commitment/opening.ts";
import type { StackTree } from "../../../commitment/stackLayout.ts";
import { HASH_BYTES } from "../../../hash/blake3.ts";
import { hashLeaf, missingSiblings, rootFromLeaves, SALT_BYTES } from "../../../hash/merkle.ts";
import type { Coins } from "./coins.ts";

interface Opened {
  readonly column: Uint32Array;
  readonly salt: Uint8Array;
}

export class SimulatedTree {
  private readonly tree: StackTree;
  private readonly logLength: number;
  private readonly coins: Coins;
  private readonly opened = new Map<number, Opened>();
  /** Hashes by level, leaves first; null until the root is asked for. */
  private levels: Uint8Array[][] | null = null;

  constructor(tree: StackTree, logLength: number, coins: Coins) {
    this.tree = tree;
    this.logLength = logLength;
    this.coins = coins;
  }

  /** How many positions were asked for: at most the tree's uniform cells, or the argument does not cover them. */
  get positionsOpened(): number {
    return this.opened.size;
  }

  /** The column at a position, drawn when it is first asked for. The caller may change it before the root is asked for. */
  column(position: number): Uint32Array {
    const known = this.opened.get(position);
    if (known !== undefined) return known.column;
    if (this.levels !== null) throw new Error(`position ${position} is asked for after the root`);
    const column = Uint32Array.from({ length: this.tree.numRows }, () => this.coins.field());
    this.opened.set(position, { column, salt: this.coins.bytes(SALT_BYTES) });
    return column;
  }

  root(): Uint8Array {
    const levels = this.nodes();
    return levels[levels.length - 1][0];
  }

  open(positions: readonly number[]): OpenedTree {
    const levels = this.nodes();
    const columns = new Uint32Array(positions.length * this.tree.numRows);
    const salts = new Uint8Array(positions.length * SALT_BYTES);
    positions.forEach((position, i) => {
      const { column, salt } = this.opened.get(position) as Opened;
      columns.set(column, i * this.tree.numRows);
      salts.set(salt, i * SALT_BYTES);
    });
    const path = missingSiblings(positions, this.logLength).flatMap((missing, level) =>
      missing.map((index) => levels[level][index]),
    );
    return { columns, salts, path };
  }

  private nodes(): Uint8Array[][] {
    if (this.levels !== null) return this.levels;
    const label = TREE_LABEL[this.tree.name];
    const leaves = Array.from({ length: 2 ** this.logLength }, (_, position) => {
      const opened = this.opened.get(position);
      return opened === undefined
        ? this.coins.bytes(HASH_BYTES)
        : hashLeaf(label, position, opened.salt, opened.column);
    });
    this.levels = [leaves];
    for (let below = leaves; below.length > 1; ) {
      const above = Array.from({ length: below.length / 2 }, (_, i) =>
        rootFromLeaves([0, 1], [below[2 * i], below[2 * i + 1]], 1, []),
      );
      this.levels.push(above);
      below = above;
    }
    return this.levels;
  }
}
