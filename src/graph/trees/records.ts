/** Places the entries of trees as records of one table, children side by side. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { type Search, searchAmong } from "./membership.ts";
import { NEVER_EXCEEDED } from "./thresholds.ts";
import type { Leaf, MemberSplit, Split, Tree } from "./tree.ts";

/** More records than any ensemble that would be proven in reasonable time. */
export const MAX_RECORDS: number = 2 ** 20;
const MAX_DEPTH = 128;

export function badTree(where: string, reason: string): TensorproofError {
  return new TensorproofError("model.badTree", `${where}: ${reason}`, { where });
}

function checkSplit(tree: Tree, at: number, split: Split | MemberSplit, numFeatures: number): void {
  const where = `${tree.name}, node ${at}`;
  const { feature } = split;
  if (!Number.isInteger(feature) || feature < 0 || feature >= numFeatures)
    throw badTree(where, `compares feature ${feature}; the model has ${numFeatures} of them, counted from 0`);
  const thresholds = "cuts" in split ? split.cuts : [split.threshold];
  for (const threshold of thresholds) {
    if (!Number.isFinite(threshold))
      throw badTree(where, `has the threshold ${threshold}, which is not finite`);
  }
  for (const child of [split.yes, split.no]) {
    if (!Number.isInteger(child) || child < 0 || child >= tree.entries.length)
      throw badTree(where, `has the child ${child}, which the tree lacks`);
  }
}

/** An entry of a tree, the record it gets, and after how many steps at most that is reached. */
interface Place {
  readonly at: number;
  readonly record: number;
  readonly depth: number;
}

/** An end of a search. */
interface End {
  readonly isMember: boolean;
  readonly record: number;
  readonly depth: number;
}

export class Records {
  readonly feature: number[] = [];
  readonly threshold: number[] = [];
  readonly left: number[] = [];
  readonly values: (readonly number[])[] = [];
  /** Steps after which every path has reached its leaf. */
  depth = 1;

  #requireRoom(count: number): void {
    if (this.left.length + count <= MAX_RECORDS + 1) return;
    const message = `needs more than ${MAX_RECORDS} records, those of sets of categories included`;
    throw badTree("ensemble", message);
  }

  /** Room for one more; returns its position. */
  reserve(): number {
    this.#requireRoom(1);
    this.left.push(0);
    this.feature.push(0);
    this.threshold.push(NEVER_EXCEEDED);
    this.values.push([]);
    return this.left.length - 1;
  }

  /** Makes a record a comparison; returns those of its children. */
  #compare(record: number, feature: number, threshold: number): readonly [number, number] {
    this.feature[record] = feature;
    this.threshold[record] = threshold;
    this.left[record] = this.left.length;
    return [this.reserve(), this.reserve()];
  }

  #placeSearch(search: Search, feature: number, record: number, depth: number, ends: End[]): void {
    if ("isMember" in search) {
      ends.push({ isMember: search.isMember, record, depth });
      return;
    }
    const [left, right] = this.#compare(record, feature, search.cut);
    this.#placeSearch(search.left, feature, left, depth + 1, ends);
    this.#placeSearch(search.right, feature, right, depth + 1, ends);
  }

  /**
   * The search among the cuts has several ends for each of two children: the deepest one is the child, the others lead to it
   * in one step more.
   */
  #placeMembers({ feature, cuts, yes, no }: MemberSplit, { record, depth }: Place): Place[] {
    this.#requireRoom(2 * cuts.length);
    const ends: End[] = [];
    this.#placeSearch(searchAmong(cuts), feature, record, depth, ends);
    return [yes, no].flatMap((at, i): Place[] => {
      const mine = ends.filter(({ isMember }) => isMember === (i === 0));
      if (mine.length === 0) return [];
      const child = mine.reduce((deepest, end) => (end.depth > deepest.depth ? end : deepest));
      const others = mine.filter((end) => end !== child);
      for (const end of others) this.left[end.record] = child.record;
      const arrival = others.reduce((most, end) => Math.max(most, end.depth + 1), child.depth);
      return [{ at, record: child.record, depth: arrival }];
    });
  }

  #placeChildren(place: Place, split: Split | MemberSplit): readonly Place[] {
    if ("cuts" in split) return this.#placeMembers(split, place);
    const [left, right] = this.#compare(place.record, split.feature, split.threshold);
    const depth = place.depth + 1;
    return [
      { at: split.yes, record: left, depth },
      { at: split.no, record: right, depth },
    ];
  }

  /** Places what follows a root, level by level. An entry that two others lead to is no tree's. */
  place(tree: Tree, root: number, numFeatures: number, valuesOf: (leaf: Leaf) => readonly number[]): void {
    const seen = new Set<number>([0]);
    const queue: Place[] = [{ at: 0, record: root, depth: 0 }];
    for (const place of queue) {
      const { at, record, depth } = place;
      if (depth > MAX_DEPTH) throw badTree(tree.name, `is deeper than ${MAX_DEPTH} levels`);
      this.depth = Math.max(this.depth, depth);
      const entry = tree.entries[at];
      if ("values" in entry) {
        this.left[record] = record;
        this.values[record] = valuesOf(entry);
        continue;
      }
      checkSplit(tree, at, entry, numFeatures);
      for (const child of [entry.yes, entry.no]) {
        if (seen.has(child)) {
          const where = `${tree.name}, node ${at}`;
          throw badTree(where, `leads to node ${child}, which is reached on another way too`);
        }
        seen.add(child);
      }
      queue.push(...this.#placeChildren(place, entry));
    }
  }
}
