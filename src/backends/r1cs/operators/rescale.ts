/**
 * y = clamp(round(x) + zeroPoint), by the line that has the same thresholds; where no line has, by a y whose own threshold x
 * reaches and whose next one it does not.
 */
import type { Rescale } from "../../../program/program.ts";
import { realFactor, rescaleThresholds } from "../../../program/rescaleThresholds.ts";
import { multiplierOf, rescaleOutput } from "../../../program/rescaleValue.ts";
import { affine, type Circuit, subtract } from "../circuit.ts";
import { bindingOf, isWanted, MAX_OPERAND_LENGTH } from "../circuitPlan.ts";
import { bitLength, bitsOf } from "../gadgets/bits.ts";
import { enforceAtMost } from "../gadgets/comparison.ts";
import { multiplex } from "../gadgets/multiplexer.ts";
import { type BigRange, shiftClamp } from "../gadgets/shiftClamp.ts";
import { type OperatorContext, readShort, readTensor } from "./context.ts";
import { type StepLine, stepLine } from "./stepLine.ts";

export function rescale<E>(context: OperatorContext<E>, operator: Rescale): E[] {
  const { circuit, plan } = context;
  const range = plan.ranges[operator.input];
  const length = plan.program.tensors[operator.input].shape.at(-1) ?? 1;
  const channels = operator.multipliers.map((_, channel) => channelSteps(operator, channel, range));
  const binding = bindingOf(plan.lengths[operator.input]);
  const needsWires = channels.some(({ line }) => line === null);
  const input = needsWires
    ? readShort(context, operator.input, MAX_OPERAND_LENGTH)
    : readTensor(context, operator.input);
  const top = BigInt(operator.hi - operator.lo);
  return input.map((x, j) => {
    if (!isWanted(plan, operator.output, j)) return circuit.constant(0n);
    const { line, thresholds } = channels[channels.length === 1 ? 0 : j % length];
    if (line === null) return byThresholds(circuit, x, thresholds, range, operator, j % length);
    const { factor, offset, shift } = line;
    const scaled = affine(circuit, x, factor, offset);
    const scaledRange = { lo: factor * range.lo + offset, hi: factor * range.hi + offset };
    const count = shiftClamp(circuit, scaled, scaledRange, { shift, to: { lo: 0n, hi: top } }, binding);
    return affine(circuit, count, 1n, BigInt(operator.lo));
  });
}

interface ChannelSteps {
  readonly line: StepLine | null;
  readonly thresholds: readonly number[];
}

function channelSteps(operator: Rescale, channel: number, range: BigRange): ChannelSteps {
  const thresholds = Array.from(rescaleThresholds(operator, channel));
  const ideal = realFactor(operator.rounding, multiplierOf(operator, channel));
  return { line: stepLine(thresholds, range, ideal), thresholds };
}

/** With u = y − lo: threshold[u − 1] ≤ x < threshold[u], both read from a table by the bits of u. */
function byThresholds<E>(
  circuit: Circuit<E>,
  x: E,
  thresholds: readonly number[],
  range: BigRange,
  operator: Rescale,
  channel: number,
): E {
  const { lo, hi } = operator;
  const steps = hi - lo;
  const u = circuit.wire((read) => BigInt(rescaleOutput(operator, channel, Number(read(x))) - lo));
  const bits = enforceAtMost(circuit, u, BigInt(steps), "lowest");
  const clamped = (value: number): number =>
    Math.min(Math.max(value, Number(range.lo)), Number(range.hi) + 1);
  const least = Array.from({ length: 2 ** bits.length }, (_, i) =>
    i === 0 ? Number(range.lo) : clamped(thresholds[Math.min(i, steps) - 1]),
  );
  const next = Array.from({ length: 2 ** bits.length }, (_, i) =>
    i >= steps ? Number(range.hi) + 1 : clamped(thresholds[i]),
  );
  const [from, to] = multiplex(circuit, bits, [least, next]);
  const count = bitLength(range.hi - range.lo);
  bitsOf(circuit, subtract(circuit, x, from), count, "lowest");
  bitsOf(circuit, affine(circuit, subtract(circuit, to, x), 1n, -1n), count, "lowest");
  return affine(circuit, u, 1n, BigInt(lo));
}
