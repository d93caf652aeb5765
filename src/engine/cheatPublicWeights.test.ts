/** Keys that show their weights: no commitment and no range proof stands between a cheat and the verifier. */
import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import type { Program } from "../program/program.ts";
import type { Visibility } from "../relations/visibility.ts";
import { claimOutputs } from "./testing/cheat.ts";
import {
  type CheatingKey,
  type CheatRequest,
  cheatProof,
  publicCheatingSetup,
  tamperedRun,
} from "./testing/cheatingProver.ts";
import { activeNeuron, SHIFT } from "./testing/denseCheats.ts";
import { denseProgram, seededIntegers } from "./testing/denseProgram.ts";
import {
  modelIdentity,
  publicProgram,
  readVerificationKey,
  writeVerificationKey,
} from "./verificationKey.ts";
import { checkVerificationKey, verify } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const program = denseProgram({ input: 11, hidden: 7, output: 5 });
const inputs = [seededIntegers(4, 11, 0, 255)];
const neuron = activeNeuron({ program, tensors: tamperedRun(program, inputs, () => {}).tensors });
const honest = publicCheatingSetup(kernels, program);

const KINDS: readonly Visibility[] = ["public", "committed", "private"];
const HIDING = KINDS.flatMap((input) => KINDS.map((output) => ({ input, output })));

function codeOf(
  key: CheatingKey,
  deviation: Partial<CheatRequest> & Pick<CheatRequest, "visibilities">,
): string {
  const mark = kernels.mark();
  const proof = cheatProof(kernels, key, { inputs, batch: 1, ...deviation });
  kernels.release(mark);
  const verdict = verify(proof, key.verificationKey);
  return verdict.ok ? "accepted" : verdict.error.code;
}

function withWeight(id: number, index: number, change: (value: number) => number): Program["constants"] {
  return program.constants.map((constant, i) => ({
    ...constant,
    data: constant.data.map((x, j) => (i === id && j === index ? change(x) : x)),
  }));
}

describe.each(HIDING)("public weights, $input input, $output output", ({ input, output }) => {
  const visibilities = { input, weights: "public", output } as const;

  it("believes an honest prover", () => {
    expect(codeOf(honest, { visibilities })).toBe("accepted");
  });

  it("refuses a wrong product, although everything after it follows", () => {
    const tamper = (tensor: string, values: Int32Array): void => {
      if (tensor === "acc1") values[neuron] += 2 ** SHIFT;
    };
    expect(codeOf(honest, { visibilities, tamper })).toBe("opening.evaluation");
  });

  it("refuses a run with other weights than the statement's key shows", () => {
    const other = publicCheatingSetup(
      kernels,
      program,
      withWeight(0, 11 * neuron, (x) => (x > 0 ? x - 9 : x + 9)),
    );
    expect(codeOf(other, { visibilities })).toBe("opening.evaluation");
  });

  // A private output of raw sums is stored nowhere, and nothing is claimed about it.
  if (output === "private") return;

  it("refuses a wrong product in the output", () => {
    const tamper = (tensor: string, values: Int32Array): void => {
      if (tensor === "scores") values[1]++;
    };
    expect(codeOf(honest, { visibilities, tamper })).toBe("opening.evaluation");
  });

  it("refuses a run with another bias than the statement's key shows", () => {
    const other = publicCheatingSetup(
      kernels,
      program,
      withWeight(3, 2, (x) => x + 1),
    );
    expect(codeOf(other, { visibilities })).toBe("opening.evaluation");
  });
});

describe("a statement about public weights", () => {
  const visibilities = { input: "private", weights: "public", output: "public" } as const;

  it("names the one key that shows them", () => {
    const shown = { ...program, constants: withWeight(2, 4, (x) => (x > 0 ? x - 1 : x + 1)) };
    const identity = modelIdentity(publicCheatingSetup(kernels, shown).verificationKey);
    expect(codeOf(honest, { visibilities, statement: (s) => ({ ...s, modelIdentity: identity }) })).toBe(
      "statement.model",
    );
    expect(codeOf(honest, { visibilities, sent: (s) => ({ ...s, modelIdentity: identity }) })).toBe(
      "statement.model",
    );
  });

  it("cannot claim that they are hidden", () => {
    const weightSlot = { epochRoot: new Uint8Array(32), certificates: new Uint8Array(32), slot: 0 };
    const sent: CheatRequest["sent"] = (s) => ({
      ...s,
      weightSlot,
      visibilities: { ...visibilities, weights: "private" },
    });
    expect(codeOf(honest, { visibilities, sent })).toBe("statement.visibility");
  });

  it("cannot claim other outputs", () => {
    const statement = claimOutputs((values) => values.map((x, i) => (i === 0 ? x + 1 : x)));
    expect(codeOf(honest, { visibilities, statement })).toBe("opening.evaluation");
  });
});

describe("a key that shows weights outside their declared range", () => {
  const key = readVerificationKey(honest.verificationKey);

  it.each([
    ["a weight below", 0, 3, -128],
    ["a bias above", 3, 4, 2 ** 17],
    ["a bias below", 1, 0, -(2 ** 17) - 1],
  ])("is refused before any proof is looked at: %s", (_, id, index, value) => {
    const constants = withWeight(id, index, () => value);
    const verificationKey = writeVerificationKey({ ...key, weights: { kind: "public", constants } });
    const refused = { ok: false, error: { code: "key.weightRange" } };
    expect(checkVerificationKey(verificationKey)).toMatchObject(refused);
    expect(verify(new Uint8Array(10), verificationKey)).toMatchObject(refused);
  });

  it("is accepted at the ends of the range", () => {
    const constants = withWeight(0, 3, () => -127);
    const bytes = writeVerificationKey({ ...key, weights: { kind: "public", constants } });
    expect(checkVerificationKey(bytes)).toMatchObject({ ok: true });
    expect(publicProgram(readVerificationKey(bytes))?.constants[0].data[3]).toBe(-127);
  });
});
