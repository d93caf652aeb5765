/** A statement in plain words: what a valid proof of it shows, what stays hidden, and what it does not say. */
import { hex } from "../bytes/hex.ts";
import type { Visibility } from "../relations/visibility.ts";
import type { Statement, StatementValue, WeightSlot } from "./statement.ts";

const MAX_SHOWN = 16;

/** Names come from whoever made the proof: nothing in them may steer a terminal or pass for our own lines. */
export function printable(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, "�");
}

function real(value: StatementValue, integer: number): number {
  return Number((value.quant.scale * (integer - value.quant.zeroPoint)).toPrecision(6));
}

function signature(value: StatementValue): string {
  const size = value.shape.length === 0 ? "one number" : value.shape.join(" × ");
  const { lo, hi } = value.range;
  return `${printable(value.name)} (${size}; declared range ${real(value, lo)} to ${real(value, hi)})`;
}

function publicLine(kind: string, value: StatementValue): string {
  const values = value.values as Int32Array;
  const shown = Array.from(values.subarray(0, MAX_SHOWN), (integer) => real(value, integer));
  const rest = values.length > MAX_SHOWN ? `, … ${values.length - MAX_SHOWN} more` : "";
  return `${kind} ${printable(value.name)} = ${shown.join(", ")}${rest}`;
}

function seenAs(kind: string, visibility: Visibility, commitment: Uint8Array | null): string[] {
  if (visibility === "public") return [];
  const bound = commitment === null ? "" : `; bound by the commitment ${hex(commitment)}`;
  return [`the ${kind}${bound}`];
}

function claims(statement: Statement): string[] {
  const { batch, visibilities, inputs, outputs } = statement;
  const count = batch === 1 ? "an input" : `${batch} inputs, in this order,`;
  const known =
    visibilities.input === "public" ? "the inputs below" : `${count} known to whoever made the proof`;
  const weights =
    visibilities.weights === "public"
      ? "the weights that the verification key shows"
      : "the weights that the verification key commits to";
  return [
    `With ${weights}, the integer program computes the outputs below from ${known}.`,
    "Every step is exact integer arithmetic; rounding is part of the program, not of the proof.",
    `Every input and every weight lies in its declared range.`,
    ...inputs.map((value) =>
      value.values === null ? `input ${signature(value)}` : publicLine("input", value),
    ),
    ...outputs.map((value) =>
      value.values === null ? `output ${signature(value)}` : publicLine("output", value),
    ),
  ];
}

function hidden({ visibilities, inputCommitment, outputCommitment }: Statement): string[] {
  const weights =
    visibilities.weights === "public"
      ? []
      : ["the weights; their number, their shapes and their declared ranges are public"];
  const all = [
    ...weights,
    ...seenAs("input", visibilities.input, inputCommitment),
    ...seenAs("output", visibilities.output, outputCommitment),
  ];
  return all.length === 0 ? ["nothing: this proof hides neither weights nor inputs nor outputs"] : all;
}

function weightUse({ slot, certificates, epochRoot }: WeightSlot): string {
  const own = certificates.every((byte) => byte === 0);
  const epoch = own ? "" : `, in the epoch ${hex(epochRoot)}, by certificate ${hex(certificates)}`;
  return `use number ${slot + 1} of the weight commitment${epoch}`;
}

function identity(statement: Statement): string[] {
  const { weightSlot, context } = statement;
  const text = new TextDecoder().decode(context);
  return [
    `model commitment ${hex(statement.modelIdentity)}`,
    `program hash ${hex(statement.programHash)}`,
    ...(weightSlot === null ? [] : [weightUse(weightSlot)]),
    ...(context.length === 0 ? [] : [`context ${printable(text)}`]),
  ];
}

function assumptions({ securityBits }: Statement): string[] {
  return [
    `about 2^${securityBits} hash calls are needed to make a false proof, by the accounting of the parameters`,
    "assumed: BLAKE3 behaves like a random oracle. There is no trusted setup, and no elliptic curve",
    "hiding holds against bounded attackers while no weight commitment serves more proofs than its budget",
    "not audited: no independent expert has reviewed protocol or code",
  ];
}

const SILENT: readonly string[] = [
  "that the model is good, fair or fit for a purpose, or that its answer is right",
  "which data trained the model, or how",
  "that a hidden input is authentic, recent or meant: only that it exists and was known",
  "who made the proof or when (beyond what the context binds)",
  "that the outputs equal those of the floating-point model: the integer program approximates it",
  "that the same input was not run several times, or by other models, until an answer pleased",
];

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  - ${line}`)].join("\n");
}

/** What a proof of this statement says, for people. The text says nothing about whether such a proof is valid. */
export function describeStatement(statement: Statement): string {
  return [
    section("Which model", identity(statement)),
    section("What is proven", claims(statement)),
    section("What stays hidden", hidden(statement)),
    section("Security", assumptions(statement)),
    section("What it does not say", SILENT),
  ].join("\n\n");
}
