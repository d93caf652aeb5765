/** Plans as JSON, as docs/spec/11 names their parts. */
import type { Expression, LinearLayer, ProofPlan, Source, Wire } from "../../src/claims/plan.ts";
import { lookupWorkBits } from "../../src/engine/security.ts";
import { placeSections } from "../../src/lookup/cube.ts";
import { programHash } from "../../src/program/programHash.ts";
import { programStructure } from "../../src/program/programStructure.ts";
import { programStructureBytes } from "../../src/program/serialise.ts";
import { evaluationCost } from "../../src/relations/evaluationCost.ts";
import { planInference } from "../../src/relations/inferencePlan.ts";
import { lookedUpLayers } from "../../src/relations/leaves.ts";
import { transcriptSize, viewVariables } from "../../src/relations/reduce.ts";
import { planWeightRanges } from "../../src/relations/weightPlan.ts";
import type { PlanCase } from "./planPrograms.ts";

export type Json = null | number | string | boolean | readonly Json[] | { readonly [key: string]: Json };

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function wireJson({ axes, map, slice }: Wire): Json {
  return {
    axes,
    ...(map === null ? {} : { from: [...map.from], to: map.to.map((indices) => [...indices]) }),
    ...(slice === undefined ? {} : { slice: { ...slice } }),
  };
}

function sourceJson(source: Source): Json {
  switch (source.kind) {
    case "tensor":
      return { tensor: source.tensor, wires: source.wires.map(wireJson) };
    case "layer": {
      const slices = source.slices?.map((slice) => (slice === undefined ? null : { ...slice }));
      return { layer: source.layer, axes: source.axes, ...(slices === undefined ? {} : { slices }) };
    }
    case "index":
      return { index: source.axis };
    case "values":
      return { values: [...source.values] };
  }
}

function expressionJson({ constant, terms }: Expression): Json {
  return { constant, terms: terms.map(({ factor, source }) => ({ factor, source: sourceJson(source) })) };
}

function layerJson({ name, axes, numOutputAxes, left, right, bias }: LinearLayer): Json {
  const operand = (side: LinearLayer["left"]): Json => ({
    axes: side.axes,
    value: expressionJson(side.value),
  });
  return { name, axes, numOutputAxes, left: operand(left), right: operand(right), bias };
}

/** The plan, and what follows from it before a proof is read. */
export function planJson(plan: ProofPlan): Json {
  const cube = placeSections(plan.sections);
  return {
    tensors: plan.tensors.map(({ name, axes, holder }) => ({ name, axes, holder })),
    sections: plan.sections.map(({ name, axes, tag, columns, multiplicity }) => ({
      name,
      axes,
      tag,
      columns: columns.map(expressionJson),
      multiplicity,
    })),
    layers: plan.layers.map(layerJson),
    equalities: plan.equalities.map(({ name, axes, value }) => ({
      name,
      axes,
      value: expressionJson(value),
    })),
    derived: {
      cube: {
        numVariables: cube.numVariables,
        dummy: cube.dummy,
        sections: cube.sections.map(({ section, numVariables, offset }) => ({
          section: plan.sections.indexOf(section),
          numVariables,
          offset,
        })),
      },
      sectionReadings: lookedUpLayers(cube).map(({ layer, viewAxes, axes, slices }) => ({
        viewAxes,
        ...(sourceJson({
          kind: "layer",
          layer,
          axes,
          ...(slices === undefined ? {} : { slices }),
        }) as object),
      })),
      viewVariables: viewVariables(plan, cube),
      lookupWorkBits: lookupWorkBits(plan),
      ...transcriptSize(plan),
      evaluationCost: { ...evaluationCost(plan) },
    },
  };
}

export function planVector({ name, program, visibilities, batch }: PlanCase): Json {
  const structure = programStructure(program);
  const { plan, constants, inputs, outputs } = planInference(structure, visibilities, batch);
  return {
    name,
    structure: hex(programStructureBytes(structure)),
    programHash: hex(programHash(structure)),
    visibilities: { ...visibilities },
    batch,
    weightPlan: planJson(planWeightRanges(structure).plan),
    inferencePlan: { ...(planJson(plan) as { readonly [key: string]: Json }), constants, inputs, outputs },
  };
}

/** Like JSON.stringify with two spaces, but lists of numbers on one line. */
export function jsonText(value: Json): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(/\[[-\d\s,]*\]/g, (list) => list.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"))}\n`;
}
