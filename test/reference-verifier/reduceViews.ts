/**
 * Claims about views: docs/spec/15-reduction.md, 15.6.
 */
import { lead, tableOf, type ViewTerm } from "./claims.ts";
import { add, type K, multiply, ONE, power, product, ZERO } from "./field.ts";
import type { TensorTerm } from "./linearRelation.ts";
import { negateHidden, scaleHidden, sumHidden } from "./masking.ts";
import { bitsOfAxes, eq, eqTable, type Point, splitPoint } from "./multilinear.ts";
import { viewVariables } from "./planNumbers.ts";
import type { Reduction } from "./reductionState.ts";

export function reduceViews(reduction: Reduction): void {
  const { plan, messages, viewClaims, relations } = reduction;
  const rounds = viewVariables(plan);
  if (rounds === undefined) return;
  const eta = messages.challenge("view/batch");
  const batched = sumHidden(viewClaims.map(({ value }, i) => scaleHidden(value, power(eta, i))));
  const { point: r, value: end } = messages.sumcheck(batched, rounds, 2);
  const terms = viewClaims.flatMap((claim, i) =>
    claim.terms.map((term) => evaluationOf(term, plan.tensors[term.tensor]!.axes, r, power(eta, i))),
  );
  relations.push({ terms, form: negateHidden(end) });
}

/** What is left of a view term at the point r of the sumcheck. */
function evaluationOf(view: ViewTerm, axes: readonly number[], r: Point, weight: K): TensorTerm {
  const { tensor, weights, factor } = view;
  const vectors = [...weights.keys()].filter((axis) => weights[axis]!.kind === "vector");
  const from = vectors[0] ?? 0;
  const to = vectors.length === 0 ? 0 : vectors[vectors.length - 1]! + 1;
  const blockAxes = axes.slice(from, to);
  const numBits = bitsOfAxes(blockAxes);
  const u = r.slice(r.length - numBits);
  const atBlock = splitPoint(blockAxes, u).map((part, i) => {
    const own = weights[from + i]!;
    if (own.kind === "point") return eq(own.point, part);
    const at = eqTable(part, blockAxes[i]!);
    return tableOf(own, blockAxes[i]!).reduce((sum, w, t) => add(sum, multiply(w, at[t]!)), ZERO);
  });
  const leading = lead(r.slice(0, r.length - numBits));
  const ownPoint = (axis: number): Point => {
    const own = weights[axis]!;
    if (own.kind !== "point") throw new Error("vector weights outside the block");
    return own.point;
  };
  const before = [...axes.keys()].slice(0, from).flatMap(ownPoint);
  const behind = [...axes.keys()].slice(to).flatMap(ownPoint);
  return {
    tensor,
    point: [...before, ...u, ...behind],
    factor: product([factor, weight, leading, ...atBlock, ONE]),
  };
}
