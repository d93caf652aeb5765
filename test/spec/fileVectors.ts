/** Values of chapter 7 of the specification: key with public weights, its hashes, a statement. */
import { writeStatement } from "../../src/engine/statement.ts";
import { describeValues } from "../../src/engine/statementValues.ts";
import { denseProgram } from "../../src/engine/testing/denseProgram.ts";
import {
  keyHeaderDigest,
  modelIdentity,
  readVerificationKey,
  type VerificationKey,
  writeVerificationKey,
} from "../../src/engine/verificationKey.ts";
import { programHash } from "../../src/program/programHash.ts";
import { programStructure } from "../../src/program/programStructure.ts";
import { programStructureBytes } from "../../src/program/serialise.ts";
import { hex } from "./foundationVectors.ts";

const PARAMETERS = {
  logColumns: 9,
  logLength: 12,
  queries: 124,
  grindBits: 16,
  weightUses: 0,
  dataUses: 4,
  levels: [],
};

export function fileVectors(): unknown {
  const program = denseProgram({ input: 20, hidden: 2, output: 2 });
  const key: VerificationKey = {
    program: programStructure(program),
    parameters: PARAMETERS,
    proofBudget: 0,
    weights: { kind: "public", constants: program.constants },
  };
  const keyBytes = writeVerificationKey(key);
  // A vector that the reader refused would be none.
  readVerificationKey(keyBytes);
  const outputIntegers = [-1, 2, 300, -70000];
  const statement = {
    programHash: programHash(program),
    modelIdentity: modelIdentity(keyBytes),
    batch: 2,
    visibilities: { input: "committed", weights: "private", output: "public" },
    inputs: describeValues(program, program.inputs, null),
    outputs: describeValues(program, program.outputs, [Int32Array.from(outputIntegers)]),
    weightSlot: { epochRoot: new Uint8Array(32).fill(1), certificates: new Uint8Array(32), slot: 7 },
    inputCommitment: new Uint8Array(32).fill(2),
    outputCommitment: null,
    context: Uint8Array.of(99, 116, 120),
    securityBits: 100,
  } as const;
  return {
    key: {
      note: "public weights",
      structure: hex(programStructureBytes(program)),
      programHash: hex(programHash(program)),
      parameters: PARAMETERS,
      constants: program.constants.map(({ name, shape, range, data }) => {
        return { name, shape, range, data: [...data] };
      }),
      bytes: hex(keyBytes),
      headerDigest: hex(keyHeaderDigest(key)),
      identity: hex(modelIdentity(keyBytes)),
    },
    statement: {
      note: "form only: a key with public weights has no proof with private ones",
      batch: statement.batch,
      visibilities: statement.visibilities,
      outputIntegers,
      epochRoot: "32 bytes 01",
      inputCommitment: "32 bytes 02",
      slot: 7,
      context: hex(statement.context),
      securityBits: 100,
      bytes: hex(writeStatement(statement)),
    },
  };
}
