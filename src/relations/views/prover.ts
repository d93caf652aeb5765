/** The prover's side of views/verifier.ts. */
import { axisBits, totalBits } from "../../claims/axes.ts";
import type { PlanTensorId, ProofPlan } from "../../claims/plan.ts";
import type { ViewTerm } from "../../claims/view.ts";
import { add, EXT_WORDS, type Ext, mul, ONE, sub, ZERO } from "../../field/ext.ts";
import { type ExtVector, getExt, makeExtVector, setExt } from "../../field/extVector.ts";
import { extWords, readScalar, writeExt4, writeScalar } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { TranscriptWriter } from "../../masking/prover.ts";
import { eqTable, type Point } from "../../poly/eq.ts";
import * as sumcheck from "../../sumcheck/verifier.ts";
import type { PaddedTensor } from "../witness/paddedTensors.ts";
import * as views from "./verifier.ts";

type Tensors = (id: PlanTensorId) => PaddedTensor;

/** A term with its tensor bound outside the block: Σ tensor·weights over the block. */
export interface BoundTerm {
  readonly factor: Ext;
  readonly bits: number;
  readonly tensor: number;
  readonly weights: number;
  readonly sum: Ext;
}

export function bindTerm(kernels: KernelSet, plan: ProofPlan, term: ViewTerm, tensors: Tensors): BoundTerm {
  const { axes } = plan.tensors[term.tensor];
  const block = views.termBlock(plan, term);
  const tensor = bindOutside(kernels, tensors(term.tensor).ptr, {
    lead: views.pointOutside(term, 0, block.from),
    blockBits: block.bits,
    trail: views.pointOutside(term, block.to, axes.length),
  });
  const weights = kernels.alloc(extWords(2 ** block.bits));
  storeExt4(
    kernels,
    weights,
    blockWeights(axes.slice(block.from, block.to), term.weights.slice(block.from, block.to)),
  );
  const out = kernels.alloc(EXT_WORDS);
  kernels.dotExt(out, tensor, weights, 2 ** block.bits);
  return { factor: term.factor, bits: block.bits, tensor, weights, sum: readScalar(kernels.words, out) };
}

/** Σ factor · ⟨T, ⊗ weights⟩. */
export function claimValue(terms: readonly BoundTerm[]): Ext {
  return terms.reduce((sum, term) => add(sum, mul(term.factor, term.sum)), ZERO);
}

/** Sends the sumcheck; `claims` in the order of the verifier's list. */
export function proveViewClaims(
  kernels: KernelSet,
  writer: TranscriptWriter,
  claims: readonly (readonly BoundTerm[])[],
  numVariables: number,
): void {
  if (numVariables < 0) return;
  const eta = writer.challenge(views.LABEL_BATCH);
  let power = ONE;
  let current = ZERO;
  const running = claims.flatMap((terms) => {
    const weight = power;
    power = mul(power, eta);
    return terms.map((term) => {
      const factor = mul(weight, term.factor);
      current = add(current, mul(factor, term.sum));
      return { term, factor, lead: numVariables - term.bits };
    });
  });
  const scalar = kernels.alloc(EXT_WORDS);
  const out = kernels.alloc(2 * EXT_WORDS);
  for (let round = 0; round < numVariables; round++) {
    const half = 2 ** (numVariables - 1 - round);
    let c0 = ZERO;
    let c2 = ZERO;
    for (const { term, factor, lead } of running) {
      if (round < lead) {
        c0 = add(c0, mul(factor, term.sum));
        continue;
      }
      kernels.productRound(out, term.tensor, term.weights, half);
      c0 = add(c0, mul(factor, readScalar(kernels.words, out)));
      c2 = add(c2, mul(factor, readScalar(kernels.words, out + 16)));
    }
    writer.hidden(sumcheck.LABEL_ROUND, c0);
    writer.hidden(sumcheck.LABEL_ROUND, c2);
    const r = writer.challenge(sumcheck.LABEL_CHALLENGE);
    const c1 = sub(sub(current, add(c0, c0)), c2);
    current = add(c0, mul(r, add(c1, mul(r, c2))));
    writeScalar(kernels.words, scalar, r);
    for (const entry of running) {
      if (round < entry.lead) {
        entry.factor = mul(entry.factor, sub(ONE, r));
        continue;
      }
      kernels.extFold(entry.term.tensor, entry.term.tensor, half, scalar);
      kernels.extFold(entry.term.weights, entry.term.weights, half, scalar);
    }
  }
}

interface Outside {
  readonly lead: Point;
  readonly blockBits: number;
  readonly trail: Point;
}

/** Σ over the axes before and behind the block of eq · T. */
function bindOutside(kernels: KernelSet, ptr: number, { lead, blockBits, trail }: Outside): number {
  const size = 2 ** blockBits;
  const dst = kernels.alloc(extWords(size));
  const mark = kernels.mark();
  const rows = kernels.alloc(extWords(size));
  const leadWeights = eqTable(lead);
  const scalar = kernels.alloc(EXT_WORDS);
  if (trail.length === 0) {
    const coefficients = kernels.alloc(leadWeights.length);
    kernels.words.set(leadWeights, coefficients / 4);
    kernels.combineRows(dst, ptr, size, 2 ** lead.length, coefficients, size);
  } else {
    const length = 2 ** trail.length;
    const weights = kernels.alloc(extWords(length));
    storeExt4(kernels, weights, eqTable(trail));
    for (let outer = 0; outer < 2 ** lead.length; outer++) {
      kernels.rowDots(rows, ptr + 4 * length * outer * size, length, size, weights, length);
      writeScalar(kernels.words, scalar, getExt(leadWeights, outer));
      kernels.extMulAdd(dst, dst, rows, scalar, size);
    }
  }
  kernels.release(mark);
  return dst;
}

/** ⊗ of the block's weights over its virtual cells. */
function blockWeights(axes: readonly number[], weights: ViewTerm["weights"]): ExtVector {
  let table = makeExtVector(1);
  table[0] = 1;
  weights.forEach((weight, i) => {
    const size = 2 ** axisBits(axes[i]);
    const own = weight.kind === "point" ? eqTable(weight.point) : weight.values;
    const next = makeExtVector((table.length / EXT_WORDS) * size);
    for (let x = 0; x < table.length / EXT_WORDS; x++) {
      const outer = getExt(table, x);
      for (let j = 0; j < own.length / EXT_WORDS; j++) setExt(next, x * size + j, mul(outer, getExt(own, j)));
    }
    table = next;
  });
  if (table.length !== EXT_WORDS * 2 ** totalBits(axes)) throw new RangeError("weights do not fit the block");
  return table;
}

function storeExt4(kernels: KernelSet, ptr: number, vector: ExtVector): void {
  const { words } = kernels;
  for (let i = 0; i < vector.length / EXT_WORDS; i++) writeExt4(words, ptr, i, getExt(vector, i));
}
