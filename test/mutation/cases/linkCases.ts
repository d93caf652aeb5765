/** Commitments that several proofs read: links between proofs, certificates of renewed data, and where they must fail. */
import type { CommitmentParameters } from "../../../src/commitment/parameters.ts";
import type { DataCommitment } from "../../../src/engine/epoch/dataCommitment.ts";
import { commitInputs, renewData } from "../../../src/engine/epoch/prover/commitData.ts";
import { renewWeights } from "../../../src/engine/epoch/prover/renewWeights.ts";
import { NativeProver } from "../../../src/engine/prover/nativeProver.ts";
import { setup } from "../../../src/engine/prover/setup.ts";
import type { ProvingKey } from "../../../src/engine/provingKey.ts";
import { denseProgram, firstLayer, seededIntegers } from "../../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../../src/engine/testing/memorySlotCounter.ts";
import { flipBit } from "../../../src/engine/testing/proofEditing.ts";
import { readVerificationKey, writeVerificationKey } from "../../../src/engine/verificationKey.ts";
import type { Program } from "../../../src/program/program.ts";
import { ProgramDraft } from "../../../src/program/testing/programDraft.ts";
import type { Visibility } from "../../../src/relations/visibility.ts";
import type { CaseEnd } from "../killSuite.ts";
import type { SuiteBuilder } from "../suiteBuilder.ts";

const REFUSED = /^[a-z]+\.[a-zA-Z]+$/;
const BYTE = { lo: -128, hi: 127 };

type ParameterChange = (parameters: CommitmentParameters) => Partial<CommitmentParameters>;

interface Model {
  readonly provingKey: ProvingKey;
  readonly key: number;
}

/** Two stored results, listed as outputs in this order. */
function twoOutputs(order: readonly (0 | 1)[]): Program {
  const draft = new ProgramDraft();
  const input = draft.input([4], BYTE);
  const map = { kind: "clamp", ...BYTE } as const;
  const rounding = { kind: "requantise", shift: 0, rounding: "half-up" } as const;
  const first = draft.add({ ...rounding, input, function: { domain: BYTE, map } });
  const negated = draft.add({ kind: "combine", inputs: [input], factors: [-1], offset: 0 });
  const wide = { domain: { lo: -128, hi: 255 }, map };
  const made = [first, draft.add({ ...rounding, input: negated, function: wide })];
  return { ...draft.program(), outputs: order.map((i) => made[i]) };
}

function twoInputs(): Program {
  const draft = new ProgramDraft();
  const inputs = [draft.input([4], BYTE), draft.input([4], BYTE)];
  draft.add({ kind: "combine", inputs, factors: [1, -2], offset: 0 });
  return draft.program();
}

/** The same integers that mean other reals. */
function meaning(program: Program, quant: { readonly scale: number; readonly zeroPoint: number }): Program {
  const { tensors, inputs } = program;
  return { ...program, tensors: tensors.map((t, id) => (inputs.includes(id) ? { ...t, quant } : t)) };
}

class Links {
  readonly #builder: SuiteBuilder;

  constructor(builder: SuiteBuilder) {
    this.#builder = builder;
  }

