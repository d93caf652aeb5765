/**
 * A plan means its program: with the interpreter's integers in place of all tensors, every layer, equality and lookup of
 * the plan holds cell by cell, evaluated from the definitions in claims/plan.ts by a test evaluator that shares no code
 * with witness or verifier.
 */
import { describe, expect, it } from "vitest";
import { type LinearLayer, layerAxes } from "../claims/plan.ts";
import {
  allIndices,
  cellAt,
  type NaiveSources,
  type NaiveTensor,
  naiveColumn,
} from "../claims/testing/naiveExpression.ts";
import { add as addF, fromInteger, mul as mulF, P } from "../field/m31.ts";
import { type ProgramRun, runProgram } from "../program/interpreter.ts";
import type { Program } from "../program/program.ts";
import { programStructure } from "../program/programStructure.ts";
import { ProgramDraft } from "../program/testing/programDraft.ts";
import { randomExactProgram } from "../program/testing/randomExactProgram.ts";
import { randomIntegers } from "../program/testing/randomIntegers.ts";
import { randomInput } from "../program/testing/randomProgram.ts";
import { type InferencePlan, planInference } from "./inferencePlan.ts";
import { accumulatorValues, programValues } from "./witness/programValues.ts";

const BATCH = 2;
const COMMITTED = { input: "committed", weights: "private", output: "committed" } as const;

function sourcesOf(inference: InferencePlan, program: Program, run: ProgramRun): NaiveSources {
  const { plan, origins, accumulators } = inference;
  const tensors: NaiveTensor[] = [];
  const sources: NaiveSources = {
    tensor: (id) => tensors[id],
    layer: (id) => ({ axes: layerAxes(plan.layers[id]), values: accumulatorValues(run, accumulators[id]) }),
  };
  plan.tensors.forEach(({ axes }, id) => {
    const origin = origins[id];
    let values: ArrayLike<number> | null = programValues(program, run, origin);
    if (origin.kind === "limb") {
      values = naiveColumn(sources, axes, origin.expression).map((x) => x % 2 ** origin.bits);
    }
    // Multiplicities are no part of what is claimed here: a lookup holds if its row is in the table.
    if (values !== null) tensors[id] = { axes, values };
  });
  return sources;
}

/** bias + Σ_k left · right over the layer's axes, as residues. */
function naiveLayer(sources: NaiveSources, layer: LinearLayer): number[] {
  const [left, right] = [layer.left, layer.right].map(({ axes, value }) => {
    const lengths = axes.map((axis) => layer.axes[axis]);
    const tensor = { axes: lengths, values: naiveColumn(sources, lengths, value) };
    return (index: readonly number[]) =>
      cellAt(
        tensor,
        axes.map((axis) => index[axis]),
      );
  });
  const outputs = layerAxes(layer);
  return allIndices(outputs).map((output) => {
    const bias =
      layer.bias === null ? 0 : cellAt(sources.tensor(layer.bias), output.slice(outputs.length - 1));
    return allIndices(layer.axes.slice(outputs.length)).reduce((sum, inner) => {
      const index = [...output, ...inner];
      return addF(sum, mulF(left(index), right(index)));
    }, fromInteger(bias));
  });
}

function expectMeaning(program: Program, seed: number): InferencePlan {
  const inputs = program.inputs.map((_, i) => randomInput(program, BATCH, seed, i));
  const run = runProgram(program, inputs, BATCH);
  const inference = planInference(programStructure(program), COMMITTED, BATCH);
  const { plan, outputs } = inference;
  const sources = sourcesOf(inference, program, run);
  plan.layers.forEach((layer, id) => {
    const values = Array.from(sources.layer(id).values, fromInteger);
    expect(naiveLayer(sources, layer), layer.name).toEqual(values);
  });
  for (const { name, axes, value } of plan.equalities) {
    expect(
      naiveColumn(sources, axes, value).filter((residue) => residue !== 0),
      name,
    ).toEqual([]);
  }
  const rows = new Map<number, Set<string>>();
  const rowsOf = ({ axes, columns }: (typeof plan.sections)[number]): string[] => {
    const values = columns.map((column) => naiveColumn(sources, axes, column));
    return values[0].map((_, cell) => values.map((column) => column[cell]).join());
  };
  for (const section of plan.sections) {
    if (section.multiplicity !== null) rows.set(section.tag, new Set(rowsOf(section)));
  }
  for (const section of plan.sections) {
    if (section.multiplicity !== null) continue;
    const missing = rowsOf(section).filter((row) => rows.get(section.tag)?.has(row) !== true);
    expect(missing, section.name).toEqual([]);
  }
  // What a statement shows of an output are the interpreter's integers, in their order.
  program.outputs.forEach((id, i) => {
    const tensor = outputs[i];
    if (tensor === null) throw new Error("an output that is not stored");
    expect([...(sources.tensor(tensor).values as Int32Array)]).toEqual([...run.tensors[id]]);
  });
  return inference;
}

