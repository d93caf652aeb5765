/** Honest bytes changed at the boundaries of every region: truncated, extended, flipped, not canonical. */
import { NativeProver } from "../../../src/engine/prover/nativeProver.ts";
import { setup } from "../../../src/engine/prover/setup.ts";
import { denseProgram, seededIntegers } from "../../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../../src/engine/testing/memorySlotCounter.ts";
import { flipBit, proofRegions, setWord } from "../../../src/engine/testing/proofEditing.ts";
import { P } from "../../../src/field/m31.ts";
import type { SuiteBuilder } from "../suiteBuilder.ts";

const REFUSED = /^[a-z]+\.[a-zA-Z]+$/;

export function boundaryCases(builder: SuiteBuilder): void {
  const program = denseProgram({ input: 8, hidden: 5, output: 4 });
  const { kernels } = builder;
  const { provingKey, verificationKey } = setup(kernels, program, { weights: "hidden", proofs: 3, batch: 1 });
  const key = builder.addKey("key of a small network", verificationKey);
  const { proof } = new NativeProver(kernels, provingKey, new MemorySlotCounter()).prove({
    inputs: [seededIntegers(5, 8, 0, 255)],
    batch: 1,
    visibilities: { input: "committed", weights: "private", output: "public" },
  });
  builder.proofCase("small network", key, proof, "accepted");
  const longer = new Uint8Array(proof.length + 1);
  longer.set(proof);
  builder.proofCase("one byte more", key, longer, "proof.notCanonical");
  for (const region of proofRegions(proof, verificationKey)) {
    const { name, start, end } = region;
    builder.proofCase(`cut before ${name}`, key, proof.subarray(0, start), "proof.truncated");
    for (const [at, bit] of [
      [start, 0],
      [end - 1, 7],
    ]) {
      builder.proofCase(`${name}: bit ${bit} of byte ${at}`, key, flipBit(proof, at, bit), REFUSED);
    }
    for (const word of [P, 2 ** 32 - 1]) {
      builder.proofCase(`${name}: begins with ${word}`, key, setWord(proof, start, word), REFUSED);
      builder.proofCase(`${name}: ends with ${word}`, key, setWord(proof, end - 4, word), REFUSED);
    }
  }
}
