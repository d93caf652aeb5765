import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import type { Program } from "../program/program.ts";
import { claimOutputs } from "./testing/cheat.ts";
import {
  type CheatingKey,
  type CheatRequest,
  cheatingSetup,
  cheatProof,
  tamperedRun,
} from "./testing/cheatingProver.ts";
import type { Cells } from "./testing/cheatingWitness.ts";
import { denseProgram, seededIntegers } from "./testing/denseProgram.ts";
import { checkVerificationKey, verify } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
// Axes of 11, 7 and 5 leave padding cells in every stored row.
const program = denseProgram({ input: 11, hidden: 7, output: 5 });
const honestKey = cheatingSetup(kernels, program, program.constants);

function verdict(
  key: CheatingKey,
  deviation: Partial<CheatRequest> = {},
  batch = 1,
): ReturnType<typeof verify> {
  const mark = kernels.mark();
  const proof = cheatProof(kernels, key, {
    inputs: [seededIntegers(4, 11 * batch, 0, 255)],
    batch,
    visibilities: { input: "private", weights: "private", output: "public" },
    ...deviation,
  });
  kernels.release(mark);
  return verify(proof, key.verificationKey);
}

function withConstant(id: number, index: number, value: number): Program["constants"] {
  return program.constants.map((constant, i) => {
    if (i !== id) return constant;
    const data = constant.data.slice();
    data[index] = value;
    return { ...constant, data };
  });
}

const refused = { ok: false, error: { code: "opening.evaluation" } };

describe("weights", () => {
  it.each([
    ["a weight above its range", 0, 128],
    ["a weight below its range", 2, -128],
    ["a bias above its range", 3, 2 ** 17],
    ["a bias below its range", 1, -(2 ** 17) - 1],
  ])("%s: no range proof, and no proof under the key", (_, id, value) => {
    const key = cheatingSetup(kernels, program, withConstant(id, 3, value));
    expect(checkVerificationKey(key.verificationKey)).toMatchObject(refused);
    expect(verdict(key)).toMatchObject(refused);
  });

  it("at the ends of their ranges are fine", () => {
    const key = cheatingSetup(kernels, program, withConstant(1, 3, 2 ** 17 - 1));
    expect(checkVerificationKey(key.verificationKey)).toMatchObject({ ok: true });
  });

  it("other than the committed ones are refused", () => {
    const swapped = (cells: Cells): void => {
      const w2 = cells("w2");
      w2[0] = (w2[0] + 1) % 127;
    };
    expect(verdict(honestKey, { cells: swapped })).toMatchObject(refused);
  });
});

describe("padding cells of stored rows", () => {
  const garbage = (cells: Cells): void => {
    cells("y1").fill(99, 7);
    cells("x").fill(1234567, 11);
  };
  const zeros = (cells: Cells): void => {
    cells("y1").fill(0, 7);
    cells("x").fill(0, 11);
  };

  it("do not take part: garbage in them changes nothing", () => {
    const outcome = verdict(honestKey, { cells: garbage, argued: zeros });
    const { outputs } = tamperedRun(program, [seededIntegers(4, 11, 0, 255)], () => {});
    expect(outcome).toMatchObject({ ok: true, statement: { outputs: [{ values: outputs[0] }] } });
  });

  it("cannot be argued with", () => {
    expect(verdict(honestKey, { cells: garbage })).toMatchObject(refused);
  });

  it("cannot carry a product into an output", () => {
    // One committed activation cell and one weight cell beyond the real ones, whose product would be 50·1.
    const weights = (cells: Cells): void => {
      cells("w2")[7] = 50;
    };
    const key = cheatingSetup(kernels, program, program.constants, weights);
    expect(checkVerificationKey(key.verificationKey)).toMatchObject({ ok: true });
    const cells = (all: Cells): void => {
      all("y1")[7] = 1;
    };
    const tamper = (tensor: string, values: Int32Array): void => {
      if (tensor === "scores") values[0] += 50;
    };
    expect(verdict(key, { cells, tamper })).toMatchObject(refused);
  });
});

describe("batches", () => {
  const size = program.tensors[program.outputs[0]].shape[0];

  it("are believed in order", () => {
    expect(verdict(honestKey, {}, 2)).toMatchObject({ ok: true });
  });

  it("cannot exchange their rows", () => {
    const exchange = claimOutputs((values) =>
      Int32Array.from([...values.subarray(size), ...values.subarray(0, size)]),
    );
    expect(verdict(honestKey, { statement: exchange }, 2)).toMatchObject(refused);
  });

  it("cannot copy one row over the other", () => {
    const copy = claimOutputs((values) => values.slice().copyWithin(size, 0, size));
    expect(verdict(honestKey, { statement: copy }, 2)).toMatchObject(refused);
  });
});

describe("committed values", () => {
  const visibilities = { input: "committed", weights: "private", output: "committed" } as const;

  it("are bound to the statement's roots", () => {
    expect(verdict(honestKey, { visibilities })).toMatchObject({ ok: true });
    for (const field of ["inputCommitment", "outputCommitment"] as const) {
      const outcome = verdict(honestKey, {
        visibilities,
        statement: (statement) => ({ ...statement, [field]: new Uint8Array(32).fill(1) }),
      });
      expect(outcome, field).toMatchObject({ ok: false, error: { code: "opening.root" } });
    }
  });

  it("cannot be another output than computed", () => {
    const cells = (all: Cells): void => {
      all("scores")[0]++;
    };
    expect(verdict(honestKey, { visibilities, cells })).toMatchObject(refused);
  });

  it("cannot be an input outside its range", () => {
    const tamper = (tensor: string, values: Int32Array): void => {
      if (tensor === "x") values[10] = 256;
    };
    expect(verdict(honestKey, { visibilities, tamper })).toMatchObject(refused);
  });
});
