/** The prover's side of matmul/verifier.ts. */
import { realIndicator, totalBits } from "../../claims/axes.ts";
import type { LinearLayer, PlanTensorId, ProofPlan } from "../../claims/plan.ts";
import { add, EXT_WORDS, type Ext, fromBase, mul, ONE, sub, ZERO } from "../../field/ext.ts";
import { dotBase } from "../../field/extVector.ts";
import { extWords, readExt4, readScalar, writeScalar } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { TranscriptWriter } from "../../masking/prover.ts";
import { eqTable, type Point } from "../../poly/eq.ts";
import type { ProductValues } from "../../products/prover.ts";
import * as sumcheck from "../../sumcheck/verifier.ts";
import type { PaddedTensor } from "../witness/paddedTensors.ts";
import * as matmul from "./verifier.ts";

/** A claimed accumulator evaluation with its operands bound to the claim's point: ext4 vectors over the contraction. */
export interface BoundClaim {
  readonly layer: LinearLayer;
  readonly point: Point;
  readonly x: number;
  readonly w: number;
  /** Σ x·w. */
  readonly sum: Ext;
  readonly bias: Ext;
  /** Accumulator evaluation: sum plus the bias on real rows. */
  readonly value: Ext;
}

export function bindClaim(
  kernels: KernelSet,
  layer: LinearLayer,
  tensor: (id: PlanTensorId) => PaddedTensor,
  point: Point,
): BoundClaim {
  const { rows, output } = matmul.splitLayerPoint(layer, point);
  const length = 2 ** totalBits(layer.contractionAxes);
  const x = combine(kernels, tensor(layer.input).ptr, rows, length);
  const w = combine(kernels, tensor(layer.weight).ptr, output, length);
  const out = kernels.alloc(EXT_WORDS);
  kernels.dotExt(out, x, w, length);
  const sum = readScalar(kernels.words, out);
  let bias = ZERO;
  if (layer.bias !== null) {
    const { ptr } = tensor(layer.bias);
    bias = dotBase(kernels.words.subarray(ptr / 4, ptr / 4 + 2 ** output.length), eqTable(output));
  }
  return { layer, point, x, w, sum, bias, value: add(sum, mul(realIndicator(layer.rowAxes, rows), bias)) };
}

/** Σ_r eq(point, r)·row_r of a padded tensor whose rows have `length` cells. */
function combine(kernels: KernelSet, tensor: number, point: Point, length: number): number {
  const coefficients = eqTable(point);
  const dst = kernels.alloc(extWords(length));
  const mark = kernels.mark();
  const ptr = kernels.alloc(coefficients.length);
  kernels.words.set(coefficients, ptr / 4);
  kernels.combineRows(dst, tensor, length, 2 ** point.length, ptr, length);
  kernels.release(mark);
  return dst;
}

interface Running {
  readonly claim: BoundClaim;
  /** Rounds before its own variables begin. */
  readonly lead: number;
  /** Power of the batching challenge times eq(0, leading challenges). */
  factor: Ext;
}

/** Sends biases, the joint sumcheck and the operands; returns the hidden products. */
export function proveLayerClaims(
  kernels: KernelSet,
  writer: TranscriptWriter,
  plan: ProofPlan,
  claims: readonly BoundClaim[],
): ProductValues[] {
  if (claims.length === 0) return [];
  const isPublic = (tensor: number): boolean => plan.tensors[tensor].holder === "public";
  for (const { layer, bias } of claims) {
    if (layer.bias !== null && !isPublic(layer.bias)) writer.hidden(matmul.LABEL_BIAS, bias);
  }
  const eta = writer.challenge(matmul.LABEL_BATCH);
  const numVariables = Math.max(...claims.map(({ layer }) => totalBits(layer.contractionAxes)));
  let power = ONE;
  let current = ZERO;
  const running = claims.map((claim): Running => {
    const factor = power;
    current = add(current, mul(power, claim.sum));
    power = mul(power, eta);
    return { claim, lead: numVariables - totalBits(claim.layer.contractionAxes), factor };
  });

  const scalar = kernels.alloc(EXT_WORDS);
  const out = kernels.alloc(2 * EXT_WORDS);
  for (let round = 0; round < numVariables; round++) {
    const half = 2 ** (numVariables - 1 - round);
    let c0 = ZERO;
    let c2 = ZERO;
    for (const { claim, lead, factor } of running) {
      if (round < lead) {
        c0 = add(c0, mul(factor, claim.sum));
        continue;
      }
      kernels.productRound(out, claim.x, claim.w, half);
      c0 = add(c0, mul(factor, readScalar(kernels.words, out)));
      c2 = add(c2, mul(factor, readScalar(kernels.words, out + 16)));
    }
    writer.hidden(sumcheck.LABEL_ROUND, c0);
    writer.hidden(sumcheck.LABEL_ROUND, c2);
    const r = writer.challenge(sumcheck.LABEL_CHALLENGE);
    const c1 = sub(sub(current, add(c0, c0)), c2);
    current = add(c0, mul(r, add(c1, mul(r, c2))));
    writeScalar(kernels.words, scalar, r);
    for (const term of running) {
      if (round < term.lead) {
        term.factor = mul(term.factor, sub(fromBase(1), r));
        continue;
      }
      kernels.extFold(term.claim.x, term.claim.x, half, scalar);
      kernels.extFold(term.claim.w, term.claim.w, half, scalar);
    }
  }

  const products: ProductValues[] = [];
  for (const { layer, x, w } of claims) {
    const values = { x: readExt4(kernels.words, x, 0), y: readExt4(kernels.words, w, 0) };
    if (!isPublic(layer.input)) writer.hidden(matmul.LABEL_OPERAND, values.x);
    if (!isPublic(layer.weight)) writer.hidden(matmul.LABEL_OPERAND, values.y);
    if (isPublic(layer.input) || isPublic(layer.weight)) continue;
    writer.hidden(matmul.LABEL_PRODUCT, mul(values.x, values.y));
    products.push(values);
  }
  return products;
}
