/**
 * What a proof claims, self-describing and canonical: which program and model, who sees what, the public values. Its bytes
 * are absorbed by the transcript before anything else, so that a proof holds for this statement alone.
 */
import type { ByteReader } from "../bytes/byteReader.ts";
import { ByteWriter } from "../bytes/byteWriter.ts";
import { HASH_BYTES } from "../hash/blake3.ts";
import type { IntRange, QuantParams } from "../program/program.ts";
import type { Visibilities, Visibility } from "../relations/visibility.ts";

/** A value that a statement speaks about. Shapes are per sample. */
export interface StatementValue {
  readonly name: string;
  readonly shape: readonly number[];
  readonly range: IntRange;
  readonly quant: QuantParams;
  /** batch · size integers, sample after sample; null unless public. */
  readonly values: Int32Array | null;
}

/** One use of a hidden weight commitment. */
export interface WeightSlot {
  /** Root of the weight commitment that was opened. */
  readonly epochRoot: Uint8Array;
  /** Digest of the certificates that link the epoch to the model; zero for the commitment in the key itself. */
  readonly certificates: Uint8Array;
  /** Which of the budgeted uses this proof takes; each number may serve one proof. */
  readonly slot: number;
}

export interface Statement {
  readonly programHash: Uint8Array;
  /** Identity of the verification key: program, parameters, weights or their commitment. */
  readonly modelIdentity: Uint8Array;
  readonly batch: number;
  readonly visibilities: Visibilities;
  readonly inputs: readonly StatementValue[];
  readonly outputs: readonly StatementValue[];
  /** Null for public weights. */
  readonly weightSlot: WeightSlot | null;
  /** Merkle roots of committed inputs and outputs; null otherwise. */
  readonly inputCommitment: Uint8Array | null;
  readonly outputCommitment: Uint8Array | null;
  /** Whatever the application wants bound: a nonce, a user, a date. */
  readonly context: Uint8Array;
  /** Bits of security that the accounting gives, rounded down. */
  readonly securityBits: number;
}

export const MAX_CONTEXT_BYTES = 4096;
export const MAX_BATCH: number = 2 ** 20;
const VISIBILITIES: readonly Visibility[] = ["public", "committed", "private"];

export function writeStatement(statement: Statement): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(statement.programHash);
  writer.bytes(statement.modelIdentity);
  writer.u32(statement.batch);
  const { input, weights, output } = statement.visibilities;
  for (const visibility of [input, weights, output]) writer.u8(VISIBILITIES.indexOf(visibility));
  for (const values of [statement.inputs, statement.outputs]) {
    writer.u16(values.length);
    for (const value of values) writeValue(writer, value);
  }
  if (statement.weightSlot !== null) {
    writer.bytes(statement.weightSlot.epochRoot);
    writer.bytes(statement.weightSlot.certificates);
    writer.u32(statement.weightSlot.slot);
  }
  if (statement.inputCommitment !== null) writer.bytes(statement.inputCommitment);
  if (statement.outputCommitment !== null) writer.bytes(statement.outputCommitment);
  writer.u16(statement.context.length);
  writer.bytes(statement.context);
  writer.u16(statement.securityBits);
  return writer.finish();
}

/** @throws TensorproofError `proof.truncated`, `proof.notCanonical` */
export function readStatement(reader: ByteReader): Statement {
  // Copies: what was verified must not change with a buffer that the caller uses again.
  const hash = (): Uint8Array => Uint8Array.from(reader.bytes(HASH_BYTES));
  const programHash = hash();
  const modelIdentity = hash();
  const batch = reader.u32();
  if (batch < 1 || batch > MAX_BATCH) throw reader.notCanonical("statement", `batch of ${batch}`);
  const visibilities = {
    input: readVisibility(reader),
    weights: readWeightVisibility(reader),
    output: readVisibility(reader),
  };
  const read = (visible: boolean): StatementValue[] =>
    Array.from({ length: reader.u16() }, () => readValue(reader, visible ? batch : null));
  const inputs = read(visibilities.input === "public");
  const outputs = read(visibilities.output === "public");
  const weightSlot =
    visibilities.weights === "public"
      ? null
      : { epochRoot: hash(), certificates: hash(), slot: reader.u32() };
  const inputCommitment = visibilities.input === "committed" ? hash() : null;
  const outputCommitment = visibilities.output === "committed" ? hash() : null;
  const contextLength = reader.u16();
  if (contextLength > MAX_CONTEXT_BYTES)
    throw reader.notCanonical("statement", `context of ${contextLength} bytes`);
  const context = Uint8Array.from(reader.bytes(contextLength));
  const securityBits = reader.u16();
  return {
    programHash,
    modelIdentity,
    batch,
    visibilities,
    inputs,
    outputs,
    weightSlot,
    inputCommitment,
    outputCommitment,
    context,
    securityBits,
  };
}

function writeValue(writer: ByteWriter, value: StatementValue): void {
  writer.text(value.name);
  writer.u8(value.shape.length);
  for (const length of value.shape) writer.u32(length);
  writer.i32(value.range.lo);
  writer.i32(value.range.hi);
  writer.f64(value.quant.scale);
  writer.i32(value.quant.zeroPoint);
  if (value.values !== null) for (const integer of value.values) writer.i32(integer);
}

/** `batch` null: the values are hidden. */
function readValue(reader: ByteReader, batch: number | null): StatementValue {
  const name = reader.text();
  const shape = Array.from({ length: reader.u8() }, () => reader.u32());
  const range = { lo: reader.i32(), hi: reader.i32() };
  const quant = { scale: reader.f64(), zeroPoint: reader.i32() };
  if (batch === null) return { name, shape, range, quant, values: null };
  let count = batch;
  reader.require(4 * count);
  for (const length of shape) {
    count *= length;
    // Of every partial product: the next one is exact, and no later length of 0 hides it.
    reader.require(4 * count);
  }
  const values = Int32Array.from({ length: count }, () => reader.i32());
  return { name, shape, range, quant, values };
}

/** Hidden weights are bound to the key's commitment in any case: "committed" would say the same once more. */
function readWeightVisibility(reader: ByteReader): Visibility {
  const visibility = readVisibility(reader);
  if (visibility === "committed") throw reader.notCanonical("statement", "hidden weights are called private");
  return visibility;
}

function readVisibility(reader: ByteReader): Visibility {
  const code = reader.u8();
  const visibility = VISIBILITIES[code];
  if (visibility === undefined) throw reader.notCanonical("statement", `visibility ${code}`);
  return visibility;
}
