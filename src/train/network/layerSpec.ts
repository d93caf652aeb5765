/** A network as data: what recipes write and what is read out of model files. */
import type { Shape } from "../../tensor/shape.ts";
import type { ActivationKind } from "./activation.ts";

/** One number for both axes, or [height, width]. */
export type Pair = number | readonly [number, number];

/** "valid": windows inside the image alone; "same": as many windows as strides; or top, left, bottom, right. */
export type Padding = "valid" | "same" | readonly [number, number, number, number];

/** `name` is made up from type and position among its like ("dense1") where it is left out. */
export type LayerSpec = { readonly name?: string } & (
  | { readonly type: "dense"; readonly units: number }
  | {
      readonly type: "conv2d";
      readonly filters: number;
      readonly kernel: Pair;
      readonly stride?: Pair;
      readonly padding?: Padding;
    }
  | { readonly type: ActivationKind }
  /** `stride` is `size` where it is left out. */
  | { readonly type: "max-pool" | "average-pool"; readonly size: Pair; readonly stride?: Pair }
  /** The mean of each channel. */
  | { readonly type: "global-average-pool" }
  | { readonly type: "flatten" }
  | { readonly type: "dropout"; readonly rate: number }
);

export interface NetworkSpec {
  /** Of one sample: [features] or [channels, height, width]. */
  readonly inputShape: Shape;
  readonly layers: readonly LayerSpec[];
}
