/** Who may see what. */
export type Visibility = "public" | "committed" | "private";

export interface Visibilities {
  readonly input: Visibility;
  /** Hidden weights are always bound to the commitment in the verification key, so `private` and `committed` prove the same. */
  readonly weights: Visibility;
  readonly output: Visibility;
}

export const DEFAULT_VISIBILITIES: Visibilities = { input: "private", weights: "private", output: "public" };
