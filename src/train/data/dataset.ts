/** Samples to learn from and samples that are held out. */
import type { Shape } from "../../tensor/shape.ts";

/** Class names of a classification, in the order of their numbers; or a regression. */
export type Task =
  | { readonly kind: "classification"; readonly classes: readonly string[] }
  | { readonly kind: "regression" };

export interface Samples {
  readonly count: number;
  /** [count, …input shape], row-major. */
  readonly inputs: Float32Array;
  /** Of each sample the number of its class, or its real target. */
  readonly targets: Float64Array;
}

export interface Dataset {
  readonly name: string;
  readonly inputShape: Shape;
  readonly task: Task;
  readonly train: Samples;
  readonly test: Samples;
  /** Of tables: what each feature is, after one-hot encoding. */
  readonly features?: readonly Feature[];
}

/** input = (cell − offset) / scale; of words: 1 where the cell is `word`, else 0. */
export type Feature =
  | {
      readonly kind: "number";
      readonly name: string;
      readonly column: string;
      readonly offset: number;
      readonly scale: number;
    }
  | { readonly kind: "word"; readonly name: string; readonly column: string; readonly word: string };
