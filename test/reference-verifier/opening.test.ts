/**
 * The opening alone, on the proof among the vectors: the trace gives what was absorbed before it and the equations it proves
 * (docs/spec, chapters 5 and 6).
 */
import { describe, expect, it } from "vitest";
import { hash } from "./blake3.ts";
import { fromHex, hex, Reader } from "./bytes.ts";
import { type K, k } from "./field.ts";
import { readKeyFile } from "./keyFile.ts";
import type { LinearRelation } from "./linearRelation.ts";
import { checkOpening } from "./opening.ts";
import { leastBytes, readHead } from "./payloadHead.ts";
import { makeStack, type TreeName } from "./stack.ts";
import { readStatement } from "./statement.ts";
import { Transcript } from "./transcript.ts";
import { element, vectorFile, vectors } from "./vectors.ts";
import { verdictOf } from "./verdict.ts";

const trace = vectors("proof-dense");
const plans = vectors("plan-dense");
const key = readKeyFile(vectorFile("dense.tpvk"));

/** The proof without its statement, and the root of the weights that the statement names. */
function inferencePayload(): { bytes: Uint8Array; weights: Uint8Array } {
  const reader = new Reader(vectorFile("dense.tprf"), "proof");
  reader.take(7, "magic, version, backend");
  const statement = readStatement(reader.take(reader.u32("length"), "statement"));
  return { bytes: reader.take(reader.left, "payload"), weights: statement.epoch!.root };
}

// biome-ignore lint/suspicious/noExplicitAny: JSON
const relationsOf = (part: any): LinearRelation[] =>
  // biome-ignore lint/suspicious/noExplicitAny: JSON
  part.relations.map(({ constant, pads, terms }: any) => ({
    // biome-ignore lint/suspicious/noExplicitAny: JSON
    terms: terms.map(({ tensor, point, factor }: any) => ({
      tensor,
      point: point.map(element),
      factor: element(factor),
    })),
    form: {
      constant: element(constant),
      // biome-ignore lint/suspicious/noExplicitAny: JSON
      pads: new Map(pads.map(({ pad, coefficient }: any) => [pad, element(coefficient)])),
    },
  }));

/** A transcript that was told, and has drawn, what the trace has up to the opening. */
// biome-ignore lint/suspicious/noExplicitAny: JSON
function replay(protocol: string, steps: readonly any[]): Transcript {
  const transcript = new Transcript(protocol);
  for (const step of steps) {
    if (step.label === "opening/maskSum") return transcript;
    if (step.do === "absorbBytes") transcript.absorbBytes(step.label, fromHex(step.bytes));
    else if (step.do === "absorbExts") transcript.absorbExts(step.label, step.values.map(element));
    else if (step.do === "challengeExt") {
      expect(transcript.challengeExt(step.label)).toEqual(element(step.value));
    } else throw new Error(`unknown step ${step.do}`);
  }
  throw new Error("a trace without an opening");
}

const cases = [
  {
    name: "range proof",
    protocol: "tensorproof/weights/v1",
    part: trace.rangeProof,
    plan: plans.weightPlan,
    bytes: key.weights.kind === "hidden" ? key.weights.rangeProof : new Uint8Array(0),
    weights: key.weights.kind === "hidden" ? key.weights.root : new Uint8Array(0),
  },
  {
    name: "inference",
    protocol: "tensorproof/inference/v1",
    part: trace.inference,
    plan: plans.inferencePlan,
    ...inferencePayload(),
  },
];

describe.each(cases)("opening of the $name", ({ protocol, part, plan, bytes, weights }) => {
  const { scalars, pads, lookupWorkBits } = plan.derived;
  const stack = makeStack(plan.tensors, pads, key.parameters);
  const axes = plan.tensors.map((tensor: { axes: number[] }) => tensor.axes);

  function check(payload: Uint8Array, change: (relations: LinearRelation[]) => LinearRelation[]) {
    return verdictOf(() => {
      const reader = new Reader(payload, "proof");
      reader.need(leastBytes(scalars, stack, key.parameters), "payload");
      const { adviceRoot, opening } = readHead(reader, scalars, lookupWorkBits, key.parameters);
      const roots = new Map<TreeName, Uint8Array>([
        ["weights", weights],
        ["advice", adviceRoot],
      ]);
      const transcript = replay(protocol, part.steps);
      checkOpening(
        transcript,
        key.parameters,
        stack,
        axes,
        change(relationsOf(part)),
        roots,
        opening,
        reader,
      );
    });
  }

  it("is accepted", () => {
    expect(check(bytes, (relations) => relations)).toEqual({ ok: true });
  });

  it("is refused for equations that do not hold", () => {
    const spoiled = check(bytes, ([first, ...others]) => {
      const constant: K = k(1);
      return [{ terms: first!.terms, form: { ...first!.form, constant } }, ...others];
    });
    expect(spoiled).toMatchObject({ error: { code: "opening.evaluation" } });
  });

  it("is refused with bytes behind it, without its last byte, or with another last byte", () => {
    const changed = bytes.slice();
    changed[bytes.length - 1]! ^= 1;
    const codes = [Uint8Array.from([...bytes, 0]), bytes.slice(0, -1), changed].map((payload) =>
      check(payload, (relations) => relations),
    );
    expect(codes).toMatchObject([
      { error: { code: "proof.notCanonical" } },
      { error: { code: "proof.truncated" } },
      { error: { code: "opening.root" } },
    ]);
  });

  it("absorbs the vector of the trace", () => {
    const reader = new Reader(bytes, "proof");
    const { opening } = readHead(reader, scalars, lookupWorkBits, key.parameters);
    const words = (opening.vector as readonly K[]).flat();
    const absorbed = Uint8Array.from(
      words.flatMap((word) => [0, 8, 16, 24].map((s) => Number((word >> BigInt(s)) & 255n))),
    );
    const { blake3 } = part.steps.find((step: { label: string }) => step.label === "opening/vector");
    expect(hex(hash(absorbed))).toBe(blake3);
  });
});

it("reads the key and statement of the vectors", () => {
  const files = vectors("files");
  const file = readKeyFile(fromHex(files.key.bytes));
  expect(hex(file.programHash)).toBe(files.key.programHash);
  expect(hex(file.headerDigest)).toBe(files.key.headerDigest);
  expect(hex(file.identity)).toBe(files.key.identity);
  expect(file.parameters).toEqual(files.key.parameters);
  const integers = files.key.constants.map(({ data }: { data: number[] }) => data.map(BigInt));
  expect(file.weights).toEqual({ kind: "public", constants: integers });
  const statement = readStatement(fromHex(files.statement.bytes));
  expect(statement.batch).toBe(files.statement.batch);
  expect(statement.visibilities).toEqual(files.statement.visibilities);
  expect(statement.outputs[0]!.integers).toEqual(files.statement.outputIntegers.map(BigInt));
  expect(statement.epoch).toMatchObject({ root: new Uint8Array(32).fill(1), slot: files.statement.slot });
  expect(statement.inputRoot).toEqual(new Uint8Array(32).fill(2));
  expect(statement.securityBits).toBe(files.statement.securityBits);
});
