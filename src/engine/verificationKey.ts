/**
 * What a verifier holds: the program's structure, the parameters of the commitment, and the weights or their commitment
 * with the proof that they lie in their declared ranges. Its hash is the model's identity.
 */
import { ByteReader } from "../bytes/byteReader.ts";
import { ByteWriter } from "../bytes/byteWriter.ts";
import {
  type CommitmentParameters,
  codeRate,
  type InnerLevel,
  innerRate,
  innerShapes,
  MAX_LEVELS,
  maxRandomCells,
} from "../commitment/parameters.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { HASH_BYTES, keyedHash, labelKey } from "../hash/blake3.ts";
import { readConstantsData, writeConstantsData } from "../program/constantsData.ts";
import { parseProgramStructure } from "../program/parse.ts";
import type { Program, ProgramConstant } from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { programStructureBytes } from "../program/serialise.ts";
import { levelQueryBits, queryBits, REQUIRED_BITS } from "./security.ts";

export interface HiddenWeights {
  readonly kind: "hidden";
  /** Root of the weight commitment. */
  readonly root: Uint8Array;
  /** Proof that every weight lies in its declared range. */
  readonly rangeProof: Uint8Array;
}

export interface PublicWeights {
  readonly kind: "public";
  readonly constants: readonly ProgramConstant[];
}

export interface VerificationKey {
  readonly program: ProgramStructure;
  readonly parameters: CommitmentParameters;
  /** Proofs that one weight commitment may serve; 0 for public weights, which need no budget. */
  readonly proofBudget: number;
  readonly weights: HiddenWeights | PublicWeights;
}

const MAGIC: Uint8Array = new TextEncoder().encode("TPVK");
export const KEY_VERSION = 1;
const IDENTITY_KEY: Uint8Array = labelKey("model/v1");
const HEADER_KEY: Uint8Array = labelKey("model-header/v1");
const MAX_LOG_COLUMNS = 19;
const MAX_LOG_LENGTH = 21;
const HIDDEN = 0;
const PUBLIC = 1;

export function writeVerificationKey(key: VerificationKey): Uint8Array {
  const writer = new ByteWriter();
  writeHeader(writer, key);
  if (key.weights.kind === "hidden") {
    writer.u32(key.weights.rangeProof.length);
    writer.bytes(key.weights.rangeProof);
  }
  return writer.finish();
}

/** Digest of all but the range proof: what the range proof is bound to. */
export function keyHeaderDigest(key: VerificationKey): Uint8Array {
  const writer = new ByteWriter();
  writeHeader(writer, key);
  return keyedHash(HEADER_KEY, writer.finish());
}

/** The model's identity: 32 bytes that pin program, parameters, and weights or their commitment. */
export function modelIdentity(keyBytes: Uint8Array): Uint8Array {
  return keyedHash(IDENTITY_KEY, keyBytes);
}

function writeHeader(writer: ByteWriter, key: VerificationKey): void {
  writer.bytes(MAGIC);
  writer.u16(KEY_VERSION);
  const structure = programStructureBytes(key.program);
  writer.u32(structure.length);
  writer.bytes(structure);
  const { logColumns, logLength, queries, grindBits, weightUses, dataUses, levels } = key.parameters;
  writer.u8(logColumns);
  writer.u8(logLength);
  writer.u16(queries);
  writer.u8(grindBits);
  writer.u16(weightUses);
  writer.u16(dataUses);
  writer.u8(levels.length);
  for (const level of levels) {
    writer.u8(level.logColumns);
    writer.u8(level.logLength);
    writer.u16(level.queries);
    writer.u8(level.grindBits);
  }
  writer.u16(key.proofBudget);
  if (key.weights.kind === "hidden") {
    writer.u8(HIDDEN);
    writer.bytes(key.weights.root);
  } else {
    writer.u8(PUBLIC);
    writeConstantsData(writer, { ...key.program, constants: key.weights.constants });
  }
}

/**
 * Reads untrusted bytes and checks form and parameters, not the range proof.
 * @throws TensorproofError `key.*` and `program.*`
 */
