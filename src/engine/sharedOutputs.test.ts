/** Two outputs that are one tensor under two shapes: a statement cannot give them different values. */
import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import type { Program } from "../program/program.ts";
import { ProgramDraft } from "../program/testing/programDraft.ts";
import { planInference } from "../relations/inferencePlan.ts";
import type { Statement } from "./statement.ts";
import { cheatProof, publicCheatingSetup } from "./testing/cheatingProver.ts";
import { verify } from "./verifier/verify.ts";

const RANGE = { lo: -8, hi: 7 };

/** A stored result, and the same elements in rows. */
function twice(): Program {
  const draft = new ProgramDraft();
  const input = draft.input([4], RANGE);
  const f = { domain: RANGE, map: { kind: "clamp", lo: 0, hi: 7 } } as const;
  const stored = draft.add({ kind: "requantise", input, shift: 0, rounding: "half-up", function: f });
  const rows = draft.add({ kind: "reshape", input: stored }, [2, 2]);
  return { ...draft.program(), outputs: [stored, rows] };
}

describe("two outputs that are one tensor", () => {
  const kernels = createKernels({ threads: 1 });
  const program = twice();
  const key = publicCheatingSetup(kernels, program);
  const visibilities = { input: "private", weights: "public", output: "public" } as const;
  const codeOf = (statement: (honest: Statement) => Statement): string => {
    const inputs = [Int32Array.of(1, -2, 3, 4)];
    const proof = cheatProof(kernels, key, { inputs, batch: 1, visibilities, statement });
    const verdict = verify(proof, key.verificationKey);
    return verdict.ok ? "accepted" : verdict.error.code;
  };
  /** The proof is made for the changed statement. */
  const changed = (which: number, at: number) =>
    codeOf((s) => ({
      ...s,
      outputs: s.outputs.map((output, i) =>
        i === which
          ? { ...output, values: (output.values as Int32Array).map((x, j) => (j === at ? 5 : x)) }
          : output,
      ),
    }));

  it("are stored once", () => {
    const { outputs } = planInference(program, visibilities, 1);
    expect(outputs[0]).toBe(outputs[1]);
    expect(codeOf((s) => s)).toBe("accepted");
  });

  it.each([
    [0, 0],
    [0, 3],
    [1, 0],
    [1, 3],
  ])("cannot differ: output %i, element %i", (which, at) => {
    expect(changed(which, at)).toBe("statement.values");
  });
});
