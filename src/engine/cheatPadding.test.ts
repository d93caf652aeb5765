/** Padding cells of stored tensors that are read through wires: whatever stands there must neither count nor matter. */
import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import { tamper } from "./testing/cheat.ts";
import { cheatingSetup, cheatProof } from "./testing/cheatingProver.ts";
import type { Cells } from "./testing/cheatingWitness.ts";
import { VICTIMS, type VictimName, victimInputs } from "./testing/cheatVictims.ts";
import { prepareVictim } from "./testing/victim.ts";
import { checkVerificationKey, verify } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const refused = { ok: false, error: { code: "opening.evaluation" } };

/** Padding cells of a stored tensor, from the lengths of its axes. */
function paddingCells(axes: readonly number[]): number[] {
  const sizes = axes.map((length) => 2 ** Math.ceil(Math.log2(length)));
  const total = sizes.reduce((product, size) => product * size, 1);
  return Array.from({ length: total }, (_, cell) => cell).filter((cell) => {
    let rest = cell;
    return [...sizes].reverse().some((size, i) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index >= axes[axes.length - 1 - i];
    });
  });
}

type Padded = readonly [tensor: string, axes: readonly number[]];

/** Stored tensors of each victim that something reads through windows, lists or sums. */
const PADDED: readonly (readonly [VictimName, readonly Padded[]])[] = [
  [
    "convolutional",
    [
      ["input 0", [1, 5, 4, 2]],
      ["rescale 2", [1, 3, 4, 4]],
    ],
  ],
  ["wiring", [["input 0", [1, 4, 6]]]],
  [
    "stored",
    [
      ["input 0", [1, 3, 5]],
      ["matmul 1", [1, 3, 4]],
    ],
  ],
];

function filler(padded: readonly Padded[], value: (cell: number) => number): (cells: Cells) => void {
  return (cells) => {
    for (const [name, axes] of padded) {
      const tensor = cells(name);
      for (const cell of paddingCells(axes)) tensor[cell] = value(cell);
    }
  };
}

describe.each(PADDED)("padding cells that wires pass by (%s)", (name, padded) => {
  const { verdict } = prepareVictim(kernels, name);
  const garbage = filler(padded, (cell) => 1000 + cell);

  it("do not take part: garbage in them changes nothing", () => {
    const argued = filler(padded, () => 0);
    expect(verdict({ cells: garbage, argued })).toMatchObject({ ok: true });
  });

  it("cannot be argued with, tensor by tensor", () => {
    for (const one of padded) {
      expect(verdict({ cells: filler([one], (cell) => 1000 + cell) }), one[0]).toMatchObject(refused);
    }
  });
});

describe("a value beyond the end of an axis", () => {
  it("is not what a convolution reads where it pads", () => {
    // The last windows of the rows read one row beyond the input, which is stored as row 5 of 8.
    const { verdict, honest } = prepareVictim(kernels, "convolutional");
    const [, sums] = honest.tensors;
    expect(
      verdict({
        cells: filler([["input 0", [1, 5, 4, 2]]], () => 1),
        tamper: tamper("conv 1", sums.length - 1, (x) => x + 4),
      }),
    ).toMatchObject(refused);
  });

  it("is not what weights are multiplied with", () => {
    // Kernels of three rows are stored in four; the fourth row of weights meets what the windows do not read.
    const program = VICTIMS.convolutional();
    const fourthRow = (cells: Cells): void => {
      cells("constant 0").fill(3, 12, 16);
    };
    const key = cheatingSetup(kernels, program, program.constants, fourthRow);
    expect(checkVerificationKey(key.verificationKey)).toMatchObject({ ok: true });
    const forged = cheatProof(kernels, key, {
      inputs: victimInputs(program),
      batch: 1,
      visibilities: { input: "private", weights: "private", output: "public" },
      cells: filler([["input 0", [1, 5, 4, 2]]], () => 1),
      tamper: tamper("conv 1", 0, (x) => x + 12),
    });
    expect(verify(forged, key.verificationKey)).toMatchObject(refused);
  });
});