describe("programs of all operators", () => {
  for (let seed = 100; seed < 160; seed++) {
    it(`random program ${seed}`, () => {
      const program = randomExactProgram(seed, 1 + (seed % 9));
      try {
        expectMeaning(program, seed);
      } catch (error) {
        // A maximum of values too far apart for one table.
        expect((error as { code?: string }).code).toBe("program.rangeTooLarge");
      }
    });
  }
});

/** Two heads of attention without its softmax: reshaped and turned projections, multiplied with each other. */
function attention(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([3, 8], { lo: -8, hi: 7 });
  const heads = (permutation: readonly number[]) => {
    const weight = draft.constant(
      [8, 8],
      { lo: -3, hi: 3 },
      Int32Array.from({ length: 64 }, (_, i) => ((i * 5) % 7) - 3),
    );
    const projected = draft.add({ kind: "matmul", input: x, weight, bias: null });
    const split = draft.add({ kind: "reshape", input: projected }, [3, 2, 4]);
    return draft.add({ kind: "transpose", input: split, permutation });
  };
  const scores = draft.add({ kind: "batchMatMul", left: heads([1, 0, 2]), right: heads([1, 0, 2]) });
  const f = { domain: { lo: -2048, hi: 2047 }, map: { kind: "clamp", lo: 0, hi: 15 } } as const;
  const stored = draft.add({ kind: "requantise", input: scores, shift: 6, rounding: "half-up", function: f });
  const mixed = draft.add({ kind: "batchMatMul", left: stored, right: heads([1, 2, 0]) });
  const turned = draft.add({ kind: "transpose", input: mixed, permutation: [1, 0, 2] });
  const joined = draft.add({ kind: "reshape", input: turned }, [3, 8]);
  draft.add({
    kind: "batchMatMul",
    left: joined,
    right: draft.add({ kind: "transpose", input: joined, permutation: [0, 1] }),
  });
  return draft.program("attention");
}

/** Entries along each axis of a tensor that is read turned and reshaped, chosen by the largest entry of another. */
function chosen(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([4, 6], { lo: -8, hi: 7 });
  const scores = draft.input([2, 3, 2], { lo: -8, hi: 7 });
  const index = draft.add({ kind: "argmax", input: scores });
  const turned = draft.add({ kind: "transpose", input: x, permutation: [1, 0] });
  draft.add({ kind: "gather", table: turned, index, batchAxes: 0 });
  const split = draft.add({ kind: "reshape", input: turned }, [2, 3, 4]);
  draft.add({ kind: "gather", table: split, index, batchAxes: 1 });
  draft.add({ kind: "gather", table: split, index, batchAxes: 2 });
  const odd = draft.add({ kind: "reshape", input: x }, [3, 8]);
  draft.add({ kind: "gather", table: odd, index, batchAxes: 0 });
  return draft.program("chosen");
}

describe("tensors that meet tensors", () => {
  it.each([attention, chosen])("$name means what it computes", (make) => {
    expectMeaning(make(), 7);
  });

  it("all gathers from one tensor look up the same rows", () => {
    const { plan } = planInference(programStructure(chosen()), COMMITTED, BATCH);
    const gathered = plan.sections.filter(({ name }) => name.includes("gather"));
    const tables = gathered.filter(({ multiplicity }) => multiplicity !== null);
    expect(tables).toHaveLength(3);
    expect(gathered).toHaveLength(3 + 4);
  });
});

/** What divides was requantised over an axis of length 1 that the numerator never had. */
function dividedBySums(): Program {
  const draft = new ProgramDraft();
  const x = draft.input([3, 4], { lo: 0, hi: 7 });
  const numerator = draft.input([3], { lo: -50, hi: 50 });
  const weight = draft.constant([1, 4], { lo: 0, hi: 5 }, Int32Array.of(1, 2, 3, 4));
  const sums = draft.add({ kind: "matmul", input: x, weight, bias: null });
  const f = { domain: { lo: 0, hi: 255 }, map: { kind: "clamp", lo: 1, hi: 200 } } as const;
  const stored = draft.add({ kind: "requantise", input: sums, shift: 0, rounding: "half-up", function: f });
  const denominator = draft.add({ kind: "reshape", input: stored }, [3]);
  draft.add({ kind: "divide", numerator, denominator });
  return draft.program("dividedBySums");
}