  model(name: string, program: Program, change: ParameterChange = () => ({})): Model {
    const { kernels } = this.#builder;
    const made = setup(kernels, program, { weights: "public", proofs: 12, batch: 1 });
    const key = readVerificationKey(made.verificationKey);
    const parameters = { ...key.parameters, ...change(key.parameters) };
    const provingKey = { ...made.provingKey, verificationKey: writeVerificationKey({ ...key, parameters }) };
    return { provingKey, key: this.#builder.addKey(`key of ${name}`, provingKey.verificationKey) };
  }

  commit({ provingKey }: Model, inputs: readonly Int32Array[]): DataCommitment {
    return commitInputs(this.#builder.kernels, readVerificationKey(provingKey.verificationKey), inputs, 1);
  }

  /** A proof that reads this commitment, or these integers under one of its own. */
  prove(model: Model, read: DataCommitment | readonly Int32Array[], output: Visibility = "public") {
    const prover = new NativeProver(this.#builder.kernels, model.provingKey, null);
    const visibilities = { input: "committed", weights: "public", output } as const;
    if (!("tensors" in read)) return prover.prove({ inputs: read, batch: 1, visibilities });
    const inputs = read.tensors.map(({ values }) => values);
    const inputCommitment = { commitment: read, slots: new MemorySlotCounter() };
    return prover.prove({ inputs, batch: 1, visibilities, inputCommitment });
  }

  end(model: Model, proof: Uint8Array, side: CaseEnd["side"] = "input"): CaseEnd {
    return { proof, key: model.key, side };
  }
}

export function linkCases(builder: SuiteBuilder): void {
  const links = new Links(builder);
  const first = links.model("a first layer", firstLayer({ input: 9, hidden: 12, output: 4 }));
  const rest = denseProgram({ input: 12, hidden: 6, output: 5, seed: 3 });
  const second = links.model("the layers behind it", rest);
  const produced = links.prove(first, [seededIntegers(7, 9, 0, 255)], "committed");
  const output = produced.committed.output as DataCommitment;
  const { proof } = links.prove(second, output);
  const [from, to] = [links.end(first, produced.proof, "output"), links.end(second, proof)];
  builder.linkCase("output and input", { from, to, certified: [] }, "accepted");
  const refused = (name: string, code: string, ends: { from?: CaseEnd; to?: CaseEnd }): void =>
    builder.linkCase(name, { from, to, certified: [], ...ends }, code);
  refused("outputs that are not committed", "link.commitment", { to: links.end(second, proof, "output") });
  refused("the same, the other way round", "link.commitment", { from: links.end(second, proof, "output") });
  refused("tensors of other shapes", "link.layout", { to: links.end(first, produced.proof) });
  const alone = links.prove(second, [output.tensors[0].values]).proof;
  refused("equal values, two commitments", "link.root", { to: links.end(second, alone) });
  for (const [name, quant] of [
    ["scale", { scale: 0.5, zeroPoint: 0 }],
    ["zero point", { scale: rest.tensors[0].quant.scale, zeroPoint: 1 }],
  ] as const) {
    const other = links.model(`another ${name}`, meaning(rest, quant));
    refused(`another ${name}`, "link.scale", { to: links.end(other, links.prove(other, output).proof) });
  }
  parameterCases(builder, links, { first: to, rest, values: output.tensors[0].values });
  orderCases(builder, links);
  renewalCases(builder, { links, from, model: second, commitment: output });
}

/** The same network under keys whose rows are encoded otherwise: a longer code, another length, rows of other cells. */
function parameterCases(
  builder: SuiteBuilder,
  links: Links,
  { first, rest, values }: { first: CaseEnd; rest: Program; values: Int32Array },
): void {
  const changes: readonly (readonly [string, ParameterChange])[] = [
    [
      "shorter, with queries for no more",
      ({ dataUses, queries }) => ({ dataUses: dataUses - 1, queries: queries - 7 }),
    ],
    ["twice as long", ({ logLength }) => ({ logLength: logLength + 1 })],
    [
      "of twice the cells",
      ({ logColumns, logLength }) => ({ logColumns: logColumns + 1, logLength: logLength + 1 }),
    ],
  ];
  const enough = links.model("rows that are shorter", rest, ({ dataUses }) => ({ dataUses: dataUses - 1 }));
  const to = links.end(enough, links.prove(enough, [values]).proof);
  builder.linkCase("rows that are shorter", { from: first, to, certified: [] }, "link.root");
  for (const [name, change] of changes) {
    const model = links.model(`rows that are ${name}`, rest, change);
    const other = links.end(model, links.prove(model, [values]).proof);
    builder.linkCase(`rows that are ${name}`, { from: first, to: other, certified: [] }, "link.parameters");
    builder.linkCase(
      `${name}, the other way round`,
      { from: other, to: first, certified: [] },
      "link.parameters",
    );
  }
}

function orderCases(builder: SuiteBuilder, links: Links): void {
  const reader = links.model("a reader of two inputs", twoInputs());
  for (const order of [
    [0, 1],
    [1, 0],
  ] as const) {
    const maker = links.model(`outputs ${order}`, twoOutputs(order));
    const { proof, committed } = links.prove(maker, [Int32Array.of(1, 2, 3, 4)], "committed");
    const from = links.end(maker, proof, "output");
    const to = links.end(reader, links.prove(reader, committed.output as DataCommitment).proof);
    const expected = order[0] === 0 ? "accepted" : "link.layout";
    builder.linkCase(`outputs in the order ${order}`, { from, to, certified: [] }, expected);
  }
}

interface Renewed {
  readonly links: Links;
  readonly from: CaseEnd;
  readonly model: Model;
  readonly commitment: DataCommitment;
}

function renewalCases(builder: SuiteBuilder, { links, from, model, commitment }: Renewed): void {
  const { kernels } = builder;
  const { key, provingKey } = model;
  const renew = (slots = new MemorySlotCounter()) =>
    renewData(kernels, provingKey.verificationKey, commitment, slots);
  const renewal = renew();
  const to = links.end(model, links.prove(model, renewal.commitment).proof);
  const own = { certificate: renewal.certificate, key };
  const other = { certificate: renew().certificate, key };
  builder.linkCase("a renewed commitment", { from, to, certified: [own] }, "accepted");
  builder.linkCase("the way back", { from: to, to: from, certified: [other, own] }, "accepted");
  builder.linkCase("a renewed commitment alone", { from, to, certified: [] }, "link.root");
  builder.linkCase("the certificate of another", { from, to, certified: [other] }, "link.root");
  const { certificate } = renewal;
  builder.dataCase("a certificate of data", key, certificate, "accepted");
  builder.certificateCase("a certificate of data for an epoch", key, certificate, "certificate.kind");
  builder.dataCase("of another model", from.key, certificate, "certificate.model");
  const late = renewData(kernels, provingKey.verificationKey, commitment, { takeRenewal: () => 1 });
  builder.dataCase("a second renewal", key, late.certificate, "certificate.renewal");
  for (let at = 0; at < certificate.length; at += at < 160 ? 7 : 2999) {
    builder.dataCase(`byte ${at}`, key, flipBit(certificate, at, at % 8), REFUSED);
  }
  builder.dataCase("one byte more", key, Uint8Array.from([...certificate, 0]), REFUSED);
  const weights = setup(kernels, denseProgram({ input: 12, hidden: 6, output: 5 }), {
    weights: "hidden",
    proofs: 2,
    batch: 1,
  });
  const epoch = renewWeights(kernels, weights.provingKey, new MemorySlotCounter()).certificate;
  const hiddenKey = builder.addKey("hidden weights beside data", weights.verificationKey);
  builder.dataCase("a certificate of weights", hiddenKey, epoch, "certificate.kind");
}
