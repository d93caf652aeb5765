/** The prover's side of linear/verifier.ts. */
import { realIndicator, splitPoint } from "../../claims/axes.ts";
import {
  type LayerId,
  type LinearLayer,
  layerAxes,
  type PlanTensorId,
  type ProofPlan,
} from "../../claims/plan.ts";
import { isMappedSource, resolveWires, type ViewTerm } from "../../claims/view.ts";
import { add, EXT_WORDS, type Ext, isZero, mul, ONE, scale, sub, ZERO } from "../../field/ext.ts";
import { dotBase } from "../../field/extVector.ts";
import { extWords, readExt4, readScalar, writeExt4, writeScalar } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { TranscriptWriter } from "../../masking/prover.ts";
import { eqTable, type Point } from "../../poly/eq.ts";
import type { ProductValues } from "../../products/prover.ts";
import { eqRound, evaluateCubic } from "../../sumcheck/eqRound.ts";
import * as sumcheck from "../../sumcheck/verifier.ts";
import type { PaddedTensor } from "../witness/paddedTensors.ts";
import { bindOperand, weightedDot } from "./bind.ts";
import { boundBits, groupAxes, isPublicOperand, operandParts } from "./shape.ts";
import * as layers from "./verifier.ts";

/** A claimed accumulator evaluation with its operands bound to the claim's point. */
export interface BoundClaim {
  readonly id: LayerId;
  readonly layer: LinearLayer;
  readonly point: Point;
  /** Coordinates of the groups, the leading variables. */
  readonly groups: Point;
  readonly left: number;
  readonly right: number;
  /** Σ eq · left · right. */
  readonly sum: Ext;
  readonly bias: Ext;
  /** Accumulator evaluation: sum plus the bias on real cells. */
  readonly value: Ext;
}

type Tensors = (id: PlanTensorId) => PaddedTensor;

export function bindClaim(
  kernels: KernelSet,
  plan: ProofPlan,
  id: LayerId,
  tensor: Tensors,
  point: Point,
): BoundClaim {
  const layer = plan.layers[id];
  const left = bindOperand(kernels, layer, layer.left, point, tensor);
  const right = bindOperand(kernels, layer, layer.right, point, tensor);
  const axes = layerAxes(layer);
  const parts = splitPoint(axes, point);
  const groups = groupAxes(layer).flatMap((axis) => parts[axis]);
  const sum = weightedDot(kernels, left, right, groups, 2 ** boundBits(layer));
  let bias = ZERO;
  let value = sum;
  if (layer.bias !== null) {
    const last = axes.length - 1;
    const { ptr } = tensor(layer.bias);
    const table = eqTable(parts[last]);
    bias = dotBase(kernels.words.subarray(ptr / 4, ptr / 4 + table.length / EXT_WORDS), table);
    value = add(sum, mul(realIndicator(axes.slice(0, last), parts.slice(0, last).flat()), bias));
  }
  return { id, layer, point, groups, left, right, sum, bias, value };
}

interface Running {
  readonly claim: BoundClaim;
  /** Rounds before its own variables begin. */
  readonly lead: number;
  /** eq tables of the groups behind each group round, repeated over the contracted cells. */
  readonly eq: readonly number[];
  /** Power of the batching challenge times eq(0, leading challenges). */
  factor: Ext;
  /** eq of the group coordinates bound so far. */
  prefix: Ext;
  /** What the rest of the claim's own rounds must sum to. */
  current: Ext;
}

export interface ProvenLayers {
  readonly products: ProductValues[];
  /** Operands that are no plain evaluations, as sums of view terms. */
  readonly views: (readonly ViewTerm[])[];
}

/** Sends biases, the joint sumcheck and the operands; returns the hidden products and the view claims. */
export function proveLayerClaims(
  kernels: KernelSet,
  writer: TranscriptWriter,
  plan: ProofPlan,
  claims: readonly BoundClaim[],
): ProvenLayers {
  if (claims.length === 0) return { products: [], views: [] };
  for (const { layer, bias } of claims) {
    if (layer.bias !== null && plan.tensors[layer.bias].holder !== "public") {
      writer.hidden(layers.LABEL_BIAS, bias);
    }
  }
  const eta = writer.challenge(layers.LABEL_BATCH);
  const point = sendRounds(kernels, writer, plan, claims, eta);
  const products: ProductValues[] = [];
  const views: (readonly ViewTerm[])[] = [];
  for (const claim of claims) {
    const { layer } = claim;
    const bound = point.slice(point.length - boundBits(layer));
    const values = { x: readExt4(kernels.words, claim.left, 0), y: readExt4(kernels.words, claim.right, 0) };
    const hidden = [layer.left, layer.right].map((operand) => !isPublicOperand(plan, operand));
    [layer.left, layer.right].forEach((operand, i) => {
      if (!hidden[i]) return;
      writer.hidden(layers.LABEL_OPERAND, i === 0 ? values.x : values.y);
      if (operand.value.terms.some(({ source }) => isMappedSource(plan.tensors, source))) {
        views.push(operandTerms(plan, claim, i === 0 ? "left" : "right", bound));
      }
    });
    if (!hidden[0] || !hidden[1]) continue;
    writer.hidden(layers.LABEL_PRODUCT, mul(values.x, values.y));
    products.push(values);
  }
  return { products, views };
}

/** All that an operand reads of hidden tensors, at the sumcheck's point. */
function operandTerms(plan: ProofPlan, claim: BoundClaim, side: "left" | "right", bound: Point): ViewTerm[] {
  const { layer } = claim;
  const operand = layer[side];
  const lengths = operand.axes.map((axis) => layer.axes[axis]);
  const parts = operandParts(layer, operand, claim.point, bound);
  return operand.value.terms.flatMap(({ source, factor }): ViewTerm[] => {
    if (source.kind !== "tensor" || source.tensor === null) return [];
    const { axes, holder } = plan.tensors[source.tensor];
    if (holder === "public") return [];
    return [
      { tensor: source.tensor, ...resolveWires(lengths, axes, source.wires, parts, scale(ONE, factor)) },
    ];
  });
}

