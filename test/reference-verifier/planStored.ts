/**
 * Operators whose results are stored: docs/spec/11-plan.md, 11.7, with what 14.3 to 14.7 make of them.
 */
import { inverseF, residue } from "./field.ts";
import { bits } from "./multilinear.ts";
import {
  addConstant,
  addExpressions,
  type Expression,
  numCells,
  scaleExpression,
  subtractExpressions,
  wholeTensor,
} from "./plan.ts";
import { aligned } from "./planAlign.ts";
import { indexAlong } from "./planBuilder.ts";
import { plain, wholeChannels } from "./planCommit.ts";
import { multiplyLayer } from "./planLayers.ts";
import { pieceLength, piecesOf } from "./planPieces.ts";
import { proveRange } from "./planRange.ts";
import { axisLabel, lengthOf, mergedLengths, ordered, place, placedBy, type Reading } from "./planReading.ts";
import type { PlanState } from "./planState.ts";
import type { FunctionOnDomain, Rescale } from "./program.ts";
import { rangeOf } from "./ranges.ts";
import { must } from "./refusal.ts";

/** 14.3 */
export function planRequantise(
  state: PlanState,
  id: number,
  input: number,
  shift: number,
  fn: FunctionOnDomain,
): Reading {
  const { builder } = state;
  const { name } = state.program.tensors[id]!;
  const reading = state.reading(input);
  const { axes, value: x } = place(reading);
  const y = wholeTensor(state.addResult(id, axes), axes.length);
  let z = x;
  if (shift > 0) {
    const r = wholeTensor(builder.addTensor(`${name}: remainder`, axes, "advice"), axes.length);
    proveRange(builder, `${name}: remainder`, axes, r, 2 ** shift);
    const sum = addConstant(subtractExpressions(x, r), 2n ** BigInt(shift - 1));
    z = scaleExpression(sum, inverseF(2n ** BigInt(shift)));
  }
  const tag = builder.functionTable(fn);
  builder.lookUp(`${name}: function`, axes, tag, [z, y]);
  return state.resultReading(id, reading);
}

/** 14.4 */
export function planRescale(state: PlanState, id: number, operator: Rescale): Reading {
  const { builder, program } = state;
  const { name } = program.tensors[id]!;
  const { range } = program.tensors[operator.input]!;
  const numChannels = operator.multipliers.length;
  const reading = numChannels > 1 ? wholeChannels(state, operator.input) : state.reading(operator.input);
  const { axes, value: x } = place(reading);
  const channel = numChannels > 1 ? axisLabel(reading, reading.groups.length - 1) : undefined;
  const y = wholeTensor(state.addResult(id, axes), axes.length);

  const length = pieceLength(program);
  const pieces = piecesOf(operator, range, length);
  const low = wholeTensor(builder.addTensor(`${name}: low end`, axes, "advice"), axes.length);
  const high = wholeTensor(builder.addTensor(`${name}: high end`, axes, "advice"), axes.length);
  const { tag, first } = builder.addPieces(pieces, numChannels);
  const along: Expression =
    channel === undefined ? { constant: 0n, terms: [] } : indexAlong(ordered(reading).indexOf(channel));
  builder.lookUp(`${name}: piece`, axes, tag, [y, low, high, addConstant(along, residue(first))]);
  const table = builder.rangeTable(length);
  builder.lookUp(`${name}: not below`, axes, table, [subtractExpressions(x, low)]);
  builder.lookUp(`${name}: not above`, axes, table, [subtractExpressions(high, x)]);
  return state.resultReading(id, reading);
}

