/**
 * Plans in the form of docs/spec/vectors/plan-*.json, for comparisons in tests. Names are left out: they are not normative.
 */
import type { Expression, Plan, Source, Term, Wire } from "./plan.ts";

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
