/** Whether a program's constraints leave a prover any choice: another witness, hence perhaps another output. */
import { describe, expect, it } from "vitest";
import { VICTIMS, type VictimName, victimInputs } from "../../engine/testing/cheatVictims.ts";
import { seededIntegers } from "../../engine/testing/denseProgram.ts";
import type { IntFunction, IntRange, Program, Rounding } from "../../program/program.ts";
import { type OperatorBody, ProgramDraft } from "../../program/testing/programDraft.ts";
import { randomExactProgram } from "../../program/testing/randomExactProgram.ts";
import { randomInput } from "../../program/testing/randomProgram.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import { bitLength } from "./gadgets/bits.ts";
import { compileR1cs } from "./r1csCircuit.ts";
import { FIELD_ORDER, residue } from "./scalarField.ts";
import { allOutputs } from "./testing/allOutputs.ts";
import { ALL_PUBLIC, type CircuitRun, runCircuit } from "./testing/runCircuit.ts";
import { undeterminedWires } from "./testing/undetermined.ts";

const HIDDEN_WEIGHTS: Visibilities = { ...ALL_PUBLIC, weights: "private" };

/** Wires of digest, commitments and public inputs: the public outputs stand behind them, last. */
function numStated({ r1cs, outputs }: CircuitRun): number {
  return r1cs.numPublic - outputs.reduce((sum, { length }) => sum + length, 0);
}

/** Wires that can change while digest, commitments, inputs and `held` stay; outputs may change with them. */
function choices(run: CircuitRun, held: ReadonlySet<number> = new Set()): number[] {
  const stated = numStated(run);
  return undeterminedWires(run.r1cs, run.values, (wire) => wire <= stated || held.has(wire));
}

/**
 * What a prover can choose at will: hints that are multiplied by 0, the inverse of what is 0. Nothing else may depend on them:
 * whatever they are set to, all other wires stay and all constraints hold.
 */
function expectIdle(run: CircuitRun, wires: readonly number[]): void {
  const isIdle = (wire: number): boolean =>
    run.r1cs.constraints.every(([left, right, result]) => {
      const reads = (row: typeof left): boolean => row.some((term) => term.wire === wire);
      const isZero = (row: typeof left): boolean =>
        row.reduce((sum, term) => sum + term.factor * run.values[term.wire], 0n) % FIELD_ORDER === 0n;
      return !reads(result) && (!reads(left) || isZero(right)) && (!reads(right) || isZero(left));
    });
  expect(wires.filter((wire) => !isIdle(wire))).toEqual([]);
}

describe("constraints of a program with public weights leave no choice", () => {
  it.each(Object.keys(VICTIMS) as VictimName[])("in %s", (name) => {
    const program = VICTIMS[name]();
    const run = runCircuit(program, victimInputs(program));
    expectIdle(run, choices(run));
  });

  it("in random programs", () => {
    for (let seed = 0; seed < 40; seed++) {
      const program = randomExactProgram(seed, 1 + (seed % 6));
      const inputs = program.inputs.map((_, i) => randomInput(program, 1, seed, i));
      const run = runCircuit(program, inputs);
      expectIdle(run, choices(run));
    }
  });
});

/** Wires of the weights: a wire and its bits but one, constant after constant, behind the digest's square. */
function weightWires(program: Program, { r1cs }: CircuitRun): Set<number> {
  let next = 2 + r1cs.numPublic;
  const wires = new Set<number>();
  for (const { data, range } of program.constants) {
    const bits = bitLength(BigInt(range.hi - range.lo));
    if (range.hi - range.lo + 1 !== 2 ** bits) throw new Error("a comparison takes further wires");
    for (let i = 0; i < data.length; i++, next += bits) wires.add(next);
  }
  return wires;
}

it.each(["elementwise", "matrices", "gathered", "wiring"] as const)(
  "with hidden weights the committed ones leave no choice (%s)",
  (name) => {
    const program = VICTIMS[name]();
    const run = runCircuit(program, victimInputs(program), HIDDEN_WEIGHTS);
    const weights = weightWires(program, run);
    const committed = program.constants.flatMap(({ data }) =>
      Array.from(data, (value) => residue(BigInt(value))),
    );
    expect([...weights].map((wire) => run.values[wire])).toEqual(committed);
    expectIdle(run, choices(run, weights));
  },
);

it.each(["convolutional", "matrices", "wiring", "gathered"] as const)(
  "the constraints say nothing about hidden weights (%s)",
  (name) => {
    const program = VICTIMS[name]();
    const constants = program.constants.map((constant, i) => {
      const { lo, hi } = constant.range;
      return { ...constant, data: i % 2 === 0 ? constant.data.map(() => lo) : constant.data.map(() => hi) };
    });
    const [own, other] = [program, { ...program, constants }].map(
      (each) => compileR1cs(each, HIDDEN_WEIGHTS, 1).r1cs,
    );
    expect(Buffer.from(own).equals(other)).toBe(true);
  },
);

