/** Proofs whose vector goes out in clear, and through one, two and three levels of recursion; each changed in many places. */
import { type InnerLevel, innerRate } from "../../../src/commitment/parameters.ts";
import { NativeProver } from "../../../src/engine/prover/nativeProver.ts";
import { setup } from "../../../src/engine/prover/setup.ts";
import { cheatingSetup, cheatProof } from "../../../src/engine/testing/cheatingProver.ts";
import { denseProgram, seededIntegers } from "../../../src/engine/testing/denseProgram.ts";
import { flipBit, setWord } from "../../../src/engine/testing/proofEditing.ts";
import { readVerificationKey, writeVerificationKey } from "../../../src/engine/verificationKey.ts";
import { P } from "../../../src/field/m31.ts";
import type { SuiteBuilder } from "../suiteBuilder.ts";

const REFUSED = /^[a-z]+\.[a-zA-Z]+$/;
const FLIPPED = 12;

/** A level with as many queries as it needs. */
function level(logColumns: number, logLength: number): InnerLevel {
  const shape = { logColumns, logLength, queries: 0, grindBits: 8 };
  const bits = -Math.log2((1 + innerRate(shape)) / 2);
  return { ...shape, queries: Math.ceil(92.5 / bits) };
}

const CHAINS: readonly (readonly InnerLevel[])[] = [
  [],
  [level(6, 10)],
  [level(7, 10), level(5, 9)],
  [level(7, 10), level(6, 9), level(4, 9)],
];

/** A proof whose levels did other work than they were asked for. */
function lazyCases(builder: SuiteBuilder): void {
  const { kernels } = builder;
  const program = denseProgram({ input: 8, hidden: 5, output: 4 });
  const [, , levels] = CHAINS;
  const cheat = cheatingSetup(kernels, program, program.constants, undefined, levels);
  const key = builder.addKey("key of lazy levels", cheat.verificationKey);
  levels.forEach((_, lazy) => {
    const mark = kernels.mark();
    const proof = cheatProof(kernels, cheat, {
      inputs: [seededIntegers(5, 8, 0, 255)],
      batch: 1,
      visibilities: { input: "private", weights: "private", output: "public" },
      opening: (opening) => ({
        ...opening,
        levels: opening.levels.map((own, i) =>
          i === lazy ? { ...own, head: { ...own.head, nonce: (own.head.nonce || 2) - 1 } } : own,
        ),
      }),
    });
    kernels.release(mark);
    builder.proofCase(`level ${lazy + 1} without work`, key, proof, "opening.levelGrind");
  });
}

export function levelCases(builder: SuiteBuilder): void {
  lazyCases(builder);
  const { kernels } = builder;
  const program = denseProgram({ input: 8, hidden: 5, output: 4 });
  const made = setup(kernels, program, { weights: "public", proofs: 1, batch: 1 });
  const shown = readVerificationKey(made.verificationKey);
  for (const levels of CHAINS) {
    const name = `${levels.length} levels`;
    const verificationKey = writeVerificationKey({ ...shown, parameters: { ...shown.parameters, levels } });
    const key = builder.addKey(`key with ${name}`, verificationKey);
    const { proof } = new NativeProver(kernels, { ...made.provingKey, verificationKey }, null).prove({
      inputs: [seededIntegers(5, 8, 0, 255)],
      batch: 1,
      visibilities: { input: "private", weights: "public", output: "public" },
    });
    builder.proofCase(`proof with ${name}`, key, proof, "accepted");
    const last = proof.length - 1;
    for (let i = 0; i <= FLIPPED; i++) {
      const at = Math.round((last * i) / FLIPPED);
      builder.proofCase(`${name}: byte ${at}`, key, flipBit(proof, at, i % 8), REFUSED);
      const word = at - (at % 4);
      if (i % 2 === 0) continue;
      builder.proofCase(`${name}: p at ${word}`, key, setWord(proof, Math.min(word, last - 3), P), REFUSED);
      builder.proofCase(`${name}: cut at ${at}`, key, proof.subarray(0, at), REFUSED);
    }
    const longer = Uint8Array.from([...proof, 0]);
    builder.proofCase(`${name}: one byte more`, key, longer, "proof.notCanonical");
    for (const [i, own] of levels.entries()) {
      for (const field of Object.keys(own) as (keyof InnerLevel)[]) {
        for (const value of [0, own[field] - 1, own[field] + 1, 255]) {
          const edited = levels.map((other, j) => (i === j ? { ...own, [field]: value } : other));
          const bytes = writeVerificationKey({
            ...shown,
            parameters: { ...shown.parameters, levels: edited },
          });
          builder.keyCase(`${name}: ${field} of level ${i} is ${value}`, bytes, /./);
        }
      }
    }
  }
}
