/**
 * A scalar that the prover sent minus a fresh one-time pad: the verifier knows it only as an affine form
 * constant + Σ coefficient_j · pad_j, with the pads committed before. Every check on such scalars is linear in the pads
 * and becomes a claim about the commitment (protocol of longfellow-zk's padded transcript: docs/specs/libzk.md there).
 */
import { add, type Ext, mul, neg, ONE, ZERO } from "../field/ext.ts";

export class HiddenScalar {
  readonly constant: Ext;
  /** Coefficient of each pad, by pad index. */
  readonly pads: ReadonlyMap<number, Ext>;

  constructor(constant: Ext, pads: ReadonlyMap<number, Ext> = new Map()) {
    this.constant = constant;
    this.pads = pads;
  }

  static known(value: Ext): HiddenScalar {
    return new HiddenScalar(value);
  }

  /** The scalar of which `sent` = scalar − pad was received. */
  static masked(sent: Ext, pad: number): HiddenScalar {
    return new HiddenScalar(sent, new Map([[pad, ONE]]));
  }

  /** this + factor · other */
  plus(other: HiddenScalar, factor: Ext = ONE): HiddenScalar {
    const pads = new Map(this.pads);
    for (const [pad, coefficient] of other.pads) {
      pads.set(pad, add(pads.get(pad) ?? ZERO, mul(factor, coefficient)));
    }
    return new HiddenScalar(add(this.constant, mul(factor, other.constant)), pads);
  }

  plusKnown(value: Ext): HiddenScalar {
    return new HiddenScalar(add(this.constant, value), this.pads);
  }

  minus(other: HiddenScalar): HiddenScalar {
    return this.plus(other, neg(ONE));
  }

  times(factor: Ext): HiddenScalar {
    const pads = new Map<number, Ext>();
    for (const [pad, coefficient] of this.pads) pads.set(pad, mul(factor, coefficient));
    return new HiddenScalar(mul(factor, this.constant), pads);
  }
}
