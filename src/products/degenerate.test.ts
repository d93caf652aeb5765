/** θ among the interpolation nodes: X(θ) would show a hidden value, and the equations would not be defined. */
import { describe, expect, it } from "vitest";
import { add, type Ext, mul, ZERO } from "../field/ext.ts";
import { P } from "../field/m31.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { PAD_PRODUCT_X, PAD_PRODUCT_Y } from "../masking/messages.ts";
import { TranscriptWriter } from "../masking/prover.ts";
import { TranscriptReader } from "../masking/verifier.ts";
import { Transcript } from "../transcript/transcript.ts";
import { proveProducts } from "./prover.ts";
import { reduceProducts } from "./verifier.ts";

const M = 3;
const x = seededExts(1, M);
const y = seededExts(2, M);
const pads = seededExts(3, 20);
const values = x.map((value, i) => ({ x: value, y: y[i] }));
const triples = values.map((value, i) => ({
  name: `triple ${i}`,
  x: HiddenScalar.known(value.x),
  y: HiddenScalar.known(value.y),
  z: HiddenScalar.known(mul(value.x, value.y)),
}));

class ChosenPoint extends Transcript {
  readonly absorbed: string[] = [];
  private readonly theta: Ext;

  constructor(theta: Ext) {
    super("test");
    this.theta = theta;
  }

  override absorbExts(label: string, elements: readonly Ext[]): void {
    this.absorbed.push(label);
    super.absorbExts(label, elements);
  }

  override challengeExt(): Ext {
    return this.theta;
  }
}

function prove(transcript: Transcript): TranscriptWriter {
  const writer = new TranscriptWriter(transcript, (index) => pads[index]);
  proveProducts(writer, values, { x: pads[PAD_PRODUCT_X], y: pads[PAD_PRODUCT_Y] });
  return writer;
}

const scalars = prove(new ChosenPoint([5, 6, 7, 8])).scalars();
const base = (value: number): Ext => [value, 0, 0, 0];

describe("an evaluation point of the product check", () => {
  it.each(Array.from({ length: 2 * M + 1 }, (_, node) => [node]))(
    "is refused on node %i by both sides",
    (node) => {
      const transcript = new ChosenPoint(base(node));
      expect(() => prove(transcript)).toThrow(expect.objectContaining({ code: "prove.degenerate" }));
      // Nothing was sent but the values of P, which are masked.
      expect(new Set(transcript.absorbed)).toEqual(new Set(["products/value"]));
      const reader = new TranscriptReader(new ChosenPoint(base(node)), scalars);
      expect(() => reduceProducts(reader, triples)).toThrow(
        expect.objectContaining({ code: "products.node" }),
      );
    },
  );

  it.each<[string, Ext]>([
    ["beyond the last node", base(2 * M + 1)],
    ["before the first", base(P - 1)],
    ["over a node in the extension", [1, 0, 0, 1]],
    ["anywhere", [5, 6, 7, 8]],
  ])("is good %s: all equations hold", (_, theta) => {
    const sent = prove(new ChosenPoint(theta)).scalars();
    const equations = reduceProducts(new TranscriptReader(new ChosenPoint(theta), sent), triples);
    expect(equations).toHaveLength(3);
    for (const { hidden } of equations) {
      const value = [...hidden.pads].reduce(
        (sum, [pad, coefficient]) => add(sum, mul(coefficient, pads[pad])),
        hidden.constant,
      );
      expect(value).toEqual(ZERO);
    }
  });
});