const SMALL: IntRange = { lo: -5, hi: 6 };
const WIDER: IntRange = { lo: -32, hi: 31 };

/** One operator on inputs of one element each, or of the shapes given. */
function single(
  inputs: readonly (readonly [shape: readonly number[], range: IntRange])[],
  body: OperatorBody,
): Program {
  const draft = new ProgramDraft();
  for (const [shape, range] of inputs) draft.input(shape, range);
  draft.add(body);
  return draft.program();
}

function requantised(map: IntFunction["map"], shift: number): Program {
  const domain = { lo: -32, hi: 31 };
  const range = { lo: -32 * 2 ** shift, hi: 31 * 2 ** shift };
  return single([[[1], range]], {
    kind: "requantise",
    input: 0,
    shift,
    rounding: "half-up",
    function: { domain, map },
  });
}

function rescaled(rounding: Rounding, multiplier: number, shift: number): Program {
  const multipliers = [{ multiplier, shift }];
  return single([[[1], WIDER]], {
    kind: "rescale",
    input: 0,
    rounding,
    multipliers,
    zeroPoint: 1,
    lo: -3,
    hi: 11,
  });
}

const ONE_OPERATOR: readonly (readonly [string, Program])[] = [
  ["clamp", requantised({ kind: "clamp", lo: -3, hi: 17 }, 3)],
  ["clamp at 0", requantised({ kind: "clamp", lo: 0, hi: 31 }, 2)],
  [
    "table",
    requantised({ kind: "values", values: Int32Array.from({ length: 64 }, (_, i) => (i * i) % 23) }, 1),
  ],
  ["rescale by a line", rescaled("tflite-single", 2 ** 30 + 12345, -2)],
  ["rescale, rounded twice", rescaled("tflite-double", 2 ** 30 + 12345, -2)],
  ["rescale in floating point", rescaled("float-half-even", Math.fround(0.0814159), 0)],
  ["rescale by a quotient", rescaled("divide-half-away", 6, 0)],
  [
    "max",
    single(
      [
        [[2], SMALL],
        [[2], SMALL],
      ],
      { kind: "max", left: 0, right: 1 },
    ),
  ],
  ["argmax", single([[[4], SMALL]], { kind: "argmax", input: 0 })],
  [
    "divide",
    single(
      [
        [[1], WIDER],
        [[1], { lo: 1, hi: 12 }],
      ],
      { kind: "divide", numerator: 0, denominator: 1 },
    ),
  ],
  [
    "divide by 1",
    single(
      [
        [[1], SMALL],
        [[1], { lo: 1, hi: 1 }],
      ],
      { kind: "divide", numerator: 0, denominator: 1 },
    ),
  ],
  [
    "gather",
    single(
      [
        [[3, 2], SMALL],
        [[2], { lo: 0, hi: 2 }],
      ],
      { kind: "gather", table: 0, index: 1, batchAxes: 0 },
    ),
  ],
];

/** Inputs and digest, and where the outputs stand. */
function givenOf(run: CircuitRun): { readonly given: Map<number, bigint>; readonly outputs: number[] } {
  const stated = numStated(run);
  const given = new Map(Array.from({ length: stated }, (_, i) => [i + 1, run.values[i + 1]] as const));
  const outputs = Array.from({ length: run.r1cs.numPublic - stated }, (_, i) => stated + 1 + i);
  return { given, outputs };
}

describe("every witness of one operator has the same output", () => {
  it.each(ONE_OPERATOR)("%s", (_, program) => {
    for (let seed = 0; seed < 4; seed++) {
      const inputs = program.inputs.map((id, i) => {
        const { shape, range } = program.tensors[id];
        const drawn = seededIntegers(
          31 * seed + i,
          shape.reduce((a, b) => a * b, 1),
          range.lo,
          range.hi,
        );
        return seed === 0 ? drawn.fill(range.lo) : seed === 1 ? drawn.fill(range.hi) : drawn;
      });
      const run = runCircuit(program, inputs);
      const { given, outputs } = givenOf(run);
      expect([...allOutputs(run.r1cs, given, outputs)]).toEqual([
        outputs.map((wire) => run.values[wire]).join(),
      ]);
    }
  });

  it("and where any constraint but the digest's is missing the search finds another, or no bound on one", () => {
    const [, program] = ONE_OPERATOR[7];
    const run = runCircuit(program, [Int32Array.of(3, -4), Int32Array.of(-1, 6)]);
    const { r1cs } = run;
    const { given, outputs } = givenOf(run);
    const honest = outputs.map((wire) => run.values[wire]).join();
    const isForged = (missing: number): boolean => {
      const constraints = r1cs.constraints.filter((_, i) => i !== missing);
      try {
        return [...allOutputs({ ...r1cs, constraints }, given, outputs)].join(" ") !== honest;
      } catch (error) {
        return /nothing determines/.test(String(error));
      }
    };
    const numbers = [...r1cs.constraints.keys()];
    expect(numbers.filter((missing) => !isForged(missing))).toEqual([0]);
  });
});
