import { elementCount, sameShape } from "../../tensor/shape.ts";
import type { ConstantId, IntRange, TensorId } from "../program.ts";
import { ProgramDraft } from "./programDraft.ts";
import { randomIntegers } from "./randomIntegers.ts";

/** Everything a random operator is made from. */
export class Choices {
  readonly draft: ProgramDraft = new ProgramDraft();
  readonly random: (bound: number) => number;

  constructor(seed: number) {
    this.random = randomIntegers(seed);
  }

  between(lo: number, hi: number): number {
    return lo + this.random(hi - lo + 1);
  }

  one<T>(values: readonly T[]): T {
    return values[this.random(values.length)];
  }

  range(): IntRange {
    return this.one([
      { lo: -128, hi: 127 },
      { lo: 0, hi: 255 },
      { lo: 2, hi: 9 },
      { lo: -7, hi: -3 },
    ]);
  }

  constant(shape: readonly number[], range: IntRange): ConstantId {
    const data = Int32Array.from({ length: elementCount(shape) }, () => this.between(range.lo, range.hi));
    return this.draft.constant(shape, range, data);
  }

  bias(length: number): ConstantId | null {
    return this.random(3) === 0 ? null : this.constant([length], { lo: -900, hi: 1000 });
  }

  shapeOf(id: TensorId): readonly number[] {
    return this.draft.tensors[id].shape;
  }

  /** A tensor of at least `rank` axes, or null. */
  tensor(rank = 0, maxRank = 8): TensorId | null {
    const ids = this.draft.tensors.map((_, id) => id);
    const fit = ids.filter((id) => this.shapeOf(id).length >= rank && this.shapeOf(id).length <= maxRank);
    return fit.length === 0 ? null : this.one(fit);
  }

  /** Tensors of the shape of one of them, `count` in all. */
  alike(first: TensorId, count: number): TensorId[] {
    const ids = this.draft.tensors.map((_, id) => id);
    const fit = ids.filter((id) => sameShape(this.shapeOf(id), this.shapeOf(first)));
    return [first, ...Array.from({ length: count - 1 }, () => this.one(fit))];
  }
}
