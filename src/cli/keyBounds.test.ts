import { expect, it } from "vitest";
import { readVerificationKey, writeVerificationKey } from "../engine/verificationKey.ts";
import { ProgramDraft } from "../program/testing/programDraft.ts";
import { keyBounds, keyBoundsText } from "./keyBounds.ts";

const BYTE = { lo: -128, hi: 127 };
const parameters = {
  logColumns: 10,
  logLength: 13,
  queries: 126,
  grindBits: 16,
  weightUses: 2,
  dataUses: 4,
  levels: [],
};

it("lists the multipliers of every rescaling", () => {
  const draft = new ProgramDraft();
  const input = draft.input([3], BYTE);
  const weight = draft.constant([2, 3], BYTE, new Int32Array(6));
  const sum = draft.add({ kind: "matmul", input, weight, bias: null });
  const multipliers = [
    { multiplier: 2 ** 30, shift: -3 },
    { multiplier: 3 * 2 ** 29, shift: -2 },
  ];
  const scaled = draft.add({
    kind: "rescale",
    input: sum,
    rounding: "tflite-double",
    multipliers,
    zeroPoint: 0,
    lo: -8,
    hi: 7,
  });
  const divided = { rounding: "divide-half-away", multipliers: [{ multiplier: 4, shift: 0 }] } as const;
  draft.add({ kind: "rescale", input: scaled, ...divided, zeroPoint: 0, lo: -8, hi: 7 });
  const weights = { kind: "hidden", root: new Uint8Array(32), rangeProof: new Uint8Array() } as const;
  const program = draft.program();
  const key = readVerificationKey(writeVerificationKey({ program, parameters, proofBudget: 1, weights }));
  const bounds = keyBounds(key);
  if (bounds === null) throw new Error("expected bounds of hidden weights");
  expect(bounds.rescalings.map((own) => own.multipliers)).toEqual([multipliers, divided.multipliers]);
  const text = keyBoundsText(bounds);
  expect(text).toContain(
    "each of 2 channels by a factor of its own, 0.0625 to 0.1875; what leaves lies in -8 to 7",
  );
  expect(text).toContain("scales by 0.25; what leaves lies in -2 to 2");
});
