/** Programs, keys, statements and certificates changed at random in their fields: most are refused before any proof is read. */
import { openCertificate } from "../../../src/engine/epoch/certificate.ts";
import { renewWeights } from "../../../src/engine/epoch/prover/renewWeights.ts";
import { openProof } from "../../../src/engine/proofFile.ts";
import { NativeProver } from "../../../src/engine/prover/nativeProver.ts";
import { setup } from "../../../src/engine/prover/setup.ts";
import { VICTIMS, type VictimName } from "../../../src/engine/testing/cheatVictims.ts";
import { denseProgram, seededIntegers } from "../../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../../src/engine/testing/memorySlotCounter.ts";
import { assembleProof, payloadOf } from "../../../src/engine/testing/proofEditing.ts";
import { parseProgramStructure } from "../../../src/program/parse.ts";
import type { Program } from "../../../src/program/program.ts";
import { programStructureBytes } from "../../../src/program/serialise.ts";
import { randomExactProgram } from "../../../src/program/testing/randomExactProgram.ts";
import { randomProgram } from "../../../src/program/testing/randomProgram.ts";
import { checkVerificationKey } from "../../../src/verify.ts";
import { fieldsOf } from "../../fuzz/fields.ts";
import { byLength, mutated, type SeedFile } from "../../fuzz/mutator.ts";
import { Random } from "../../fuzz/random.ts";
import type { SuiteBuilder } from "../suiteBuilder.ts";

const STRUCTURES = 6000;
const KEYS = 300;
const STATEMENTS = 600;
const CERTIFICATES = 150;
const ANY = /./;

/** The fields of a part of the bytes, as if there were no others. */
function seedFile(bytes: Uint8Array, parse: () => void, from = 0, to = bytes.length): SeedFile {
  const fields = fieldsOf(bytes, parse).filter(({ start, end }) => start >= from && end <= to);
  return { bytes, fields, groups: byLength(fields) };
}

export function parserCases(builder: SuiteBuilder): void {
  structureCases(builder);
  const { kernels } = builder;
  const program = denseProgram({ input: 8, hidden: 5, output: 4 });
  for (const weights of ["hidden", "public"] as const) {
    const { provingKey, verificationKey } = setup(kernels, program, { weights, proofs: 2, batch: 1 });
    // What stands before the range proof.
    const header = verificationKey.length > 20_000 ? 800 : verificationKey.length;
    const keys = [seedFile(verificationKey, () => checkVerificationKey(verificationKey), 0, header)];
    for (let i = 0; i < KEYS; i++) {
      builder.keyCase(`${weights} weights, key ${i}`, mutated(keys, new Random(3, i)).bytes, ANY);
    }
    const key = builder.addKey(`key of mutated statements, ${weights} weights`, verificationKey);
    const prover = new NativeProver(
      kernels,
      provingKey,
      weights === "hidden" ? new MemorySlotCounter() : null,
    );
    const { proof } = prover.prove({
      inputs: [seededIntegers(5, 8, 0, 255)],
      batch: 1,
      visibilities: {
        input: "committed",
        weights: weights === "hidden" ? "committed" : "public",
        output: "public",
      },
      context: Uint8Array.of(1, 2, 3),
    });
    const { statementBytes } = openProof(proof);
    // What the statement's own rules let pass ends where the payload does: soon.
    const payload = payloadOf(proof).slice(0, 64);
    const statements = [
      seedFile(statementBytes, () => openProof(assembleProof(statementBytes, new Uint8Array()))),
    ];
    const whole = [seedFile(proof, () => openProof(proof), 0, 11)];
    for (let i = 0; i < STATEMENTS; i++) {
      const { bytes } = mutated(statements, new Random(4, i));
      builder.proofCase(`${weights} weights, statement ${i}`, key, assembleProof(bytes, payload), ANY);
      if (i % 5 === 0) {
        builder.proofCase(
          `${weights} weights, header ${i}`,
          key,
          mutated(whole, new Random(5, i)).bytes,
          ANY,
        );
      }
    }
    if (weights === "public") continue;
    const { certificate } = renewWeights(kernels, provingKey, new MemorySlotCounter());
    const { headerBytes } = openCertificate(certificate);
    const headers = [seedFile(certificate, () => openCertificate(certificate), 0, headerBytes.length)];
    for (let i = 0; i < CERTIFICATES; i++) {
      const { bytes } = mutated(headers, new Random(6, i));
      builder.certificateCase(`certificate ${i}`, key, bytes, ANY);
    }
  }
}

function structureCases(builder: SuiteBuilder): void {
  const programs: Program[] = (Object.keys(VICTIMS) as VictimName[]).map((name) => VICTIMS[name]());
  for (let seed = 0; seed < 12; seed++) programs.push(randomExactProgram(seed, 1 + (seed % 9)));
  for (let seed = 0; seed < 4; seed++) programs.push(randomProgram(seed));
  const seeds = programs.map((program) => {
    const bytes = programStructureBytes(program);
    builder.structureCase(program.name, bytes);
    return seedFile(bytes, () => parseProgramStructure(bytes));
  });
  for (let i = 0; i < STRUCTURES; i++) {
    builder.structureCase(`structure ${i}`, mutated(seeds, new Random(2, i)).bytes);
  }
}
