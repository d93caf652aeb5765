/**
 * What a rounding leaves over: f·x − f·2^s·y with y = floor((x + 2^(s−1)) / 2^s). Whoever proves the rounding proves that
 * x + 2^(s−1) − 2^s·y lies in [0, 2^s), so this range holds, far inside the one of two numbers that know nothing of each other.
 */
import type { Combine, IntRange, ProgramOperator, TensorId } from "./program.ts";
import type { ProgramStructure } from "./programStructure.ts";

function computing(program: ProgramStructure, tensor: TensorId): ProgramOperator | undefined {
  return program.operators[tensor - program.inputs.length];
}

/** The range of such a combination without its offset; null for any other. */
export function roundingRest(program: ProgramStructure, { inputs, factors }: Combine): IntRange | null {
  if (inputs.length !== 2) return null;
  const rounding = computing(program, inputs[1]);
  if (rounding?.kind !== "requantise" || rounding.input !== inputs[0]) return null;
  const { shift, function: f } = rounding;
  // A clamp to its whole domain changes nothing, and the lookup proves that the rounded number lies there.
  const isIdentity = f.map.kind === "clamp" && f.map.lo === f.domain.lo && f.map.hi === f.domain.hi;
  if (!isIdentity || factors[1] !== -factors[0] * 2 ** shift) return null;
  const half = Math.floor(2 ** (shift - 1));
  const [least, most] = [-factors[0] * half, factors[0] * (2 ** shift - 1 - half)];
  // + 0 turns a possible −0 into 0.
  return { lo: Math.min(least, most) + 0, hi: Math.max(least, most) + 0 };
}
