import { describe, expect, it } from "vitest";
import { axisBits, realCells } from "../../claims/axes.ts";
import type { ProofPlan } from "../../claims/plan.ts";
import { randomInteger } from "../../claims/testing/randomView.ts";
import { type AxisWeights, evaluateWeighted, type ViewTerm } from "../../claims/view.ts";
import { add, type Ext, mul, ZERO } from "../../field/ext.ts";
import { toExtVector } from "../../field/extVector.ts";
import { seededExts } from "../../field/testing/seededExt.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import { readExt4 } from "../../kernels/extLayout.ts";
import { storeTensor } from "../witness/paddedTensors.ts";
import { bindTerm, claimValue } from "./prover.ts";
import { termBlock } from "./verifier.ts";

const kernels = createKernels({ threads: 1 });

interface Case {
  readonly plan: ProofPlan;
  readonly term: ViewTerm;
  readonly values: Int32Array;
}

/** A tensor some of whose axes are weighted by vectors, the others by points. */
function randomCase(seed: number): Case {
  const random = randomInteger(seed);
  const axes = Array.from({ length: 1 + random(4) }, () => 1 + random(6));
  const weights = axes.map((length, axis): AxisWeights => {
    const own = seededExts(100 * seed + axis, Math.max(length, axisBits(length)));
    if (random(2) === 0) return { kind: "vector", values: toExtVector(own.slice(0, length)) };
    return { kind: "point", point: own.slice(0, axisBits(length)) };
  });
  const [factor] = seededExts(seed + 7, 1);
  const values = Int32Array.from({ length: realCells(axes) }, () => random(2000) - 1000);
  const tensors = [{ name: "t", axes, holder: "advice" as const }];
  return {
    plan: { tensors, sections: [], layers: [], equalities: [] },
    term: { tensor: 0, factor, weights },
    values,
  };
}

describe("a bound view term", () => {
  it("holds what its tensor and weights say", () => {
    for (let seed = 0; seed < 80; seed++) {
      const { plan, term, values } = randomCase(seed);
      const [{ axes }] = plan.tensors;
      const mark = kernels.mark();
      const stored = storeTensor(kernels, axes, values);
      const bound = bindTerm(kernels, plan, term, () => stored);
      const expected = evaluateWeighted(axes, values, term.weights);
      expect(bound.sum, `seed ${seed}`).toEqual(expected);
      expect(claimValue([bound, bound])).toEqual(mul(term.factor, add(expected, expected)));
      // Over the block alone: what its sumcheck starts from.
      expect(bound.bits).toBe(termBlock(plan, term).bits);
      const sum = Array.from({ length: 2 ** bound.bits }, (_, i): Ext => {
        return mul(readExt4(kernels.words, bound.tensor, i), readExt4(kernels.words, bound.weights, i));
      }).reduce(add, ZERO);
      expect(sum).toEqual(expected);
      kernels.release(mark);
    }
  });

  it("gives padding cells of the block no weight", () => {
    for (let seed = 0; seed < 40; seed++) {
      const { plan, term, values } = randomCase(seed);
      const [{ axes }] = plan.tensors;
      const block = termBlock(plan, term);
      if (block.from !== 0 || block.to !== 1 || axes[0] === 2 ** axisBits(axes[0])) continue;
      const mark = kernels.mark();
      const stored = storeTensor(kernels, axes, values);
      const bound = bindTerm(kernels, plan, term, () => stored);
      const padding = Array.from({ length: 2 ** bound.bits - axes[0] }, (_, i) => axes[0] + i);
      expect(padding.map((i) => readExt4(kernels.words, bound.weights, i))).toEqual(padding.map(() => ZERO));
      kernels.release(mark);
    }
  });
});
