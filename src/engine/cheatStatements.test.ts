/** Proofs that are right, under statements about something else: tensors that change places, another model, another use. */
import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import {
  type CheatingKey,
  type CheatRequest,
  cheatingSetup,
  cheatProof,
  publicCheatingSetup,
} from "./testing/cheatingProver.ts";
import { VICTIMS, victimInputs } from "./testing/cheatVictims.ts";
import { denseProgram } from "./testing/denseProgram.ts";
import { modelIdentity } from "./verificationKey.ts";
import { verify } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const dense = VICTIMS.dense();
const key = cheatingSetup(kernels, dense, dense.constants);

function codeOf(
  cheat: CheatingKey,
  request: Partial<CheatRequest> & Pick<CheatRequest, "visibilities">,
  verificationKey = cheat.verificationKey,
): string {
  const mark = kernels.mark();
  const proof = cheatProof(kernels, cheat, { inputs: victimInputs(cheat.program), batch: 1, ...request });
  kernels.release(mark);
  const verdict = verify(proof, verificationKey);
  return verdict.ok ? "accepted" : verdict.error.code;
}

describe("two tensors in each other's place", () => {
  const visibilities = { input: "committed", weights: "private", output: "committed" } as const;

  it("are refused: the commitments to input and output", () => {
    const exchange: CheatRequest["sent"] = (s) => ({
      ...s,
      inputCommitment: s.outputCommitment,
      outputCommitment: s.inputCommitment,
    });
    expect(codeOf(key, { visibilities })).toBe("accepted");
    expect(codeOf(key, { visibilities, sent: exchange })).toBe("opening.evaluation");
    expect(codeOf(key, { visibilities, statement: exchange })).toBe("opening.root");
  });

  it("are refused: an output's commitment in place of the weights'", () => {
    const exchange: CheatRequest["statement"] = (s) => {
      if (s.weightSlot === null || s.outputCommitment === null) throw new Error("both are committed");
      const { weightSlot, outputCommitment } = s;
      return {
        ...s,
        weightSlot: { ...weightSlot, epochRoot: outputCommitment },
        outputCommitment: weightSlot.epochRoot,
      };
    };
    expect(codeOf(key, { visibilities, statement: exchange })).toBe("statement.epoch");
  });

  it("are refused: two public inputs of one shape", () => {
    const elementwise = publicCheatingSetup(kernels, VICTIMS.elementwise());
    const shown = { input: "public", weights: "public", output: "public" } as const;
    const exchange: CheatRequest["statement"] = (s) => {
      const [first, second] = s.inputs;
      return {
        ...s,
        inputs: [
          { ...first, values: second.values },
          { ...second, values: first.values },
        ],
      };
    };
    expect(codeOf(elementwise, { visibilities: shown })).toBe("accepted");
    expect(codeOf(elementwise, { visibilities: shown, statement: exchange })).toBe("opening.evaluation");
    expect(codeOf(elementwise, { visibilities: shown, sent: exchange })).toBe("opening.evaluation");
    const renamed: CheatRequest["statement"] = (s) => ({ ...s, inputs: [...s.inputs].reverse() });
    expect(codeOf(elementwise, { visibilities: shown, sent: renamed })).toBe("statement.values");
  });
});

describe("a proof for something else", () => {
  const visibilities = { input: "private", weights: "private", output: "public" } as const;
  const other = denseProgram({ input: 11, hidden: 7, output: 5, seed: 2 });
  const otherKey = cheatingSetup(kernels, other, other.constants);

  it("is refused: another model of the same shape", () => {
    expect(codeOf(key, { visibilities }, otherKey.verificationKey)).toBe("statement.model");
  });

  it("is refused: another model's name in the statement, its commitment and all", () => {
    const identity = modelIdentity(otherKey.verificationKey);
    const named: CheatRequest["statement"] = (s) => ({ ...s, modelIdentity: identity });
    expect(codeOf(key, { visibilities, statement: named })).toBe("statement.model");
    // Under the other key the commitment is not that key's.
    expect(codeOf(key, { visibilities, statement: named }, otherKey.verificationKey)).toBe("statement.epoch");
  });

  it("is refused: another context, slot or number of bits than it was made for", () => {
    const context: CheatRequest["sent"] = (s) => ({ ...s, context: Uint8Array.of(7) });
    expect(codeOf(key, { visibilities, sent: context })).toBe("opening.evaluation");
    const slot: CheatRequest["sent"] = (s) => ({
      ...s,
      weightSlot: s.weightSlot === null ? null : { ...s.weightSlot, slot: 1 },
    });
    expect(codeOf(key, { visibilities, sent: slot })).toBe("opening.evaluation");
    const bits: CheatRequest["sent"] = (s) => ({ ...s, securityBits: s.securityBits - 1 });
    expect(codeOf(key, { visibilities, sent: bits })).toBe("statement.security");
  });
});
