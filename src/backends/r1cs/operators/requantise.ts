/** y = f(floor((x + 2^(shift − 1)) / 2^shift)), f a clamp or any table. */
import { roundingOffset } from "../../../program/noWrap.ts";
import type { IntFunction, Requantise } from "../../../program/program.ts";
import { affine, type Circuit } from "../circuit.ts";
import { bindingOf, elementRange, isWanted } from "../circuitPlan.ts";
import { multiplex } from "../gadgets/multiplexer.ts";
import {
  type BigRange,
  clampBits,
  type ShiftedBits,
  shiftClamp,
  shiftedBits,
} from "../gadgets/shiftClamp.ts";
import { type OperatorContext, readTensor } from "./context.ts";

export function requantise<E>(context: OperatorContext<E>, operator: Requantise): E[] {
  const { circuit, plan } = context;
  const { input, shift, function: f } = operator;
  const offset = BigInt(roundingOffset(shift));
  const binding = bindingOf(plan.lengths[input]);
  const domain = bigRange(f.domain);
  return readTensor(context, input).map((value, j) => {
    if (!isWanted(plan, operator.output, j)) return circuit.constant(0n);
    const known = elementRange(plan, input, j);
    // Hidden weights could leave the function's domain, which is therefore proven; constants were seen to stay within.
    const range = plan.hidesWeights
      ? { lo: domain.lo << BigInt(shift), hi: ((domain.hi + 1n) << BigInt(shift)) - 1n }
      : { lo: known.lo + offset, hi: known.hi + offset };
    const x = affine(circuit, value, 1n, offset);
    if (!plan.hidesWeights && f.map.kind === "clamp")
      return shiftClamp(circuit, x, range, { shift, to: bigRange(f.map) }, binding);
    const reached = { lo: range.lo >> BigInt(shift), hi: range.hi >> BigInt(shift) };
    if (!plan.hidesWeights && reached.lo === reached.hi && f.map.kind === "values")
      return circuit.constant(BigInt(f.map.values[Number(reached.lo - domain.lo)]));
    const shifted = shiftedBits(circuit, x, range, shift, binding);
    if (plan.hidesWeights) enforceDomain(circuit, shifted, domain);
    if (f.map.kind === "clamp") return clampBits(circuit, shifted, reached, bigRange(f.map));
    return multiplex(circuit, shifted.bits, [tableOf(shifted, f, f.map.values)])[0];
  });
}

function bigRange({ lo, hi }: { readonly lo: number; readonly hi: number }): BigRange {
  return { lo: BigInt(lo), hi: BigInt(hi) };
}

/** f by the integer of the bits; beyond its domain, which no z reaches, the nearest value. */
function tableOf<E>({ bits, base }: ShiftedBits<E>, { domain }: IntFunction, values: Int32Array): number[] {
  return Array.from({ length: 2 ** bits.length }, (_, u) => {
    const z = Math.min(Math.max(Number(base) + u, domain.lo), domain.hi);
    return values[z - domain.lo];
  });
}

/** z ≥ −2^j and z < 2^k of a domain [−2^j, 2^k − 1] where the bits alone allow more on one side: one constraint. */
function enforceDomain<E>(circuit: Circuit<E>, { bits, base }: ShiftedBits<E>, domain: BigRange): void {
  if (base === 0n) return;
  const sign = bits[bits.length - 1];
  const negativeBits = bitsBelow(-domain.lo);
  const positiveBits = bitsBelow(domain.hi + 1n);
  if (negativeBits < positiveBits) {
    // Below 0, z + 2^k has its bits from j on set.
    const clear = bits.slice(negativeBits, -1).map((of) => ({ factor: -1n, of }));
    const missing = circuit.sum(clear, BigInt(clear.length));
    circuit.enforce(missing, affine(circuit, sign, -1n, 1n), circuit.constant(0n));
  } else if (positiveBits < negativeBits) {
    const excess = circuit.sum(bits.slice(positiveBits, -1).map((of) => ({ factor: 1n, of })));
    circuit.enforce(excess, sign, circuit.constant(0n));
  }
}

/** j of 2^j. */
function bitsBelow(power: bigint): number {
  return power.toString(2).length - 1;
}
