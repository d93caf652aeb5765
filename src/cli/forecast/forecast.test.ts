import { describe, expect, it } from "vitest";
import { NativeProver } from "../../engine/prover/nativeProver.ts";
import { setup } from "../../engine/prover/setup.ts";
import { denseProgram } from "../../engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../engine/testing/memorySlotCounter.ts";
import { readVerificationKey } from "../../engine/verificationKey.ts";
import { Arena } from "../../kernels/arena.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { Program } from "../../program/program.ts";
import { ProgramDraft } from "../../program/testing/programDraft.ts";
import { randomIntegers } from "../../program/testing/randomIntegers.ts";
import { randomInput } from "../../program/testing/randomProgram.ts";
import { DEFAULT_VISIBILITIES } from "../../relations/visibility.ts";
import { estimateProof } from "../estimate.ts";
import { ArenaModel } from "./arenaModel.ts";

const MEBIBYTE = 2 ** 20;
const kernels = createKernels({ threads: 1 });

/** A convolution, a depthwise convolution and another, all requantised. */
function convolutionalProgram(): Program {
  const random = randomIntegers(7);
  const draft = new ProgramDraft();
  const bytes = { lo: -100, hi: 100 };
  const constant = (shape: number[]): number => {
    const size = shape.reduce((product, length) => product * length, 1);
    return draft.constant(
      shape,
      bytes,
      Int32Array.from({ length: size }, () => random(201) - 100),
    );
  };
  let input = draft.input([20, 20, 3], { lo: 0, hi: 255 });
  for (const [weight, groups] of [
    [[12, 3, 3, 3], 1],
    [[12, 3, 3, 1], 12],
    [[24, 1, 1, 12], 1],
  ] as const) {
    const sums = draft.add({
      kind: "conv",
      input,
      weight: constant([...weight]),
      bias: constant([weight[0]]),
      strides: [1, 1],
      dilations: [1, 1],
      padBegin: [1, 1],
      padEnd: [1, 1],
      groups,
    });
    input = draft.add({
      kind: "requantise",
      input: sums,
      shift: 12,
      rounding: "half-up",
      function: { domain: { lo: -2048, hi: 2047 }, map: { kind: "clamp", lo: 0, hi: 255 } },
    });
  }
  return draft.program();
}

/** Kernels that remember the highest address in use, from now on. */
function counted(): { readonly wrapped: KernelSet; readonly bytes: () => number } {
  const start = kernels.mark();
  let top = start;
  const wrapped: KernelSet = Object.create(kernels);
  for (const name of ["alloc", "allocUnset"] as const) {
    wrapped[name] = (numWords) => {
      const ptr = kernels[name](numWords);
      top = Math.max(top, kernels.mark());
      return ptr;
    };
  }
  return { wrapped, bytes: () => top - start };
}

describe("a forecast", () => {
  it("models the arena to the byte", () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1000 });
    const arena = new Arena(memory, 0, 1000 * 65536);
    const model = new ArenaModel();
    const random = randomIntegers(3);
    let top = 0;
    const marks: [number, number][] = [];
    for (let step = 0; step < 500; step++) {
      const choice = random(8);
      if (choice === 0) marks.push([arena.mark(), model.mark()]);
      else if (choice === 1) {
        const last = marks.pop();
        arena.release(last?.[0] ?? 0);
        model.release(last?.[1] ?? 0);
      } else {
        const words = random(2) === 0 ? random(64) : random(5000);
        arena.alloc(words);
        model.alloc(words);
        top = Math.max(top, arena.mark());
      }
      expect(model.mark()).toBe(arena.mark());
    }
    expect(model.peakBytes).toBe(top);
  });

  const programs: Record<string, Program> = {
    dense: denseProgram({ input: 400, hidden: 60, output: 10 }),
    convolutional: convolutionalProgram(),
  };
  for (const [what, program] of Object.entries(programs)) {
    for (const weights of ["hidden", "public"] as const) {
      it(`sums up what a ${what} network with ${weights} weights takes of kernel memory`, () => {
        const { provingKey } = setup(kernels, program, { weights, proofs: 12, batch: 2 });
        const visibilities = {
          ...DEFAULT_VISIBILITIES,
          weights: weights === "hidden" ? "private" : "public",
        } as const;
        const { parameters } = readVerificationKey(provingKey.verificationKey);
        const estimate = estimateProof(program, { visibilities, batch: 2, parameters });
        const { wrapped, bytes } = counted();
        const prover = new NativeProver(
          wrapped,
          provingKey,
          weights === "hidden" ? new MemorySlotCounter() : null,
        );
        const inputs = [randomInput(program, 2, 5, 0)];
        const { proof } = prover.prove({ inputs, batch: 2, visibilities });
        // Left out are vectors of the opening that claims share, and arrays of a few kilobytes.
        expect(Math.abs(estimate.kernelBytes - bytes())).toBeLessThan(0.02 * bytes() + MEBIBYTE);
        expect(Math.abs(estimate.proofBytes / proof.length - 1)).toBeLessThan(0.02);
      });
    }
  }

  it("grows with the batch and falls with threads and with the machine's speed", () => {
    const program = convolutionalProgram();
    const one = estimateProof(program);
    const many = estimateProof(program, { batch: 16 });
    expect(many.kernelBytes).toBeGreaterThan(4 * one.kernelBytes);
    expect(many.peakBytes).toBeGreaterThan(many.kernelBytes);
    expect(many.proveMs).toBeGreaterThan(4 * one.proveMs);
    expect(many.firstMs).toBeGreaterThan(many.loadMs + many.witnessMs + many.proveMs);
    expect(estimateProof(program, { batch: 16, threads: 4 }).proveMs).toBeLessThan(many.proveMs);
    expect(Math.abs(estimateProof(program, { batch: 16, speed: 2 }).proveMs - many.proveMs / 2)).toBeLessThan(
      1,
    );
  });
});
