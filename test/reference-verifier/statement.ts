/**
 * The bytes of a statement: docs/spec/07-files.md, 7.4.
 */
import { Reader } from "./bytes.ts";
import type { Visibilities, Visibility } from "./plan.ts";

export interface StatedValue {
  readonly name: string;
  readonly shape: readonly number[];
  readonly lo: number;
  readonly hi: number;
  readonly scale: number;
  readonly zeroPoint: number;
  /** Of all samples, if they are shown. */
  readonly integers: readonly bigint[] | undefined;
}

/** What binds hidden weights. */
export interface Epoch {
  readonly root: Uint8Array;
  readonly certificates: Uint8Array;
  readonly slot: number;
}

export interface Statement {
  readonly programHash: Uint8Array;
  readonly modelIdentity: Uint8Array;
  readonly batch: number;
  readonly visibilities: Visibilities;
  readonly inputs: readonly StatedValue[];
  readonly outputs: readonly StatedValue[];
  readonly epoch: Epoch | undefined;
  readonly inputRoot: Uint8Array | undefined;
  readonly outputRoot: Uint8Array | undefined;
  readonly securityBits: number;
}

const MAX_BATCH = 2 ** 20;
const MAX_CONTEXT = 4096;
const VISIBILITIES: readonly Visibility[] = ["public", "committed", "private"];

export function readStatement(bytes: Uint8Array): Statement {
  const reader = new Reader(bytes, "proof");
  const programHash = reader.take(32, "program hash");
  const modelIdentity = reader.take(32, "model identity");
  const batch = reader.u32("batch");
  if (batch < 1 || batch > MAX_BATCH) reader.notCanonical("batch");
  const visibilities: Visibilities = {
    input: readVisibility(reader, "input"),
    weights: readWeightVisibility(reader),
    output: readVisibility(reader, "output"),
  };
  const inputs = readValues(reader, batch, visibilities.input === "public");
  const outputs = readValues(reader, batch, visibilities.output === "public");
  const epoch = visibilities.weights === "public" ? undefined : readEpoch(reader);
  const inputRoot = visibilities.input === "committed" ? reader.take(32, "input root") : undefined;
  const outputRoot = visibilities.output === "committed" ? reader.take(32, "output root") : undefined;
  const contextLength = reader.u16("length of the context");
  if (contextLength > MAX_CONTEXT) reader.notCanonical("length of the context");
  reader.take(contextLength, "context");
  const securityBits = reader.u16("security bits");
  reader.end("statement");
  return {
    programHash,
    modelIdentity,
    batch,
    visibilities,
    inputs,
    outputs,
    epoch,
    inputRoot,
    outputRoot,
    securityBits,
  };
}

function readWeightVisibility(reader: Reader): Visibility {
  const visibility = readVisibility(reader, "weights");
  if (visibility === "committed") reader.notCanonical("visibility of weights");
  return visibility;
}

function readVisibility(reader: Reader, where: string): Visibility {
  const visibility = VISIBILITIES[reader.u8(`visibility of ${where}`)];
  if (visibility === undefined) reader.notCanonical(`visibility of ${where}`);
  return visibility;
}

function readEpoch(reader: Reader): Epoch {
  const root = reader.take(32, "epoch root");
  const certificates = reader.take(32, "certificates");
  return { root, certificates, slot: reader.u32("slot") };
}

function readValues(reader: Reader, batch: number, shown: boolean): StatedValue[] {
  const count = reader.u16("number of values");
  const values: StatedValue[] = [];
  while (values.length < count) values.push(readValue(reader, batch, shown));
  return values;
}

function readValue(reader: Reader, batch: number, shown: boolean): StatedValue {
  const name = reader.text("name");
  const numAxes = reader.u8("number of axes");
  const shape: number[] = [];
  while (shape.length < numAxes) shape.push(reader.u32("length of an axis"));
  const lo = reader.i32("lo");
  const hi = reader.i32("hi");
  const scale = reader.f64("scale");
  const zeroPoint = reader.i32("zero point");
  const integers = shown ? readIntegers(reader, batch, shape) : undefined;
  return { name, shape, lo, hi, scale, zeroPoint, integers };
}

/** Every partial product of batch and lengths must fit into the bytes that are left. */
function readIntegers(reader: Reader, batch: number, shape: readonly number[]): bigint[] {
  let count = batch;
  reader.need(4 * count, "integers");
  for (const length of shape) {
    count *= length;
    reader.need(4 * count, "integers");
  }
  return Array.from({ length: count }, () => BigInt(reader.i32("integer")));
}
