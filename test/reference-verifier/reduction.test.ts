/** Chapters 12 to 15 of docs/spec on the proof among the vectors: everything absorbed, drawn and left to the opening. */
import { describe, expect, it } from "vitest";
import { fromHex } from "./bytes.ts";
import { type K, residue } from "./field.ts";
import { inferencePlan } from "./inferencePlan.ts";
import type { LinearRelation } from "./linearRelation.ts";
import { Messages } from "./masking.ts";
import type { Plan } from "./plan.ts";
import { planNumbers } from "./planNumbers.ts";
import { readProgram } from "./programBytes.ts";
import { reduce } from "./reduction.ts";
import { Transcript } from "./transcript.ts";
import { element, vectors } from "./vectors.ts";
import { weightPlan } from "./weightPlan.ts";

interface Step {
  readonly do: string;
  readonly label: string;
  readonly values?: readonly (readonly number[])[];
  readonly value?: readonly number[];
  readonly bytes?: string;
}

/** A transcript that keeps what it absorbs and draws in the form of the vectors. */
class RecordingTranscript extends Transcript {
  readonly steps: Step[] = [];

  override absorbExts(label: string, values: readonly K[]): void {
    super.absorbExts(label, values);
    this.steps.push({ do: "absorbExts", label, values: values.map((value) => value.map(Number)) });
  }

  override challengeExt(label: string): K {
    const value = super.challengeExt(label);
    this.steps.push({ do: "challengeExt", label, value: value.map(Number) });
    return value;
  }
}

/** The form of a relation among the vectors, without its name. */
function relationForm({ terms, form }: LinearRelation): unknown {
  const coordinates = (value: K): number[] => value.map(Number);
  return {
    constant: coordinates(form.constant),
    pads: [...form.pads]
      .sort(([a], [b]) => a - b)
      .map(([pad, coefficient]) => ({ pad, coefficient: coordinates(coefficient) })),
    terms: terms.map(({ tensor, point, factor }) => {
      return { tensor, point: point.map(coordinates), factor: coordinates(factor) };
    }),
  };
}

/** Runs the reduction on the scalars that the vectors show, and compares. */
function replay(
  plan: Plan,
  protocol: string,
  // biome-ignore lint/suspicious/noExplicitAny: JSON without a schema
  trace: any,
  publicValues: ReadonlyMap<number, readonly bigint[]>,
): void {
  const steps: Step[] = trace.steps;
  const first = steps.findIndex(({ label }) => label === "lookup/alpha");
  const end = steps.findIndex(({ label }) => label === "opening/maskSum");
  const transcript = new RecordingTranscript(protocol);
  for (const { label, bytes } of steps.slice(0, first)) transcript.absorbBytes(label, fromHex(bytes!));
  const body = steps.slice(first, end);
  const scalars = body.flatMap(({ values }) => (values ?? []).map(element));
  expect(scalars.length).toBe(planNumbers(plan).scalars);
  const messages = new Messages(transcript, scalars);
  const relations = reduce(plan, messages, publicValues);
  messages.end();
  expect(messages.used).toEqual({ scalars: scalars.length, pads: scalars.length });
  expect(transcript.steps).toEqual(body);
  const expected = trace.relations.map(({ name: _, ...relation }: { name: string }) => relation);
  expect(relations.map(relationForm)).toEqual(expected);
}

describe("reduction of the proof among the vectors", () => {
  const { structure, visibilities, batch } = vectors("plan-dense");
  const program = readProgram(fromHex(structure));
  const trace = vectors("proof-dense");

  it("of the key's range proof", () => {
    replay(weightPlan(program), "tensorproof/weights/v1", trace.rangeProof, new Map());
  });

  it("of the inference", () => {
    const plan = inferencePlan(program, visibilities, batch);
    const outputs = trace.outputs.map(residue);
    const publicValues = new Map([[plan.outputTensors[0]!, outputs]]);
    replay(plan, "tensorproof/inference/v1", trace.inference, publicValues);
  });
});
