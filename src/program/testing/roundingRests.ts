/** Differences of a number and its rounding, and combinations that only look like one, each with its declared range. */
import type { Combine, IntFunction, Program } from "../program.ts";
import { ProgramDraft } from "./programDraft.ts";

export interface RoundingRest {
  readonly name: string;
  readonly program: Program;
  readonly lo: number;
  readonly hi: number;
}

const DOMAIN = { lo: -32, hi: 31 };
const IDENTITY: IntFunction = { domain: DOMAIN, map: { kind: "clamp", ...DOMAIN } };
const CUT: IntFunction = { domain: DOMAIN, map: { kind: "clamp", lo: -32, hi: 30 } };

function rest(
  factors: readonly [number, number],
  { shift = 4, offset = 0, f = IDENTITY, of = 0 } = {},
): Program {
  const draft = new ProgramDraft();
  const x = draft.input([1], { lo: -500, hi: 487 });
  const other = draft.add({ kind: "combine", inputs: [x], factors: [1], offset: 0 });
  const input = of === 0 ? x : other;
  const y = draft.add({ kind: "requantise", input, shift, rounding: "half-up", function: f });
  const kept: Omit<Combine, "name" | "output"> = {
    kind: "combine",
    inputs: [other, x, y],
    factors: [1, 1, 1],
    offset: 0,
  };
  const difference = draft.add({ kind: "combine", inputs: [x, y], factors, offset });
  draft.add(kept);
  const program = draft.program("rest");
  return { ...program, outputs: [difference, difference + 1] };
}

export function roundingRests(): readonly RoundingRest[] {
  const loose = (a: number, b: number): { lo: number; hi: number } => ({
    lo: a * (a < 0 ? 487 : -500) + b * (b < 0 ? 31 : -32),
    hi: a * (a < 0 ? -500 : 487) + b * (b < 0 ? -32 : 31),
  });
  return [
    { name: "a rest", program: rest([1, -16]), lo: -8, hi: 7 },
    { name: "times 3, plus 5", program: rest([3, -48], { offset: 5 }), lo: -19, hi: 26 },
    { name: "times -2", program: rest([-2, 32]), lo: -14, hi: 16 },
    { name: "of another shift", program: rest([1, -8]), ...loose(1, -8) },
    { name: "of another sign", program: rest([1, 16]), ...loose(1, 16) },
    {
      name: "of a function that cuts",
      program: rest([1, -16], { f: CUT }),
      lo: -500 - 16 * 30,
      hi: 487 + 16 * 32,
    },
    { name: "of another tensor's rounding", program: rest([1, -16], { of: 1 }), ...loose(1, -16) },
  ];
}