describe("a quotient by sums of one channel", () => {
  it("means what it computes", () => {
    expectMeaning(dividedBySums(), 7);
  });
});

describe("a shape that cuts the outputs of a layer", () => {
  it.each([
    ["splits channels", [2, 3, 2]],
    ["merges rows with a part of the channels", [4, 3]],
  ])("%s: what the layer sums up is stored first", (_, shape) => {
    const draft = new ProgramDraft();
    const x = draft.input([2, 3], { lo: -5, hi: 5 });
    const range = { lo: -9, hi: 9 };
    const weight = draft.constant(
      [6, 3],
      range,
      Int32Array.from({ length: 18 }, (_, i) => (i % 7) - 3),
    );
    const sums = draft.add({ kind: "matmul", input: x, weight, bias: null });
    draft.add({ kind: "reshape", input: sums }, shape);
    expectMeaning(draft.program(), 1);
  });
});

/** A chain of operators that only move, repeat or add up elements. */
function randomChain(seed: number, length: number): Program {
  const random = randomIntegers(seed);
  const one = <T>(values: readonly T[]): T => values[random(values.length)];
  const draft = new ProgramDraft();
  const shape = Array.from({ length: 1 + random(3) }, () => 1 + random(4));
  let current = draft.input(shape, { lo: -50, hi: 60 });
  for (let i = 0; i < length; i++) {
    const own = draft.tensors[current].shape;
    const axis = random(own.length);
    const size = own.reduce((product, n) => product * n, 1);
    const indices = Int32Array.from({ length: 1 + random(5) }, () => random(own[axis] + 1) - 1);
    const fill = indices.includes(-1) ? random(20) - 10 : 0;
    const permutation = own.map((_, j) => j).sort(() => random(3) - 1);
    const divisors = Array.from({ length: size }, (_, j) => j + 1).filter((n) => size % n === 0);
    const first = one(divisors);
    const second = one(divisors.filter((n) => (size / first) % n === 0));
    const alike = draft.tensors.flatMap((t, id) => (t.shape.join() === own.join() ? [id] : []));
    const kind = one(["take", "transpose", "reshape", "windowSum", "concat", "combine"] as const);
    if (kind === "take") current = draft.add({ kind, input: current, axis, indices, fill });
    else if (kind === "transpose") current = draft.add({ kind, input: current, permutation });
    else if (kind === "reshape") {
      current = draft.add({ kind, input: current }, [first, second, size / first / second]);
    } else if (kind === "windowSum" && own[axis] > 1) {
      const window = { size: 2, stride: 1 + random(2), padBegin: random(2), padEnd: random(2) };
      current = draft.add({ kind, input: current, axis, ...window });
    } else if (kind === "concat" && size < 40) {
      current = draft.add({ kind, inputs: [current, one(alike)], axis });
    } else if (kind === "combine") {
      current = draft.add({ kind, inputs: [current, one(alike)], factors: [2, -3], offset: random(5) });
    }
  }
  return draft.program(`chain ${seed}`);
}

describe("chains of moved elements", () => {
  it("read what the interpreter gives, or are refused by name", () => {
    let refused = 0;
    let stored = 0;
    for (let seed = 0; seed < 150; seed++) {
      const program = randomChain(seed, 2 + (seed % 6));
      try {
        const { plan } = expectMeaning(program, seed);
        stored += plan.equalities.length;
      } catch (error) {
        if ((error as { code?: string }).code !== "program.unsupportedLayout") throw error;
        refused++;
      }
    }
    expect(stored).toBeGreaterThan(100);
    expect(refused).toBeLessThan(15);
  });
});

describe("the evaluator of these tests", () => {
  it("would notice a single wrong element", () => {
    const program = randomChain(3, 3);
    const inputs = [randomInput(program, BATCH, 3, 0)];
    const run = runProgram(program, inputs, BATCH);
    const inference = planInference(programStructure(program), COMMITTED, BATCH);
    run.tensors[program.outputs[0]][0]++;
    const sources = sourcesOf(inference, program, run);
    const values = inference.plan.equalities.flatMap(({ axes, value }) => naiveColumn(sources, axes, value));
    expect(values.filter((residue) => residue !== 0)).toEqual([P - 1]);
  });
});
