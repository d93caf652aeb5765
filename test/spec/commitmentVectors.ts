/** Values of chapters 5, 6 and 8 of the specification: code, rows, combined claims, security. */
import type { ProofPlan } from "../../src/claims/plan.ts";
import { Relation } from "../../src/claims/relation.ts";
import { circleEncode, circleEncodeExtAt } from "../../src/code/circle.ts";
import { basisValues, domainPoints, pointOfOrder } from "../../src/code/circleGroup.ts";
import { combineClaims } from "../../src/commitment/claims.ts";
import { claimWeights, proximityWeights } from "../../src/commitment/rowWeights.ts";
import { layoutStack, tensorRows } from "../../src/commitment/stackLayout.ts";
import { planLayout } from "../../src/engine/keyLayout.ts";
import { log2Down } from "../../src/engine/log2.ts";
import { queryBits, securityReport } from "../../src/engine/security.ts";
import { toExtVector } from "../../src/field/extVector.ts";
import { P } from "../../src/field/m31.ts";
import { seededExts } from "../../src/field/testing/seededExt.ts";
import { HiddenScalar } from "../../src/masking/hiddenScalar.ts";
import { transcriptSize } from "../../src/relations/reduce.ts";
import { DENSE_PLAN } from "../../src/relations/testing/hidingPlans.ts";
import { elements } from "./foundationVectors.ts";

const PARAMETERS = {
  logColumns: 3,
  logLength: 5,
  queries: 3,
  grindBits: 0,
  weightUses: 1,
  dataUses: 1,
  levels: [],
};

export function codeVectors(): unknown {
  const row = Uint32Array.of(1, 2, 3, 4, 5, 6, P - 1);
  const overK = seededExts(41, 5);
  const positions = [0, 1, 6, 13];
  const all = Array.from({ length: 8 }, (_, i) => i);
  const shapes = [[], [20], [3, 5], [7, 20], [2, 70], [5, 1, 64]];
  return {
    standardPoints: [1, 2, 3, 4, 31].map((k) => ({ k, point: pointOfOrder(k) })),
    domain: { h: 3, points: domainPoints(3, all) },
    basis: { h: 4, position: 6, values: [...basisValues(16, domainPoints(4, [6])[0])] },
    codeword: { h: 4, coefficients: [...row], symbols: [...circleEncode(row, 4)] },
    codewordOverK: {
      h: 4,
      coefficients: overK,
      positions,
      symbols: elements(circleEncodeExtAt(toExtVector(overK), 4, positions)),
    },
    tensorRows: shapes.map((axes) => ({ d: 5, axes, rows: tensorRows(axes, 5) })),
  };
}

const PLAN: ProofPlan = {
  tensors: [
    { name: "w", axes: [3, 5], holder: "weights" },
    { name: "x", axes: [2, 3], holder: "advice" },
  ],
  sections: [],
  layers: [],
  equalities: [],
};

/** Two equations over two tensors and two pads, combined; s at a point; γ from given scalars. */
export function openingVectors(): unknown {
  const numPads = 10;
  const layout = layoutStack(PLAN, numPads, PARAMETERS);
  const points = [seededExts(51, 5), seededExts(52, 3)];
  const factors = seededExts(53, 2);
  const constants = seededExts(54, 2);
  const coefficients = seededExts(55, 2);
  const pads = [1, 9];
  const relations = points.map((point, tensor) => {
    const relation = new Relation(`equation ${tensor}`);
    relation.terms.push({ tensor, point, factor: factors[tensor] });
    relation.addHidden(
      new HiddenScalar(constants[tensor], new Map([[pads[tensor], coefficients[tensor]]])),
      [1, 0, 0, 0],
    );
    return relation;
  });
  const [lambda, maskSum] = seededExts(56, 2);
  const rho = seededExts(57, PARAMETERS.logColumns);
  const claim = combineClaims(PLAN, layout, relations, lambda, maskSum);
  const gammaScalars = seededExts(58, layout.firstPadRow + layout.numPadRows + 2);
  return {
    note: "d = 3; tensors in plan order; equation i has one term about tensor i and one pad",
    parameters: PARAMETERS,
    tensors: PLAN.tensors,
    numPads,
    firstRows: PLAN.tensors.map((_, id) => layout.tensorRow.get(id)),
    firstPadRow: layout.firstPadRow,
    firstMaskRow: layout.firstMaskRow,
    numRows: layout.numRows,
    equations: points.map((point, i) => ({
      point,
      factor: factors[i],
      pad: pads[i],
      coefficient: coefficients[i],
      constant: constants[i],
    })),
    lambda,
    maskSum,
    total: claim.total,
    rho,
    s: elements(claimWeights(layout, claim.groups, rho)),
    gammaScalars,
    gamma: elements(proximityWeights(layout, gammaScalars)),
  };
}

export function securityVectors(): unknown {
  const parameters = { ...PARAMETERS, logColumns: 10, logLength: 12, queries: 131, grindBits: 16 };
  const { terms, bits } = securityReport(DENSE_PLAN, planLayout(DENSE_PLAN, parameters));
  const { scalars, pads, products, layerClaims, viewClaims } = transcriptSize(DENSE_PLAN);
  return {
    note: "all numbers are binary64, printed shortest; the plan is given by what the terms need of it",
    size: P * P * P * P,
    log2Down: [1, 1.5, 3, 1000, (P * P * P * P) / 7].map((x) => ({ x, value: log2Down(x) })),
    parameters,
    queryBits: queryBits(parameters),
    plan: {
      sections: DENSE_PLAN.sections.map(({ axes, columns }) => ({ axes, columns: columns.length })),
      equalityAxes: DENSE_PLAN.equalities.map(({ axes }) => axes),
      scalars,
      pads,
      products,
      layerClaims,
      viewClaims,
    },
    terms: terms.map(({ round, bits: own }) => ({ round, bits: own })),
    bits,
  };
}
