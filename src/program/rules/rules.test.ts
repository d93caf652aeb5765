import { describe, expect, it } from "vitest";
import type { Program, ProgramOperator } from "../program.ts";
import { type OperatorBody, ProgramDraft } from "../testing/programDraft.ts";
import { validateProgram } from "../validate.ts";
import { deriveOutput } from "./rules.ts";

const BYTES = { lo: -128, hi: 127 };

const bodies = {
  conv: {
    kind: "conv",
    input: 0,
    weight: 0,
    bias: 1,
    strides: [1, 1],
    dilations: [1, 1],
    padBegin: [1, 0],
    padEnd: [0, 1],
    groups: 1,
  },
  rescale: {
    kind: "rescale",
    input: 0,
    rounding: "tflite-single",
    multipliers: [3, 5].map((multiplier) => ({ multiplier, shift: -1 })),
    zeroPoint: 4,
    lo: -128,
    hi: 127,
  },
  combine: { kind: "combine", inputs: [0, 0], factors: [2, -3], offset: 7 },
  multiply: { kind: "multiply", left: 0, right: 0 },
  max: { kind: "max", left: 0, right: 0 },
  take: { kind: "take", input: 0, axis: 1, indices: Int32Array.of(3, -1), fill: 300 },
  windowSum: { kind: "windowSum", input: 0, axis: 1, size: 2, stride: 1, padBegin: 0, padEnd: 0 },
  transpose: { kind: "transpose", input: 0, permutation: [2, 0, 1] },
  concat: { kind: "concat", inputs: [0, 0], axis: 1 },
} as const satisfies Record<string, OperatorBody>;

type Kind = keyof typeof bodies;

/** One operator on an input of shape [3, 4, 2], and a second input [3, 1, 2] as an output. */
function programOf(kind: Kind): Program {
  const draft = new ProgramDraft();
  draft.input([3, 4, 2], BYTES);
  draft.input([3, 1, 2], BYTES);
  if (kind === "conv") {
    draft.constant([5, 2, 2, 2], { lo: -10, hi: 5 }, new Int32Array(40));
    draft.constant([5], { lo: -1, hi: 100 }, new Int32Array(5));
  }
  draft.add(bodies[kind]);
  return draft.program();
}

function changed(kind: Kind, change: object): Program {
  const program = programOf(kind);
  return { ...program, operators: [{ ...program.operators[0], ...change } as ProgramOperator] };
}

const refused: readonly [Kind, string, object][] = [
  ["conv", "a stride of 0", { strides: [1, 0] }],
  ["conv", "a fractional dilation", { dilations: [1, 1.5] }],
  ["conv", "a negative padding", { padBegin: [-1, 0] }],
  ["conv", "a padding beyond 2^16", { padEnd: [0, 2 ** 16 + 1] }],
  ["conv", "too few strides", { strides: [1] }],
  ["conv", "too many paddings", { padEnd: [0, 1, 0] }],
  ["conv", "no group", { groups: 0 }],
  ["conv", "groups that do not divide", { groups: 2 }],
  ["conv", "a window that does not fit", { dilations: [5, 1] }],
  ["conv", "a bias of the weight's shape", { bias: 0 }],
  ["conv", "a weight of another rank", { weight: 1 }],
  ["rescale", "too many multipliers", { multipliers: new Array(3).fill({ multiplier: 3, shift: 0 }) }],
  ["rescale", "no multiplier", { multipliers: [] }],
  ["rescale", "a multiplier of 0", { multipliers: [{ multiplier: 0, shift: 0 }] }],
  ["rescale", "a multiplier of 2^31", { multipliers: [{ multiplier: 2 ** 31, shift: 0 }] }],
  ["rescale", "a fractional multiplier", { multipliers: [{ multiplier: 0.5, shift: 0 }] }],
  ["rescale", "a shift below −31", { multipliers: [{ multiplier: 1, shift: -32 }] }],
  ["rescale", "a shift above 30", { multipliers: [{ multiplier: 1, shift: 31 }] }],
  ["rescale", "another rounding", { rounding: "half-up" }],
  [
    "rescale",
    "a shift where there is none",
    { rounding: "divide-half-away", multipliers: [{ multiplier: 1, shift: 1 }] },
  ],
  [
    "rescale",
    "a multiplier that is no float32",
    { rounding: "float-half-even", multipliers: [{ multiplier: 0.1, shift: 0 }] },
  ],
  [
    "rescale",
    "an infinite multiplier",
    { rounding: "float-half-even", multipliers: [{ multiplier: Infinity, shift: 0 }] },
  ],
  ["rescale", "257 values", { hi: 128 }],
  ["rescale", "bounds that cross", { lo: 5, hi: 4 }],
  ["rescale", "a fractional zero point", { zeroPoint: 0.5 }],
  ["combine", "no input", { inputs: [], factors: [] }],
  ["combine", "too few factors", { factors: [2] }],
  ["combine", "a factor of 0", { factors: [2, 0] }],
  ["combine", "a fractional offset", { offset: 0.5 }],
  ["combine", "inputs of two shapes", { inputs: [0, 1] }],
  ["multiply", "inputs of two shapes", { right: 1 }],
  ["max", "inputs of two shapes", { left: 1 }],
  ["take", "an axis too many", { axis: 3 }],
  ["take", "no index", { indices: new Int32Array(0) }],
  ["take", "an index beyond the axis", { indices: Int32Array.of(4, -1) }],
  ["take", "an index below −1", { indices: Int32Array.of(-2, -1) }],
  ["take", "a fill that is not used", { indices: Int32Array.of(3, 1) }],
  ["take", "a fractional fill", { fill: 0.5 }],
  ["windowSum", "a window of 0", { size: 0 }],
  ["windowSum", "a window that does not fit", { size: 5 }],
  ["windowSum", "a stride of 0", { stride: 0 }],
  ["windowSum", "a negative padding", { padEnd: -1 }],
  ["windowSum", "a negative axis", { axis: -1 }],
  ["transpose", "too few axes", { permutation: [0, 1] }],
  ["transpose", "an axis twice", { permutation: [0, 1, 1] }],
  ["transpose", "an axis too many", { permutation: [0, 1, 3] }],
  ["concat", "no input", { inputs: [] }],
  ["concat", "an axis along which others differ", { inputs: [0, 1], axis: 0 }],
];

