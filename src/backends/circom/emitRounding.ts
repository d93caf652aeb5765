/** Requantisation and rescaling as shifts, bounds and tables. */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { roundingOffset } from "../../program/noWrap.ts";
import type { Requantise, Rescale } from "../../program/program.ts";
import { multilinearCoefficients } from "../r1cs/gadgets/multiplexer.ts";
import type { BigRange } from "../r1cs/gadgets/shiftClamp.ts";
import { commonLines } from "../r1cs/operators/commonLines.ts";
import { between, bitsFor, type Emission, magnitudeBits, sizeOf } from "./emission.ts";

/** min(max(floor(x / 2^shift), lo), hi) of an array x in a range, bounds that cannot be passed left out. */
function shiftAndClamp(
  emission: Emission,
  operator: Requantise | Rescale,
  x: string,
  range: BigRange,
  shift: number,
  to: BigRange,
): string {
  const count = sizeOf(emission, operator.output);
  const reached = { lo: range.lo >> BigInt(shift), hi: range.hi >> BigInt(shift) };
  const { bits, isSigned } = bitsFor(range);
  const isRelu = isSigned && to.lo === 0n;
  let expression = isRelu
    ? `ShiftRelu(${count}, ${bits}, ${shift})(${x})`
    : `Shift(${count}, ${bits}, ${shift}, ${isSigned ? 1 : 0})(${x})`;
  if (!isRelu && to.lo > reached.lo) {
    const shifted = between(emission, operator, "shifted", expression);
    const k = magnitudeBits(reached.hi - reached.lo);
    expression = `AtLeast(${count}, ${k}, ${to.lo})(${shifted})`;
  }
  if (to.hi < reached.hi) {
    const bounded = between(emission, operator, "bounded", expression);
    const k = magnitudeBits(reached.hi - reached.lo + (to.hi < 0n ? -to.hi : to.hi));
    expression = `AtMost(${count}, ${k}, ${to.hi})(${bounded})`;
  }
  return expression;
}

export function requantised(emission: Emission, operator: Requantise): string {
  const { plan, signals } = emission;
  const { shift, function: f } = operator;
  const count = sizeOf(emission, operator.output);
  const offset = BigInt(roundingOffset(shift));
  const known = plan.ranges[operator.input];
  const range = { lo: known.lo + offset, hi: known.hi + offset };
  const input = signals[operator.input];
  const x =
    offset === 0n
      ? input
      : between(emission, operator, "rounding", `Combine(1, ${count}, [1], ${offset})([${input}])`);
  if (f.map.kind === "clamp") {
    const to = { lo: BigInt(f.map.lo), hi: BigInt(f.map.hi) };
    return shiftAndClamp(emission, operator, x, range, shift, to);
  }
  const { values } = f.map;
  const { bits, isSigned } = bitsFor(range);
  // Halves of the bits need one each.
  const n = Math.max(bits, shift + 2);
  const base = isSigned ? 2 ** (n - 1 - shift) : 0;
  const table = Array.from({ length: 2 ** (n - shift) }, (_, u) => {
    const z = Math.min(Math.max(u - base, f.domain.lo), f.domain.hi);
    return values[z - f.domain.lo];
  });
  const coefficients = multilinearCoefficients(table).map((value) => BigInt(value));
  const call = emission.table(`table_${signals[operator.output]}`, coefficients);
  return `ShiftTable(${count}, ${n}, ${shift}, ${isSigned ? 1 : 0}, ${call})(${x})`;
}

/** Whether every channel of the rescale is one shift; else the export refuses it. */
export function isExportable(operator: Rescale, range: BigRange): boolean {
  return commonLines(operator, range) !== null;
}

/** The integer that comes before all others. */
function extreme(values: readonly bigint[], isBefore: (a: bigint, b: bigint) => boolean): bigint {
  return values.reduce((first, value) => (isBefore(value, first) ? value : first));
}

export function rescaled(emission: Emission, operator: Rescale): string {
  const { plan, signals } = emission;
  const known = plan.ranges[operator.input];
  const lines = commonLines(operator, known);
  if (lines === null) {
    throw new TensorproofError("export.unsupported", `"${operator.name}" cannot be written as one shift`, {
      where: operator.name,
    });
  }
  const output = signals[operator.output];
  const count = sizeOf(emission, operator.output);
  const lo = BigInt(operator.lo);
  const [{ shift }] = lines;
  // Counting from lo instead of 0 makes the bounds those of the operator.
  const offsets = lines.map(({ offset }) => offset + (lo << BigInt(shift)));
  const factors = lines.map(({ factor }) => factor);
  const corner = (x: bigint): bigint[] => factors.map((factor, i) => factor * x + offsets[i]);
  const all = [...corner(known.lo), ...corner(known.hi)];
  const range = {
    lo: extreme(all, (a, b) => a < b),
    hi: extreme(all, (a, b) => a > b),
  };
  const scaled = between(
    emission,
    operator,
    "scaled",
    `Scale(${count}, ${lines.length}, ${emission.table(`factors_${output}`, factors)}, ${emission.table(`offsets_${output}`, offsets)})(${signals[operator.input]})`,
  );
  const to = { lo, hi: BigInt(operator.hi) };
  return shiftAndClamp(emission, operator, scaled, range, shift, to);
}
