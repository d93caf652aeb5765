import { expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import { ProgramDraft } from "../program/testing/programDraft.ts";
import { randomIntegers } from "../program/testing/randomIntegers.ts";
import { randomInput } from "../program/testing/randomProgram.ts";
import { planInference } from "../relations/inferencePlan.ts";
import { NativeProver } from "./prover/nativeProver.ts";
import { setup } from "./prover/setup.ts";
import { MemorySlotCounter } from "./testing/memorySlotCounter.ts";
import { verify } from "./verifier/verify.ts";

const visibilities = { input: "private", weights: "private", output: "private" } as const;

/** A depthwise convolution whose channels the lookups cut, so that its group coordinates are bits in part. */
function depthwise(): ReturnType<ProgramDraft["program"]> {
  const draft = new ProgramDraft();
  const shape = [22, 22, 24];
  const input = draft.input(shape, { lo: 0, hi: 255 });
  const random = randomIntegers(5);
  const weights = Int32Array.from({ length: 24 * 9 }, () => random(255) - 127);
  const weight = draft.constant([24, 3, 3, 1], { lo: -127, hi: 127 }, weights);
  const sums = draft.add({
    kind: "conv",
    input,
    weight,
    bias: null,
    strides: [1, 1],
    dilations: [1, 1],
    padBegin: [1, 1],
    padEnd: [1, 1],
    groups: 24,
  });
  draft.add({
    kind: "requantise",
    input: sums,
    shift: 8,
    rounding: "half-up",
    function: { domain: { lo: -2048, hi: 2047 }, map: { kind: "clamp", lo: 0, hi: 255 } },
  });
  return draft.program();
}

it("a depthwise convolution is proven whose channels are cut into slices", () => {
  const program = depthwise();
  const layerSlices = planInference(program, visibilities, 1).plan.sections.flatMap(({ columns }) =>
    columns.flatMap(({ terms }) =>
      terms.flatMap(({ source }) => (source.kind === "layer" ? (source.slices ?? []) : [])),
    ),
  );
  expect(layerSlices.filter((slice) => slice?.axisLength === 24).map((slice) => slice?.start)).toContain(16);
  const kernels = createKernels({ threads: 1 });
  const { provingKey, verificationKey } = setup(kernels, program, { weights: "hidden", proofs: 2, batch: 1 });
  const prover = new NativeProver(kernels, provingKey, new MemorySlotCounter());
  const inputs = [randomInput(program, 1, 3)];
  const { proof } = prover.prove({ inputs, batch: 1, visibilities });
  expect(verify(proof, verificationKey)).toMatchObject({ ok: true });
});
