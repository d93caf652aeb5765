/** Verification keys, certificates and compiled programs. */
import { renewWeights } from "../../../src/engine/epoch/prover/renewWeights.ts";
import { setup } from "../../../src/engine/prover/setup.ts";
import { VICTIMS, type VictimName } from "../../../src/engine/testing/cheatVictims.ts";
import { denseProgram } from "../../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../../src/engine/testing/memorySlotCounter.ts";
import { writeVerificationKey } from "../../../src/engine/verificationKey.ts";
import type { KernelSet } from "../../../src/kernels/kernelSet.ts";
import { parseProgramStructure } from "../../../src/program/parse.ts";
import { parseProgram, serialiseProgram } from "../../../src/program/programFile.ts";
import { programStructureBytes } from "../../../src/program/serialise.ts";
import { checkCertificate, checkVerificationKey } from "../../../src/verify.ts";
import { withEpochs } from "../../reference-verifier/certificates.ts";
import { readProgram } from "../../reference-verifier/programBytes.ts";
import { checkKey } from "../../reference-verifier/verify.ts";
import { fieldsOf } from "../fields.ts";
import { byLength, isSame, mutated, type SeedFile } from "../mutator.ts";
import { otherVerdict } from "../secondVerdict.ts";
import type { FuzzTarget } from "../target.ts";

/** A key says itself how large its proof of ranges is; parameters at their bounds are the most it may ask for. */
const KEY_BYTES = 512 * 2 ** 20;
const PROGRAM_BYTES = 256 * 2 ** 20;

function seedFile(bytes: Uint8Array, parse: (bytes: Uint8Array) => void): SeedFile {
  const fields = fieldsOf(bytes, () => parse(bytes));
  return { bytes, fields, groups: byLength(fields) };
}

/** A key of other bytes is another model's: it may be valid, but then its own bytes must be what it was read from. */
export function keyTarget(kernels: KernelSet): FuzzTarget {
  const program = denseProgram({ input: 8, hidden: 5, output: 4 });
  const seeds = (["hidden", "public", "hidden"] as const).map((weights) =>
    seedFile(setup(kernels, program, { weights, proofs: 2, batch: 1 }).verificationKey, (bytes) =>
      checkVerificationKey(bytes),
    ),
  );
  return {
    name: "key",
    isForgery: false,
    maxBytes: KEY_BYTES,
    mutate: (random) => mutated(seeds, random),
    run: ({ bytes }) => {
      const verdict = checkVerificationKey(bytes);
      if (!verdict.ok) return verdict.error.code;
      if (!isSame(writeVerificationKey(verdict.key.key), bytes))
        throw new Error("read a key that it would not write");
      const { weights } = verdict.key.key;
      // Hidden weights come with a proof that is bound to all else: no other bytes can be valid.
      if (weights.kind === "hidden" && !seeds.some((seed) => isSame(seed.bytes, bytes))) {
        throw new Error("a changed key of hidden weights was accepted");
      }
      return "accepted";
    },
    disagreement: ({ bytes }, outcome) => otherVerdict(outcome, () => checkKey(bytes)),
  };
}

export function certificateTarget(kernels: KernelSet): FuzzTarget {
  const program = denseProgram({ input: 8, hidden: 5, output: 4 });
  const { provingKey, verificationKey } = setup(kernels, program, { weights: "hidden", proofs: 2, batch: 1 });
  const verdict = checkVerificationKey(verificationKey);
  if (!verdict.ok) throw new Error(verdict.error.code);
  const { key } = verdict;
  const secondKey = checkKey(verificationKey);
  const slots = new MemorySlotCounter();
  const seeds = [0, 1].map(() =>
    seedFile(renewWeights(kernels, provingKey, slots).certificate, (bytes) => checkCertificate(bytes, key)),
  );
  return {
    name: "certificate",
    isForgery: true,
    maxBytes: KEY_BYTES,
    mutate: (random) => mutated(seeds, random),
    run: ({ bytes }) => {
      const checked = checkCertificate(bytes, key);
      if (!checked.ok) return checked.error.code;
      return seeds.some((seed) => isSame(seed.bytes, bytes)) ? "unchanged" : "accepted";
    },
    disagreement: ({ bytes }, outcome) => otherVerdict(outcome, () => withEpochs(secondKey, [bytes])),
  };
}

/** Structures as keys hold them, and whole files: what is accepted has to be written back as the very same bytes. */
export function programTarget(): FuzzTarget {
  const programs = (Object.keys(VICTIMS) as VictimName[]).map((name) => VICTIMS[name]());
  const structures = programs.map((program) =>
    seedFile(programStructureBytes(program), parseProgramStructure),
  );
  const files = programs.map((program) => seedFile(serialiseProgram(program), parseProgram));
  const seeds = [...structures, ...structures, ...files];
  return {
    name: "program",
    isForgery: false,
    maxBytes: PROGRAM_BYTES,
    mutate: (random) => mutated(seeds, random),
    run: ({ bytes, seed }) => {
      const written =
        seed < 2 * structures.length
          ? programStructureBytes(parseProgramStructure(bytes))
          : serialiseProgram(parseProgram(bytes));
      if (!isSame(written, bytes)) throw new Error("accepted bytes that it would not have written");
      return "accepted";
    },
    // The specification knows structures only: whole files hold weights, which no verifier reads.
    disagreement: ({ bytes, seed }, outcome) =>
      seed < 2 * structures.length ? otherVerdict(outcome, () => readProgram(bytes)) : null,
  };
}