/** 14.6 */
export function planDivide(state: PlanState, id: number, numerator: number, denominator: number): Reading {
  const { builder, program } = state;
  const { name, range } = program.tensors[id]!;
  const before = state.reading(numerator);
  const [numeratorReading, d] = aligned(state, before, plain(state, denominator, []));
  const n: Reading = { ...numeratorReading, lengths: mergedLengths(d, numeratorReading) };
  const { axes, value } = place(n);
  const y = wholeTensor(state.addResult(id, axes), axes.length);
  const quotient = state.resultReading(id, n);
  const product = multiplyLayer(state, name, quotient, d);
  const order = ordered(n);
  const [dValue, productValue] = [placedBy(d.value, order), placedBy(product.value, order)];

  const largest = program.tensors[denominator]!.range.hi;
  const fromZero = addConstant(y, residue(-range.lo));
  proveRange(builder, `${name}: quotient`, axes, fromZero, Number(range.hi - range.lo) + 1);
  const remainder = subtractExpressions(value, productValue);
  proveRange(builder, `${name}: remainder`, axes, remainder, Number(largest));
  const below = subtractExpressions(addConstant(dValue, residue(-1)), remainder);
  proveRange(builder, `${name}: remainder below the denominator`, axes, below, Number(largest));
  return quotient;
}

const MAX_DOMAIN = 2n ** 16n;

/** 14.5 */
export function planMax(state: PlanState, id: number, left: number, right: number): Reading {
  const { builder, program } = state;
  const { name } = program.tensors[id]!;
  const [first, second] = aligned(state, state.reading(left), state.reading(right));
  const a: Reading = { ...first, lengths: mergedLengths(second, first) };
  const { axes, value } = place(a);
  const b = placedBy(second.value, ordered(a));
  const y = wholeTensor(state.addResult(id, axes), axes.length);

  const [ra, rb] = [program.tensors[left]!.range, program.tensors[right]!.range];
  const domain = rangeOf([0n, ra.lo - rb.hi, ra.hi - rb.lo]);
  must(domain.hi - domain.lo < MAX_DOMAIN, "program.rangeTooLarge", `${name}: domain`);
  const tag = builder.functionTable({ domain, map: { kind: "clamp", lo: 0n, hi: domain.hi } });
  const columns = [subtractExpressions(value, b), subtractExpressions(y, b)];
  builder.lookUp(`${name}: maximum`, axes, tag, columns);
  return state.resultReading(id, a);
}

/** 14.7 */
export function planArgmax(state: PlanState, id: number, input: number): Reading {
  const { builder, program } = state;
  const { name } = program.tensors[id]!;
  const { range } = program.tensors[input]!;
  const reading = wholeChannels(state, input);
  const label = axisLabel(reading, reading.groups.length - 1);
  const rowLabels = ordered(reading).filter((other) => other !== label);
  const rows = rowLabels.map((other) => lengthOf(reading, other));
  const last = label === undefined ? 1 : lengthOf(reading, label);
  const axes = [...rows, last];
  const s = placedBy(reading.value, label === undefined ? rowLabels : [...rowLabels, label]);
  const k = wholeTensor(state.addResult(id, rows), rows.length);

  const m = wholeTensor(builder.addTensor(`${name}: maximum`, rows, "advice"), rows.length);
  const row = rows
    .map((_, axis) => indexAlong(axis, numCells(rows.slice(axis + 1))))
    .reduce(addExpressions, { constant: 0n, terms: [] });
  const index = indexAlong(rows.length);
  const tag = builder.dataTable(`${name}: row entries`, axes, [row, index, s]);
  builder.lookUp(`${name}: maximum is an entry`, rows, tag, [row, k, m]);

  const entries = BigInt(last);
  const span = Number(entries * (range.hi - range.lo) + entries);
  const size = 2 ** bits(span);
  must(span + size < 2 ** 31 - 1, "program.rangeTooLarge", `${name}: range`);
  const scaledMaximum = scaleExpression(m, residue(entries));
  const excess = addExpressions(subtractExpressions(scaledMaximum, k), index);
  const noLarger = subtractExpressions(excess, scaleExpression(s, residue(entries)));
  proveRange(builder, `${name}: no entry is larger`, axes, noLarger, size);

  const groups = reading.groups.slice(0, -1);
  const lengths = new Map(rowLabels.map((other) => [other, lengthOf(reading, other)]));
  return state.resultReading(id, { lengths, groups });
}
