/** Who may see what. */
export type Visibility = "public" | "committed" | "private";

export interface Visibilities {
  readonly input: Visibility;
  /** Hidden weights are always bound to the commitment in the verification key, so `private` and `committed` prove the same. */
  readonly weights: Visibility;
  readonly output: Visibility;
}

/** As statements have them: hidden weights are `private`, so that one claim has one form. */
export function statedVisibilities({ input, weights, output }: Visibilities): Visibilities {
  return { input, weights: weights === "public" ? "public" : "private", output };
}

export const DEFAULT_VISIBILITIES: Visibilities = { input: "private", weights: "private", output: "public" };
