import { describe, expect, it } from "vitest";
import { smallProgram } from "../../../test/conformance/smallProgram.ts";
import type { Program } from "../../program/program.ts";
import { type OperatorBody, ProgramDraft } from "../../program/testing/programDraft.ts";
import { randomExactProgram } from "../../program/testing/randomExactProgram.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import { noirInput } from "./noirExport.ts";
import { noirProject } from "./noirProject.ts";

const OPEN: Visibilities = { input: "private", weights: "public", output: "public" };
const HIDDEN: Visibilities = { input: "committed", weights: "private", output: "committed" };

function fileOf(program: Program, path: string, visibilities = OPEN, batch = 1): string {
  return noirProject(program, { visibilities, batch, bindsStatement: true }).files.get(path) ?? "";
}

function single(range: { lo: number; hi: number }, body: OperatorBody, shape = [3]): string {
  const draft = new ProgramDraft();
  draft.input(shape, range);
  draft.add(body);
  return fileOf(draft.program(), "src/main.nr");
}

/** What a circuit takes from an unconstrained function, and the ranges that bind it. */
function unconstrainedCalls(source: string): number {
  return source.match(/unsafe \{/g)?.length ?? 0;
}

describe("Noir packages", () => {
  it("have a statement for each operator and bounds that follow from ranges", () => {
    const main = fileOf(smallProgram(1), "src/main.nr");
    expect(main).toContain(
      "fn main(\n    digest: pub Field,\n    input_0: [Field; 4],\n) -> pub [Field; 2] {",
    );
    expect(main).toContain("input_0.for_each(|x| in_range::<5>(x, -16, 15));");
    expect(main).toMatch(/matmul_1: \[Field; 3\] = layers::dense\(input_0, weights::\w+, weights::\w+\);/);
    expect(main).toMatch(
      /matmul_1\.map\(\|x\| at_most::<\d+>\(at_least::<\d+>\(shift::<3, \d+>\(x \+ 4, -\d+\), 0\), 31\)\)/,
    );
    expect(main).toContain("look_up::<6, 32>(tables::TABLE_REQUANTISE_4, x + 1056)");
  });

  it("take hidden weights as parameters in range, bound by a commitment", () => {
    const main = fileOf(smallProgram(1), "src/main.nr", HIDDEN, 2);
    expect(main).toContain(
      "commitment_w: pub Field,\n    commitment_x: pub Field,\n    commitment_y: pub Field,",
    );
    expect(main.match(/w\.\w+\.for_each\(\|x\| in_range::<4>\(x, -8, 7\)\);/g)).toHaveLength(3);
    for (const which of ["w", "x", "y"])
      expect(main).toContain(`assert(sponge_${which}.finish() == commitment_${which});`);
    expect(main).not.toContain("-> pub");
    // The domain of a function is proven where no weights are known to keep it.
    expect(main).toMatch(/\w+_shifted\.for_each\(\|x\| in_range::<7>\(x, -64, 63\)\);/);
    const weights = fileOf(smallProgram(1), "src/weights.nr", HIDDEN);
    expect(weights).not.toContain("global");
  });

  it("leave out what a range cannot pass", () => {
    const clamp = (lo: number, hi: number): OperatorBody => ({
      kind: "requantise",
      input: 0,
      shift: 0,
      rounding: "half-up",
      function: { domain: { lo: -16, hi: 15 }, map: { kind: "clamp", lo, hi } },
    });
    expect(single({ lo: -16, hi: 15 }, clamp(-20, 20))).toContain("input_0.map(|x| x)");
    expect(single({ lo: -16, hi: 15 }, clamp(0, 20))).toContain("input_0.map(|x| at_least::<4>(x, 0))");
    expect(single({ lo: -16, hi: 15 }, clamp(-20, 7))).toContain("input_0.map(|x| at_most::<5>(x, 7))");
    expect(single({ lo: -16, hi: 15 }, clamp(15, 20))).toContain("input_0.map(|x| 15)");
  });

  it("take bounds from a table where no line has the thresholds", () => {
    const main = single(
      { lo: -200, hi: 200 },
      {
        ...{ kind: "rescale", input: 0, rounding: "float-half-even", zeroPoint: 3, lo: -128, hi: 127 },
        multipliers: [{ multiplier: 0.5, shift: 0 }],
      },
    );
    expect(main).toContain("step::<9, 257>(x, tables::BOUNDS_RESCALE_1, 0, 256) - 128");
  });

  it("are written for programs of every operator, each name once", () => {
    for (let seed = 0; seed < 12; seed++) {
      const program = randomExactProgram(seed);
      const main = fileOf(program, "src/main.nr", seed % 2 === 0 ? OPEN : HIDDEN, 2);
      const names = Array.from(main.matchAll(/let (\w+): /g), (match) => match[1]);
      expect(new Set(names).size).toBe(names.length);
      expect(names.length).toBeGreaterThanOrEqual(program.operators.length);
    }
  });

  it("use an unconstrained function only in the library", () => {
    const { files } = noirProject(smallProgram(1), { visibilities: HIDDEN, batch: 1, bindsStatement: true });
    const calls = [...files]
      .map(([path, text]) => [path, unconstrainedCalls(text)])
      .filter(([, n]) => n !== 0);
    expect(calls).toEqual([
      ["src/elements.nr", 1],
      ["src/rounding.nr", 5],
    ]);
  });

  it("write negative inputs as field elements", () => {
    const text = noirInput({ inputNames: ["x"] }, [Int32Array.of(-1, 2)]);
    expect(text).toBe(
      'x = ["21888242871839275222246405745257275088548364400416034343698204186575808495616", "2"]\n',
    );
  });
});