describe("deriveOutput", () => {
  it.each(Object.keys(bodies) as Kind[])("accepts the %s that the cases below change", (kind) => {
    validateProgram(programOf(kind));
  });

  for (const [kind, what, change] of refused) {
    it(`refuses a ${kind} with ${what}`, () => {
      const program = changed(kind, change);
      expect(() => deriveOutput(program, program.operators[0], kind)).toThrow(
        expect.objectContaining({ code: "program.invalid", where: kind }),
      );
    });
  }

  it.each([-1, 2, 3, 0.5])("is not asked when an operator reads tensor %s, which is not there yet", (id) => {
    for (const change of [{ left: id }, { right: id }]) {
      expect(() => validateProgram(changed("max", change))).toThrow(/not computed before/);
    }
    expect(() => validateProgram(changed("concat", { inputs: [0, id] }))).toThrow(/not computed before/);
  });

  it("derives shapes and ranges from what is declared", () => {
    const outputs = (Object.keys(bodies) as Kind[]).map((kind) => {
      const { shape, range } = programOf(kind).tensors[2];
      return [kind, shape, range.lo, range.hi];
    });
    expect(outputs).toEqual([
      ["conv", [3, 4, 5], 8 * -1270 - 1, 8 * 1280 + 100],
      ["rescale", [3, 4, 2], 4, 4],
      ["combine", [3, 4, 2], 2 * -128 - 3 * 127 + 7, 2 * 127 + 3 * 128 + 7],
      ["multiply", [3, 4, 2], -128 * 127, 128 * 128],
      ["max", [3, 4, 2], -128, 127],
      ["take", [3, 2, 2], -128, 300],
      ["windowSum", [3, 3, 2], -256, 254],
      ["transpose", [2, 3, 4], -128, 127],
      ["concat", [3, 8, 2], -128, 127],
    ]);
  });

  it("counts padding as 0", () => {
    const draft = new ProgramDraft();
    const input = draft.input([4], { lo: 3, hi: 5 });
    const sum = { kind: "windowSum", input, axis: 0, size: 2, stride: 1 } as const;
    const bare = draft.add({ ...sum, padBegin: 0, padEnd: 0 });
    const padded = draft.add({ ...sum, padBegin: 1, padEnd: 0 });
    expect(draft.tensors[bare].range).toEqual({ lo: 6, hi: 10 });
    expect(draft.tensors[padded].range).toEqual({ lo: 0, hi: 10 });
  });

  it("takes the least and the greatest of all multipliers", () => {
    const draft = new ProgramDraft();
    const input = draft.input([2], { lo: -100, hi: 200 });
    const multipliers = [10, 25].map((multiplier) => ({ multiplier, shift: 0 }));
    const rescale = { kind: "rescale", input, rounding: "divide-half-away", multipliers } as const;
    const output = draft.add({ ...rescale, zeroPoint: 1, lo: -128, hi: 15 });
    expect(draft.tensors[output].range).toEqual({ lo: -9, hi: 15 });
  });

  it("refuses to rescale what could wrap when its bounds are subtracted", () => {
    const program = changed("rescale", {});
    for (const [bound, code] of [
      [2 ** 29 - 1, null],
      [2 ** 29, "program.rangeTooLarge"],
    ] as const) {
      const draft = new ProgramDraft();
      draft.input([2], { lo: -bound, hi: 0 });
      const add = (): unknown => draft.add(program.operators[0] as OperatorBody);
      if (code === null) add();
      else expect(add).toThrow(expect.objectContaining({ code }));
    }
  });

  it("refuses a sum of terms that are too large, though they cancel", () => {
    const draft = new ProgramDraft();
    const input = draft.input([2], { lo: 2 ** 20, hi: 2 ** 20 + 1 });
    draft.add({ kind: "combine", inputs: [input, input], factors: [500, -500], offset: 0 });
    const large = { kind: "combine", inputs: [input, input], factors: [1024, -1024], offset: 0 } as const;
    expect(() => draft.add(large)).toThrow(expect.objectContaining({ code: "program.rangeTooLarge" }));
  });

  it("refuses a mode that does not exist", () => {
    const program = { ...programOf("max"), mode: "float" } as unknown as Program;
    expect(() => validateProgram(program)).toThrow(expect.objectContaining({ code: "program.invalid" }));
  });
});
