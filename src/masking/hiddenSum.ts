/**
 * A hidden scalar under construction. Sums of many hidden scalars are collected in place: with immutable ones every step
 * would copy all pads collected before.
 */
import { add, type Ext, mul, ZERO } from "../field/ext.ts";
import { HiddenScalar } from "./hiddenScalar.ts";

export class HiddenSum {
  private known: Ext = ZERO;
  private readonly coefficients: Map<number, Ext> = new Map();

  get constant(): Ext {
    return this.known;
  }

  /** Coefficient of each pad, by pad index. */
  get pads(): ReadonlyMap<number, Ext> {
    return this.coefficients;
  }

  /** Adds factor · scalar. */
  add(scalar: HiddenScalar, factor: Ext): void {
    this.known = add(this.known, mul(factor, scalar.constant));
    for (const [pad, coefficient] of scalar.pads) {
      const term = mul(factor, coefficient);
      const before = this.coefficients.get(pad);
      this.coefficients.set(pad, before === undefined ? term : add(before, term));
    }
  }

  addKnown(value: Ext): void {
    this.known = add(this.known, value);
  }

  /** The sum so far. */
  scalar(): HiddenScalar {
    return new HiddenScalar(this.known, new Map(this.coefficients));
  }
}