export function readVerificationKey(bytes: Uint8Array): VerificationKey {
  const reader = new ByteReader(bytes, "key");
  const magic = reader.bytes(MAGIC.length);
  if (!magic.every((byte, i) => byte === MAGIC[i]))
    throw reader.notCanonical("byte 0", "this is no verification key");
  const version = reader.u16();
  if (version !== KEY_VERSION) {
    throw new TensorproofError(
      "key.version",
      `the verification key has format version ${version}; this release reads version ${KEY_VERSION}`,
    );
  }
  const program = parseProgramStructure(reader.bytes(reader.u32()));
  const parameters = {
    logColumns: reader.u8(),
    logLength: reader.u8(),
    queries: reader.u16(),
    grindBits: reader.u8(),
    weightUses: reader.u16(),
    dataUses: reader.u16(),
    levels: readLevels(reader),
  };
  const proofBudget = reader.u16();
  const kind = reader.u8();
  if (kind !== HIDDEN && kind !== PUBLIC) throw reader.notCanonical("weights", `unknown kind ${kind}`);
  const weights: HiddenWeights | PublicWeights =
    kind === HIDDEN
      ? {
          kind: "hidden",
          // A copy: a checked key must not change with a buffer that its reader uses again.
          root: Uint8Array.from(reader.bytes(HASH_BYTES)),
          rangeProof: reader.bytes(reader.u32()),
        }
      : { kind: "public", constants: readConstantsData(reader, program) };
  reader.end();
  const key = { program, parameters, proofBudget, weights };
  checkParameters(key);
  return key;
}

function readLevels(reader: ByteReader): InnerLevel[] {
  const count = reader.u8();
  if (count > MAX_LEVELS) throw reader.notCanonical("parameters", `${count} levels`);
  return Array.from({ length: count }, () => ({
    logColumns: reader.u8(),
    logLength: reader.u8(),
    queries: reader.u16(),
    grindBits: reader.u8(),
  }));
}

/** The program with its weights, for public weights. */
export function publicProgram(key: VerificationKey): Program | null {
  return key.weights.kind === "public" ? { ...key.program, constants: key.weights.constants } : null;
}

function checkParameters({ parameters, proofBudget, weights }: VerificationKey): void {
  const { logColumns, weightUses, dataUses } = parameters;
  if (weights.kind === "public") checkPublicRanges(weights);
  const refuse = (problem: string): never => {
    throw new TensorproofError("key.parameters", `the verification key's ${problem}`, {
      where: "parameters",
    });
  };
  checkCode(parameters, refuse);
  if (dataUses < 1) refuse("input commitments allow no opening");
  if (maxRandomCells(parameters) > 2 ** logColumns) refuse("uniform cells do not fit its rows");
  if (codeRate(parameters) >= 1) refuse("code has no redundancy");
  if (queryBits(parameters) < REQUIRED_BITS)
    refuse(`queries give less than ${REQUIRED_BITS} bits of security`);
  checkLevels(parameters, refuse);
  const hidden = weights.kind === "hidden";
  if (hidden && (proofBudget < 1 || proofBudget >= weightUses))
    refuse("proof budget exceeds what the weight commitment bears");
  if (!hidden && (proofBudget !== 0 || weightUses !== 0)) refuse("public weights have no budget");
}

type Refuse = (problem: string) => never;

/** Bounds of one code, and with it of everything that a verifier allocates for its level. */
function checkCode({ logColumns, logLength, queries, grindBits }: InnerLevel, refuse: Refuse): void {
  if (logColumns < 1 || logColumns > MAX_LOG_COLUMNS)
    refuse(`rows of 2^${logColumns} columns are out of bounds`);
  if (logLength <= logColumns || logLength > MAX_LOG_LENGTH)
    refuse(`code length 2^${logLength} is out of bounds`);
  if (queries < 1 || queries > 2 ** (logLength - 1)) refuse(`${queries} queries are out of bounds`);
  if (grindBits > 30) refuse(`${grindBits} bits of work are out of bounds`);
}

/** A level's vector must become shorter: no more rounds than a number of bits, and always fewer. */
function checkLevels(parameters: CommitmentParameters, refuse: Refuse): void {
  for (const shape of innerShapes(parameters)) {
    const level = `level ${shape.number}`;
    checkCode(shape, refuse);
    if (shape.logColumns >= shape.numVariables) refuse(`${level} commits to no shorter rows`);
    if (innerRate(shape) >= 1) refuse(`${level} has no redundancy`);
    if (levelQueryBits(shape) < REQUIRED_BITS)
      refuse(`${level} gives less than ${REQUIRED_BITS} bits of security`);
  }
}

/** What the range proof is for hidden weights: nothing said about accumulators holds for weights out of range. */
function checkPublicRanges({ constants }: PublicWeights): void {
  for (const { name, range, data } of constants) {
    if (data.every((value) => value >= range.lo && value <= range.hi)) continue;
    throw new TensorproofError("key.weightRange", `the public constant "${name}" leaves its declared range`, {
      where: name,
    });
  }
}