function sendRounds(
  kernels: KernelSet,
  writer: TranscriptWriter,
  plan: ProofPlan,
  claims: readonly BoundClaim[],
  eta: Ext,
): Ext[] {
  const { numVariables, degree } = layers.layerSumcheck(
    plan,
    claims.map(({ id }) => id),
  );
  let power = ONE;
  let current = ZERO;
  const zeros = zeroTable(kernels, claims);
  const running = claims.map((claim): Running => {
    const factor = power;
    current = add(current, mul(power, claim.sum));
    power = mul(power, eta);
    const bits = boundBits(claim.layer);
    const eq = groupTables(kernels, claim.groups, bits - claim.groups.length);
    return { claim, lead: numVariables - bits, eq, factor, prefix: ONE, current: claim.sum };
  });
  const scalar = kernels.alloc(EXT_WORDS);
  const out = kernels.alloc(2 * EXT_WORDS);
  const point: Ext[] = [];
  for (let round = 0; round < numVariables; round++) {
    const half = 2 ** (numVariables - 1 - round);
    const sums: [Ext, Ext, Ext] = [ZERO, ZERO, ZERO];
    const addTo = (factor: Ext, c0: Ext, c2: Ext, c3: Ext): void => {
      [c0, c2, c3].forEach((c, i) => {
        sums[i] = add(sums[i], mul(factor, c));
      });
    };
    const cubics = running.map((term): readonly Ext[] | null => {
      const { claim, lead } = term;
      if (round < lead) {
        addTo(term.factor, claim.sum, ZERO, ZERO);
        return null;
      }
      const own = round - lead;
      if (own >= claim.groups.length) {
        kernels.productRound(out, claim.left, claim.right, half);
        const factor = mul(term.factor, term.prefix);
        addTo(factor, readScalar(kernels.words, out), readScalar(kernels.words, out + 16), ZERO);
        return null;
      }
      kernels.gkrRound(out, term.eq[own], claim.left, claim.right, zeros, zeros, half);
      const s0 = readScalar(kernels.words, out);
      const s2 = readScalar(kernels.words, out + 16);
      const z = claim.groups[own];
      const s1 = isZero(z) ? highSum(kernels, term.eq[own], claim, half) : undefined;
      const { coefficients } = eqRound(term.current, term.prefix, z, s0, s2, s1);
      addTo(term.factor, coefficients[0], coefficients[2], coefficients[3]);
      return coefficients;
    });
    for (const c of sums.slice(0, degree)) writer.hidden(sumcheck.LABEL_ROUND, c);
    const r = writer.challenge(sumcheck.LABEL_CHALLENGE);
    const [c0, c2, c3] = sums;
    const c1 = sub(sub(sub(current, add(c0, c0)), c2), c3);
    current = evaluateCubic([c0, c1, c2, c3], r);
    writeScalar(kernels.words, scalar, r);
    running.forEach((term, i) => {
      if (round < term.lead) {
        term.factor = mul(term.factor, sub(ONE, r));
        return;
      }
      const own = round - term.lead;
      const cubic = cubics[i];
      if (cubic !== null) {
        term.current = evaluateCubic(cubic, r);
        const z = term.claim.groups[own];
        const zr = mul(z, r);
        term.prefix = mul(term.prefix, add(sub(sub(ONE, z), r), add(zr, zr)));
      }
      kernels.extFold(term.claim.left, term.claim.left, half, scalar);
      kernels.extFold(term.claim.right, term.claim.right, half, scalar);
    });
    point.push(r);
  }
  return point;
}

/** Σ eq · left · right over the upper halves. */
function highSum(kernels: KernelSet, eq: number, claim: BoundClaim, half: number): Ext {
  const mark = kernels.mark();
  const one = kernels.alloc(EXT_WORDS);
  writeScalar(kernels.words, one, ONE);
  const out = kernels.alloc(2 * EXT_WORDS);
  // Tables of which only the lower half counts for the value at 0.
  const [left, right, zeros] = [0, 1, 2].map(() => kernels.alloc(extWords(2 * half)));
  kernels.extFold(left, claim.left, half, one);
  kernels.extFold(right, claim.right, half, one);
  kernels.gkrRound(out, eq, left, right, zeros, zeros, half);
  const sum = readScalar(kernels.words, out);
  kernels.release(mark);
  return sum;
}

/** Zeros as long as the longest grouped claim. */
function zeroTable(kernels: KernelSet, claims: readonly BoundClaim[]): number {
  const bits = claims.map(({ layer, groups }) => (groups.length === 0 ? 0 : boundBits(layer)));
  return kernels.alloc(extWords(2 ** Math.max(...bits)));
}

/** Table i: eq of the group coordinates behind i, every entry 2^innerBits times in a row. */
function groupTables(kernels: KernelSet, groups: Point, innerBits: number): number[] {
  return groups.map((_, i) => {
    const eq = eqTable(groups.slice(i + 1));
    const length = (eq.length / EXT_WORDS) * 2 ** innerBits;
    const ptr = kernels.alloc(extWords(length));
    const { words } = kernels;
    for (let x = 0; x < length; x++) {
      const at = EXT_WORDS * (x >> innerBits);
      writeExt4(words, ptr, x, [eq[at], eq[at + 1], eq[at + 2], eq[at + 3]]);
    }
    return ptr;
  });
}
