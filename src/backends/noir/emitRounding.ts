/** Requantisation and rescaling as shifts, bounds, tables and steps. */
import { roundingOffset } from "../../program/noWrap.ts";
import type { IntRange, Requantise, Rescale } from "../../program/program.ts";
import { rescaleThresholds } from "../../program/rescaleThresholds.ts";
import type { BigRange } from "../r1cs/gadgets/shiftClamp.ts";
import { commonLines } from "../r1cs/operators/commonLines.ts";
import type { StepLine } from "../r1cs/operators/stepLine.ts";
import { between, type Emission, naturalBits, plus, signedBits, sizeOf } from "./emission.ts";

function big({ lo, hi }: IntRange): BigRange {
  return { lo: BigInt(lo), hi: BigInt(hi) };
}

/** min(max(floor(x / 2^shift), lo), hi) of one x in a range, bounds that cannot be passed left out. */
function shiftAndClamp(x: string, range: BigRange, shift: number, to: BigRange): string {
  const reached = { lo: range.lo >> BigInt(shift), hi: range.hi >> BigInt(shift) };
  if (to.hi <= reached.lo) return String(to.hi);
  if (to.lo >= reached.hi) return String(to.lo);
  if (reached.lo === reached.hi) return String(reached.lo);
  let expression =
    shift === 0 ? x : `shift::<${shift}, ${naturalBits(reached.hi - reached.lo)}>(${x}, ${reached.lo})`;
  let { lo } = reached;
  if (to.lo > reached.lo) {
    const bits = signedBits({ lo: reached.lo - to.lo, hi: reached.hi - to.lo });
    expression = `at_least::<${bits}>(${expression}, ${to.lo})`;
    lo = to.lo;
  }
  if (to.hi < reached.hi) {
    const bits = signedBits({ lo: to.hi - reached.hi, hi: to.hi - lo });
    expression = `at_most::<${bits}>(${expression}, ${to.hi})`;
  }
  return expression;
}

export function requantised(emission: Emission, operator: Requantise): string {
  const { plan, tensors } = emission;
  const { shift, function: f } = operator;
  const offset = BigInt(roundingOffset(shift));
  const known = plan.ranges[operator.input];
  const domain = big(f.domain);
  const input = tensors[operator.input];
  const x = plus("x", offset);
  const own = { lo: known.lo + offset, hi: known.hi + offset };
  // Hidden weights could leave the function's domain, which is therefore proven; constants were seen to stay within.
  const range = plan.hidesWeights
    ? { lo: domain.lo << BigInt(shift), hi: ((domain.hi + 1n) << BigInt(shift)) - 1n }
    : own;
  if (f.map.kind === "clamp") {
    if (!plan.hidesWeights) return `${input}.map(|x| ${shiftAndClamp(x, range, shift, big(f.map))})`;
    const bits = naturalBits(domain.hi - domain.lo);
    const quotient = shift === 0 ? x : `shift::<${shift}, ${bits}>(${x}, ${domain.lo})`;
    const checked = between(
      emission,
      operator,
      "shifted",
      sizeOf(emission, operator.output),
      `${input}.map(|x| ${quotient})`,
    );
    emission.line(`${checked}.for_each(|x| in_range::<${bits}>(x, ${domain.lo}, ${domain.hi}));`);
    return `${checked}.map(|x| ${shiftAndClamp("x", domain, 0, big(f.map))})`;
  }
  const table = emission.table(`table_${tensors[operator.output]}`, Array.from(f.map.values, BigInt));
  const above = plus("x", offset - (domain.lo << BigInt(shift)));
  return `${input}.map(|x| look_up::<${shift}, ${f.map.values.length}>(${table}, ${above}))`;
}

/** The integer that comes before all others. */
function extreme(values: readonly bigint[], isBefore: (a: bigint, b: bigint) => boolean): bigint {
  return values.reduce((first, value) => (isBefore(value, first) ? value : first));
}

/** What the lines of all channels make of a range, counted from the operator's lowest output on. */
export function lineRange(lines: readonly StepLine[], known: BigRange, lo: bigint): BigRange {
  const corners = [known.lo, known.hi].flatMap((x) =>
    lines.map(({ factor, offset, shift }) => factor * x + offset + (lo << BigInt(shift))),
  );
  return { lo: extreme(corners, (a, b) => a < b), hi: extreme(corners, (a, b) => a > b) };
}

export function rescaled(emission: Emission, operator: Rescale): string {
  const { plan, tensors } = emission;
  const known = plan.ranges[operator.input];
  const lines = commonLines(operator, known);
  if (lines === null) return byThresholds(emission, operator, known);
  const lo = BigInt(operator.lo);
  const [{ shift }] = lines;
  // Counting from lo instead of 0 makes the bounds those of the operator.
  const offsets = lines.map(({ offset }) => offset + (lo << BigInt(shift)));
  const factors = lines.map(({ factor }) => factor);
  const to = { lo, hi: BigInt(operator.hi) };
  const range = lineRange(lines, known, lo);
  const input = tensors[operator.input];
  if (lines.length === 1) {
    const scaled = plus(factors[0] === 1n ? "x" : `${factors[0]} * x`, offsets[0]);
    return `${input}.map(|x| ${shiftAndClamp(scaled, range, shift, to)})`;
  }
  const output = tensors[operator.output];
  const factorTable = emission.table(`factors_${output}`, factors);
  const offsetTable = emission.table(`offsets_${output}`, offsets);
  const scaled = `${factorTable}[c] * x + ${offsetTable}[c]`;
  return `elements::by_channel(${input}, ${lines.length}, |x, c| ${shiftAndClamp(scaled, range, shift, to)})`;
}

/** Steps whose bounds are read from a table: for roundings that no line has on the whole range. */
function byThresholds(emission: Emission, operator: Rescale, known: BigRange): string {
  const { tensors } = emission;
  const steps = operator.hi - operator.lo;
  const channels = operator.multipliers.length;
  const lowest = Number(known.lo);
  const end = Number(known.hi) + 1;
  const bounds = operator.multipliers.flatMap((_, channel) => {
    const thresholds = Array.from(rescaleThresholds(operator, channel), (threshold) =>
      BigInt(Math.min(Math.max(threshold, lowest), end)),
    );
    return [known.lo, ...thresholds.slice(0, steps), known.hi + 1n];
  });
  const table = emission.table(`bounds_${tensors[operator.output]}`, bounds);
  const bits = naturalBits(known.hi - known.lo);
  const first = channels === 1 ? "0" : `c * ${steps + 2}`;
  const call = `step::<${bits}, ${bounds.length}>(x, ${table}, ${first}, ${steps + 1})`;
  const y = plus(call, BigInt(operator.lo));
  const input = tensors[operator.input];
  return channels === 1
    ? `${input}.map(|x| ${y})`
    : `elements::by_channel(${input}, ${channels}, |x, c| ${y})`;
}
