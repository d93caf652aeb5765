/** Attacks that a review found: a malicious setup, not a malicious prover. */
import { expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import type { Program } from "../program/program.ts";
import { constantAxes } from "../relations/inferencePlan.ts";
import { setup } from "./prover/setup.ts";
import { denseProgram } from "./testing/denseProgram.ts";
import { writeVerificationKey } from "./verificationKey.ts";
import { checkVerificationKey } from "./verifier/verify.ts";

const parameters = {
  logColumns: 10,
  logLength: 13,
  queries: 126,
  grindBits: 16,
  weightUses: 0,
  dataUses: 4,
  levels: [],
};

it("refuses public weights outside their declared range", () => {
  const program = denseProgram({ input: 20, hidden: 7, output: 5 });
  const key = (constants: Program["constants"]): Uint8Array =>
    writeVerificationKey({ program, parameters, proofBudget: 0, weights: { kind: "public", constants } });
  expect(checkVerificationKey(key(program.constants))).toMatchObject({ ok: true });
  const [first, ...rest] = program.constants;
  const data = first.data.map((value, i) => (i === 0 ? -128 : value));
  const verdict = checkVerificationKey(key([{ ...first, data }, ...rest]));
  expect(verdict).toMatchObject({ ok: false, error: { code: "key.weightRange" } });
});

it("refuses one constant under two layouts", () => {
  const quant = { scale: 1, zeroPoint: 0 };
  const range = { lo: 0, hi: 1 };
  const tensor = (name: string, shape: number[]): Program["tensors"][number] => ({
    name,
    shape,
    range,
    quant,
  });
  const constant = { name: "w", shape: [6, 6], range, quant, data: new Int32Array(36) };
  const clamp = { domain: { lo: 0, hi: 1 }, map: { kind: "clamp", lo: 0, hi: 1 } } as const;
  const program: Program = {
    version: 1,
    name: "tied",
    mode: "pow2",
    tensors: [
      tensor("x", [2, 3]),
      tensor("y", [2, 3]),
      tensor("f", [6]),
      tensor("a", [6]),
      tensor("z", [6]),
      tensor("b", [6]),
    ],
    constants: [constant],
    operators: [
      { kind: "requantise", name: "r1", input: 0, shift: 0, rounding: "half-up", function: clamp, output: 1 },
      { kind: "reshape", name: "flat", input: 1, output: 2 },
      { kind: "matmul", name: "m1", input: 2, weight: 0, bias: null, output: 3 },
      { kind: "requantise", name: "r2", input: 3, shift: 0, rounding: "half-up", function: clamp, output: 4 },
      { kind: "matmul", name: "m2", input: 4, weight: 0, bias: null, output: 5 },
    ],
    inputs: [0],
    outputs: [5],
  };
  expect(() => constantAxes(program)).toThrow(/another layout/);
});

it("keeps a checked key when the buffer it was read from is used again", () => {
  const program = denseProgram({ input: 8, hidden: 5, output: 4 });
  const options = { weights: "hidden", proofs: 3, batch: 1 } as const;
  const { verificationKey } = setup(createKernels({ threads: 1 }), program, options);
  const buffer = Buffer.from(verificationKey);
  const checked = checkVerificationKey(buffer);
  if (!checked.ok || checked.key.key.weights.kind !== "hidden") throw new Error("expected hidden weights");
  const { root } = checked.key.key.weights;
  const before = root.join();
  buffer.fill(0);
  expect(root.join()).toBe(before);
});
