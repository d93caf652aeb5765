/**
 * Readings of layers and which layers are claimed: docs/spec/15-reduction.md, 15.2.
 */
import { p } from "./field.ts";
import { bitsOfAxes } from "./multilinear.ts";
import type { Equality, Expression, LayerSource, Plan, Section } from "./plan.ts";

export interface LayerReading {
  readonly source: LayerSource;
  readonly viewAxes: readonly number[];
  /** Readings with equal keys are one. */
  readonly key: string;
}

/** Layer readings of an expression over view axes, term by term. */
function readingsOf(expression: Expression, viewAxes: readonly number[]): LayerReading[] {
  const readings: LayerReading[] = [];
  for (const { source } of expression.terms) {
    if (source.kind === "layer") readings.push({ source, viewAxes, key: readingKey(source, viewAxes) });
  }
  return readings;
}

export function readingKey(source: LayerSource, viewAxes: readonly number[]): string {
  const axes = source.axes.map((axis, i) => {
    const slice = source.slices[i];
    const length = viewAxes[axis]!;
    const behind = length === 1 ? "-" : `${bitsOfAxes(viewAxes.slice(axis + 1))}`;
    return `${behind} ${slice === undefined ? "-" : `${slice.start}+${length}`}`;
  });
  return [source.layer, ...axes].join("; ");
}

function withoutRepetition(readings: readonly LayerReading[]): LayerReading[] {
  const first = new Map<string, LayerReading>();
  for (const reading of readings) if (!first.has(reading.key)) first.set(reading.key, reading);
  return [...first.values()];
}

/** Sections in the order of 13.1: large ones first. */
export function sectionOrder(plan: Plan): Section[] {
  const size = ({ axes }: Section): number => bitsOfAxes(axes);
  return [...plan.sections].sort((a, b) => size(b) - size(a));
}

export function sectionReadings(plan: Plan): LayerReading[] {
  const all = sectionOrder(plan).flatMap(({ axes, columns }) =>
    columns.flatMap((column) => readingsOf(column, axes)),
  );
  return withoutRepetition(all);
}

export function equalityReadings({ axes, expression }: Equality): LayerReading[] {
  return withoutRepetition(readingsOf(expression, axes));
}

/** For a known equality the layer reading and the public tensor that it equals. */
export function knownEquality(
  plan: Plan,
  { axes, expression }: Equality,
): { reading: LayerReading; tensor: number } | undefined {
  const [first, second] = expression.terms;
  if (expression.constant !== 0n || expression.terms.length !== 2) return undefined;
  if (first!.source.kind !== "layer" || first!.factor !== 1n) return undefined;
  const source = second!.source;
  if (source.kind !== "tensor" || second!.factor !== p - 1n || source.tensor === "one") return undefined;
  if (plan.tensors[source.tensor]!.holder !== "public") return undefined;
  const asItIs = source.wires.every(
    (wire, i) => wire.axes.length === 1 && wire.axes[0] === i && !wire.map && !wire.slice,
  );
  if (!asItIs || source.wires.length !== axes.length) return undefined;
  return { reading: readingsOf(expression, axes)[0]!, tensor: source.tensor };
}

/** Layers in the order in which they are claimed, one entry for each claim. */
export function claimedLayers(plan: Plan): number[] {
  const ofEqualities = plan.equalities.flatMap((equality) => {
    const known = knownEquality(plan, equality);
    return known === undefined ? equalityReadings(equality) : [known.reading];
  });
  return [...sectionReadings(plan), ...ofEqualities].map(({ source }) => source.layer);
}
