import { expect, it } from "vitest";
import { type Ext, ONE, ZERO } from "../field/ext.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import type { MessageReader } from "../masking/messages.ts";
import { LABEL_LINE, reduceLookups } from "./verifier.ts";

/** All challenges as wanted; the scalars do not matter before the last equations. */
function reader(challenge: (label: string) => Ext): MessageReader {
  return { clear: () => ONE, hidden: () => HiddenScalar.known(ONE), challenge };
}

it("refuses challenges at which a layer's equation would say nothing", () => {
  // eq(0, 1) = 0: whatever the products are, their sum would be weighted with zero.
  const opposite = reader((label) => (label === LABEL_LINE ? ZERO : ONE));
  expect(() => reduceLookups(opposite, 2)).toThrow("lookup.degenerate: layer 1");
  const equal = reader(() => ONE);
  expect(reduceLookups(equal, 2).products).toHaveLength(4);
});
