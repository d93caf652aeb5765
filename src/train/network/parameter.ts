/**
 * What training changes: one array of weights or biases.
 *
 * Layers compute with `effective`, which `refresh` derives from `values`: zero where the mask is zero, and rounded where a
 * quantiser is set. Gradients are those of `effective` and reach `values` unchanged (straight-through estimator, Bengio et
 * al. 2013); the optimiser leaves alone what a mask takes out, so that a later mask may bring it back.
 */
import { elementCount, type Shape } from "../../tensor/shape.ts";

export type ParameterRole = "weight" | "bias";

/** Rounds `values` into `target`, of the same length. */
export type Rounding = (values: Float32Array, target: Float32Array) => void;

export class Parameter {
  /** Unique in its network, "dense1.weight". */
  readonly name: string;
  readonly role: ParameterRole;
  readonly shape: Shape;
  readonly values: Float32Array;
  /** Of the loss with respect to `effective`, also where the mask is zero; summed since the optimiser's last step. */
  readonly gradient: Float32Array;
  /** 1 keeps a weight, 0 takes it out; null keeps all. */
  mask: Uint8Array | null = null;
  rounding: Rounding | null = null;
  #derived: Float32Array | null = null;

  constructor(name: string, role: ParameterRole, shape: Shape) {
    this.name = name;
    this.role = role;
    this.shape = shape;
    this.values = new Float32Array(elementCount(shape));
    this.gradient = new Float32Array(this.values.length);
  }

  /** What layers compute with; valid after `refresh`. */
  get effective(): Float32Array {
    return this.#derived ?? this.values;
  }

  /** To be called after `values`, `mask` or `rounding` changed. */
  refresh(): void {
    const { values, mask, rounding } = this;
    if (mask === null && rounding === null) {
      this.#derived = null;
      return;
    }
    this.#derived ??= new Float32Array(values.length);
    const derived = this.#derived;
    if (mask === null) derived.set(values);
    else for (let i = 0; i < derived.length; i++) derived[i] = mask[i] === 0 ? 0 : values[i];
    rounding?.(derived, derived);
  }

  /**
   * −Σ gradient · value since the last step, added to `scores`: the importance by which movement pruning ranks weights
   * (Sanh, Wolf, Rush 2020, equation 4, without the sign).
   */
  addMovement(scores: Float32Array): void {
    for (let i = 0; i < scores.length; i++) scores[i] -= this.gradient[i] * this.values[i];
  }
}
