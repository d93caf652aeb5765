/** What a training has reached, as `train` writes it beside the model. Holds no times: the same recipe, the same bytes. */
import type { Feature, Task } from "../data/dataset.ts";
import type { Quality } from "../predict.ts";
import type { Recipe } from "./recipe.ts";

export interface TrainingReport {
  readonly format: "tensorproof-training";
  readonly version: 1;
  readonly recipe: Recipe;
  readonly samples: { readonly train: number; readonly test: number };
  readonly task: Task;
  /** What each input means; tables only. */
  readonly features: readonly Feature[] | null;
  /** Numbers that were learnt. */
  readonly parameters: number;
  /** Mean loss of each epoch, for models that are trained in epochs. */
  readonly losses: readonly number[];
  /** Null for k-means, which learns without labels, where it was given none. */
  readonly quality: { readonly train: Quality; readonly test: Quality } | null;
  /** Mean squared distance to the nearest centre; k-means alone. */
  readonly distance: { readonly train: number; readonly test: number } | null;
  /** Of the compiled program, on held-out samples; with `quantisation` in the recipe alone. */
  readonly quantised: QuantisedReport | null;
}

export interface QuantisedReport {
  readonly weightBits: number;
  readonly activationBits: number;
  /** The first so many of the held-out samples. */
  readonly count: number;
  /** Of a program compiled before and after training with rounding, and of the trained model in floating point. */
  readonly before: Quality;
  readonly after: Quality;
  readonly float: Quality;
}
