/**
 * Wide integers as digits: x = Σ 2^cut · digit. What is weighed by hidden numbers or multiplied is a digit, so that sums stay
 * inside the field while x has more bits than its share of them (docs/decisions/0014-classical-models.md).
 */

import type { IntRange } from "../../program/program.ts";
import type { Emission, Emitted } from "./emission.ts";
import { reachedDomain } from "./requantise.ts";

/** What a table of all roundings of an integer may reach. */
const TABLE_BITS = 16;

export interface Digit {
  readonly cut: number;
  readonly range: IntRange;
  readonly value: Emitted;
}

/** Bits that are cut off one after the other, from the lowest on. The lowest digit is longer where one table asks for it. */
function cutsOf(bits: number, digitBits: number, lowestBits: number): number[] {
  const cuts: number[] = [];
  for (let cut = Math.max(lowestBits, bits - TABLE_BITS); cut < bits - 1; cut += digitBits) cuts.push(cut);
  return cuts;
}

/** round(x / 2^shift), halves up. */
export function emitRounded(emission: Emission, name: string, x: Emitted, shift: number): Emitted {
  const domain = reachedDomain(x.interval, x.tensor.range, shift);
  if (domain === null) throw new RangeError(`no table for ${name}`);
  const operator = { kind: "requantise", name, input: x.id, shift, rounding: "half-up" } as const;
  const map = { kind: "clamp", ...domain } as const;
  return emission.add(
    { ...operator, function: { domain, map } },
    { name, scale: x.tensor.quant.scale * 2 ** shift },
  );
}

/** What a rounding of x by 2^shift leaves over: emitted when it is first read. */
class Rest implements Digit {
  readonly cut: number;
  readonly range: IntRange;
  readonly #emit: () => Emitted;
  #value: Emitted | null = null;

  constructor(emission: Emission, name: string, cut: number, x: Emitted, rounded: Emitted, shift: number) {
    this.cut = cut;
    this.range = { lo: -(2 ** (shift - 1)), hi: 2 ** (shift - 1) - 1 };
    const [inputs, factors] = [
      [x.id, rounded.id],
      [1, -(2 ** shift)],
    ];
    this.#emit = () =>
      emission.add(
        { kind: "combine", name, inputs, factors, offset: 0 },
        { name, scale: x.tensor.quant.scale },
      );
  }

  get value(): Emitted {
    this.#value ??= this.#emit();
    return this.#value;
  }
}

/** From the lowest on, which has `lowestBits`. Each digit but the last is a rest, so it needs no look-up of its own. */
export function emitDigits(
  emission: Emission,
  x: Emitted,
  digitBits: number,
  lowestBits: number = digitBits,
): Digit[] {
  const { lo, hi } = x.tensor.range;
  // Rounding up the largest one may take a bit more, and so does the other side of 0.
  const bits = Math.ceil(Math.log2(Math.max(-lo, hi + 1))) + (lo < 0 ? 2 : 1);
  const digits: Digit[] = [];
  let current = x;
  let done = 0;
  for (const cut of cutsOf(bits, digitBits, lowestBits)) {
    const name = `${x.tensor.name} (from bit ${cut} on)`;
    const rounded = emitRounded(emission, name, current, cut - done);
    const rest = `${x.tensor.name} (bits ${done} to ${cut - 1})`;
    digits.push(new Rest(emission, rest, done, current, rounded, cut - done));
    current = rounded;
    done = cut;
  }
  return [...digits, { cut: done, range: current.tensor.range, value: current }];
}
