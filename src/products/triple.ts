import type { HiddenScalar } from "../masking/hiddenScalar.ts";

/** The assertion x · y = z on hidden scalars. */
export interface ProductTriple {
  /** Where it comes from, for error messages. */
  readonly name: string;
  readonly x: HiddenScalar;
  readonly y: HiddenScalar;
  readonly z: HiddenScalar;
}
