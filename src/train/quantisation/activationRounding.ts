import type { IntegerForm } from "../../quant/realRange.ts";
import { roomFor, type ValueRounding } from "../network/layer.ts";

/** Multiples of a scale within a range of integers; gradients pass where nothing was cut off. */
export class ActivationRounding implements ValueRounding {
  form: IntegerForm;
  #values: Float32Array = new Float32Array(0);
  #rounded: Float32Array | undefined;
  #towards: Float32Array | undefined;

  constructor(form: IntegerForm) {
    this.form = form;
  }

  forward(values: Float32Array): Float32Array {
    const { range, quant } = this.form;
    this.#values = values;
    this.#rounded = roomFor(values.length, this.#rounded);
    const out = this.#rounded.subarray(0, values.length);
    for (let i = 0; i < out.length; i++) {
      const q = Math.round(values[i] / quant.scale);
      out[i] = quant.scale * Math.min(Math.max(q, range.lo), range.hi);
    }
    return out;
  }

  backward(gradient: Float32Array): Float32Array {
    const { range, quant } = this.form;
    const [lo, hi] = [(range.lo - 0.5) * quant.scale, (range.hi + 0.5) * quant.scale];
    const values = this.#values;
    this.#towards = roomFor(gradient.length, this.#towards);
    const towards = this.#towards.subarray(0, gradient.length);
    for (let i = 0; i < towards.length; i++)
      towards[i] = values[i] >= lo && values[i] <= hi ? gradient[i] : 0;
    return towards;
  }
}
