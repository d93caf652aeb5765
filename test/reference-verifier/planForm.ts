/**
 * Plans in the form of docs/spec/vectors/plan-*.json, for comparisons in tests. Names are left out: they are not normative.
 */
import { sectionReadings } from "./claimedReadings.ts";
import type { Expression, Plan, Source, Term, Wire } from "./plan.ts";
import { evaluationCost } from "./planCost.ts";
import { lookupCube, planNumbers, viewVariables } from "./planNumbers.ts";
import { workBits } from "./security.ts";

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

function wireForm({ axes, map, slice }: Wire): Json {
  return {
    axes,
    ...(map === undefined ? {} : { from: map.from, to: map.to }),
    ...(slice === undefined ? {} : { slice: { ...slice } }),
  };
}

function sourceForm(source: Source): Json {
  switch (source.kind) {
    case "index":
      return { index: source.axis };
    case "values":
      return { values: source.values.map(Number) };
    case "tensor":
      return { tensor: source.tensor === "one" ? null : source.tensor, wires: source.wires.map(wireForm) };
    case "layer": {
      const { layer, axes, slices } = source;
      if (slices.every((slice) => slice === undefined)) return { layer, axes };
      return { layer, axes, slices: slices.map((slice) => (slice === undefined ? null : { ...slice })) };
    }
  }
}

function expressionForm({ constant, terms }: Expression): Json {
  const termForm = ({ factor, source }: Term): Json => ({
    factor: Number(factor),
    source: sourceForm(source),
  });
  return { constant: Number(constant), terms: terms.map(termForm) };
}

export function planForm(plan: Plan): Json {
  return {
    tensors: plan.tensors.map(({ axes, holder }) => ({ axes, holder })),
    sections: plan.sections.map(({ axes, tag, columns, multiplicity }) => ({
      axes,
      tag,
      columns: columns.map(expressionForm),
      multiplicity: multiplicity ?? null,
    })),
    layers: plan.layers.map(({ axes, numOutputAxes, left, right, bias }) => ({
      axes,
      numOutputAxes,
      left: { axes: left.axes, value: expressionForm(left.expression) },
      right: { axes: right.axes, value: expressionForm(right.expression) },
      bias: bias ?? null,
    })),
    equalities: plan.equalities.map(({ axes, expression }) => ({ axes, value: expressionForm(expression) })),
  };
}

/** The vectors' plan in the form of planForm: without names and what is derived. */
// biome-ignore lint/suspicious/noExplicitAny: JSON without a schema
export function withoutNames(plan: any): unknown {
  const list = (key: string): unknown[] => plan[key].map(({ name: _, ...rest }: { name: string }) => rest);
  return {
    tensors: list("tensors"),
    sections: list("sections"),
    layers: list("layers"),
    equalities: list("equalities"),
  };
}

/** What follows from a plan before a proof is read. */
export function derivedForm(plan: Plan): unknown {
  const cube = lookupCube(plan);
  const numbers = planNumbers(plan);
  return {
    cube: {
      numVariables: cube.numVariables,
      dummy: cube.dummy,
      sections: cube.sections.map(({ section, numVariables, offset }) => {
        return { section: plan.sections.indexOf(section), numVariables, offset };
      }),
    },
    sectionReadings: sectionReadings(plan).map(({ viewAxes, source: { layer, axes, slices } }) => ({
      viewAxes,
      layer,
      axes,
      ...(slices.every((slice) => slice === undefined)
        ? {}
        : { slices: slices.map((slice) => slice ?? null) }),
    })),
    viewVariables: viewVariables(plan) ?? -1,
    lookupWorkBits: workBits(numbers),
    scalars: numbers.scalars,
    pads: numbers.scalars,
    products: numbers.products,
    layerClaims: numbers.layerClaims,
    viewClaims: numbers.viewClaims,
    evaluationCost: evaluationCost(plan),
  };
}
