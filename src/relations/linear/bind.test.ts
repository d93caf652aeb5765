/** Operand tables against their definition: Σ over the output cells of eq(claim) · operand, for each bound cell. */
import { describe, expect, it } from "vitest";
import { splitPoint, totalBits } from "../../claims/axes.ts";
import { type LinearLayer, layerAxes, type Operand, type PlanTensorId } from "../../claims/plan.ts";
import { allIndices, naiveColumn, virtualIndex } from "../../claims/testing/naiveExpression.ts";
import { randomInteger } from "../../claims/testing/randomView.ts";
import { add, type Ext, mul, ONE, scale, ZERO } from "../../field/ext.ts";
import { seededExts } from "../../field/testing/seededExt.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import { extWords, readExt4, writeExt4 } from "../../kernels/extLayout.ts";
import { eqAtIndex } from "../../poly/eq.ts";
import type { Program } from "../../program/program.ts";
import { programStructure } from "../../program/programStructure.ts";
import { ProgramDraft } from "../../program/testing/programDraft.ts";
import { randomExactProgram } from "../../program/testing/randomExactProgram.ts";
import { planInference } from "../inferencePlan.ts";
import { storeTensor } from "../witness/paddedTensors.ts";
import { bindOperand, weightedDot } from "./bind.ts";
import { boundAxes, boundBits } from "./shape.ts";

const kernels = createKernels({ threads: 1 });

type Values = (id: PlanTensorId) => { readonly axes: readonly number[]; readonly values: Int32Array };

function naiveTable(layer: LinearLayer, operand: Operand, claim: readonly Ext[], values: Values): Ext[] {
  const bound = boundAxes(layer);
  const lengths = operand.axes.map((axis) => layer.axes[axis]);
  const sources = {
    tensor: values,
    layer: () => {
      throw new Error("an operand reads no layer");
    },
  };
  const column = naiveColumn(sources, lengths, operand.value);
  const outputs = splitPoint(layerAxes(layer), claim);
  const table: Ext[] = Array.from({ length: 2 ** boundBits(layer) }, () => ZERO);
  allIndices(lengths).forEach((index, cell) => {
    const weight = operand.axes.reduce(
      (product, axis, i) =>
        bound.includes(axis) ? product : mul(product, eqAtIndex(outputs[axis], index[i])),
      ONE,
    );
    // An operand that does not have a bound axis is the same at each of its indices.
    const free = bound.map((axis) => {
      const i = operand.axes.indexOf(axis);
      return i < 0 ? Array.from({ length: layer.axes[axis] }, (_, j) => j) : [index[i]];
    });
    const boundLengths = bound.map((axis) => layer.axes[axis]);
    for (const choice of allIndices(free.map((list) => list.length))) {
      const target = virtualIndex(
        boundLengths,
        choice.map((j, i) => free[i][j]),
      );
      table[target] = add(table[target], scale(weight, column[cell]));
    }
  });
  return table;
}

function expectTables(program: Program, batch: number, seed: number): number {
  const visibilities = { input: "private", weights: "private", output: "committed" } as const;
  const { plan } = planInference(programStructure(program), visibilities, batch);
  const random = randomInteger(seed);
  const tensors = plan.tensors.map(({ axes }) => {
    const size = axes.reduce((product, length) => product * length, 1);
    return { axes, values: Int32Array.from({ length: size }, () => random(400) - 200) };
  });
  plan.layers.forEach((layer, id) => {
    const mark = kernels.mark();
    const claim = seededExts(seed + id, totalBits(layerAxes(layer)));
    for (const operand of [layer.left, layer.right]) {
      const table = bindOperand(kernels, layer, operand, claim, (tensor) =>
        storeTensor(kernels, tensors[tensor].axes, tensors[tensor].values),
      );
      const expected = naiveTable(layer, operand, claim, (tensor) => tensors[tensor]);
      const bound = expected.map((_, i) => readExt4(kernels.words, table, i));
      expect(bound, `${program.name}, ${layer.name}`).toEqual(expected);
    }
    kernels.release(mark);
  });
  return plan.layers.length;
}

describe("operand tables", () => {
  it("of random programs", () => {
    let layers = 0;
    for (let seed = 200; seed < 260; seed++) {
      const program = randomExactProgram(seed, 1 + (seed % 9));
      try {
        layers += expectTables(program, 1 + (seed % 3), seed);
      } catch (error) {
        // What cannot be planned has no tables.
        if ((error as { code?: string }).code?.startsWith("program.") !== true) throw error;
      }
    }
    expect(layers).toBeGreaterThan(30);
  });

  it.each([
    ["full", 1, 3, 4],
    ["grouped", 2, 4, 6],
    ["depthwise", 4, 4, 4],
    ["with a channel multiplier", 3, 3, 6],
  ])("of a %s convolution over sums and constants", (_, groups, channels, outputs) => {
    const draft = new ProgramDraft();
    const x = draft.input([5, 4, channels], { lo: -9, hi: 9 });
    const padded = draft.add({
      kind: "take",
      input: x,
      axis: 0,
      indices: Int32Array.of(-1, 0, 1, 2, 4, -1),
      fill: 3,
    });
    const other = draft.add({
      kind: "windowSum",
      input: padded,
      axis: 1,
      size: 2,
      stride: 1,
      padBegin: 1,
      padEnd: 0,
    });
    const sum = draft.add({ kind: "combine", inputs: [padded, other], factors: [2, -1], offset: 7 });
    const weight = [outputs, 3, 2, channels / groups];
    const size = weight.reduce((product, length) => product * length, 1);
    draft.add({
      kind: "conv",
      input: sum,
      weight: draft.constant(weight, { lo: -3, hi: 3 }, new Int32Array(size)),
      bias: null,
      strides: [1, 2],
      dilations: [2, 1],
      padBegin: [2, 1],
      padEnd: [1, 0],
      groups,
    });
    expect(expectTables(draft.program(), 2, groups)).toBe(1);
  });
});

describe("weighted inner products", () => {
  it.each([
    [0, 3],
    [1, 0],
    [1, 1],
    [2, 1],
    [3, 2],
    [2, 4],
  ])("%i group coordinates, blocks of 2^%i", (numGroups, blockBits) => {
    const length = 2 ** (numGroups + blockBits);
    const mark = kernels.mark();
    const [a, b] = [1, 2].map((seed) => seededExts(seed, length));
    const [first, second] = [a, b].map((values) => {
      const ptr = kernels.alloc(extWords(length));
      values.forEach((value, i) => {
        writeExt4(kernels.words, ptr, i, value);
      });
      return ptr;
    });
    const groups = seededExts(3, numGroups);
    const expected = a.reduce((sum, value, i) => {
      const weight = eqAtIndex(groups, Math.floor(i / 2 ** blockBits));
      return add(sum, mul(weight, mul(value, b[i])));
    }, ZERO);
    expect(weightedDot(kernels, first, second, groups, length)).toEqual(expected);
    kernels.release(mark);
  });
});
