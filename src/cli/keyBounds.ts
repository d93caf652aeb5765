/**
 * The bounds that a verification key shows of weights it hides. Domains are rounded outward to powers of two before they
 * are published, but they follow from the weights: whoever hides weights should see what is said about them all the same.
 */
import { printable } from "../engine/statementText.ts";
import type { VerificationKey } from "../engine/verificationKey.ts";
import type { IntRange, Multiplier, QuantParams, Rounding } from "../program/program.ts";

export interface KeyBounds {
  /** What enters each function, divided by 2^shift, for the committed weights and every input in its declared range. */
  readonly functions: readonly {
    readonly name: string;
    readonly shift: number;
    readonly domain: IntRange;
    /** Of the function's values. */
    readonly range: IntRange;
  }[];
  /** Multipliers by which sums are scaled: one, or one for each channel. They follow from the scales of the weights. */
  readonly rescalings: readonly {
    readonly name: string;
    readonly rounding: Rounding;
    readonly multipliers: readonly Multiplier[];
    /** Of the results. */
    readonly range: IntRange;
  }[];
  /** Weights and biases as declared. */
  readonly constants: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly range: IntRange;
    readonly quant: QuantParams;
  }[];
}

/** Null for public weights: the key shows them whole. */
export function keyBounds({ program, weights }: VerificationKey): KeyBounds | null {
  if (weights.kind === "public") return null;
  const functions = program.operators.flatMap((operator) =>
    operator.kind === "requantise"
      ? [
          {
            name: operator.name,
            shift: operator.shift,
            domain: operator.function.domain,
            range: program.tensors[operator.output].range,
          },
        ]
      : [],
  );
  const rescalings = program.operators.flatMap((operator) =>
    operator.kind === "rescale"
      ? [
          {
            name: operator.name,
            rounding: operator.rounding,
            multipliers: operator.multipliers,
            range: program.tensors[operator.output].range,
          },
        ]
      : [],
  );
  const constants = program.constants.map(({ name, shape, range, quant }) => ({ name, shape, range, quant }));
  return { functions, rescalings, constants };
}

/** The real factor of a multiplier. */
function factorOf(rounding: Rounding, { multiplier, shift }: Multiplier): number {
  if (rounding === "divide-half-away") return 1 / multiplier;
  return rounding === "float-half-even" ? multiplier : multiplier * 2 ** (shift - 31);
}

function factorsText(rounding: Rounding, multipliers: readonly Multiplier[]): string {
  const text = (factor: number): string => String(Number(factor.toPrecision(6)));
  const [first, ...rest] = multipliers.map((multiplier) => factorOf(rounding, multiplier));
  if (rest.length === 0) return `by ${text(first)}`;
  const { least, most } = rest.reduce(
    (range, factor) => ({ least: Math.min(range.least, factor), most: Math.max(range.most, factor) }),
    { least: first, most: first },
  );
  return `each of ${multipliers.length} channels by a factor of its own, ${text(least)} to ${text(most)}`;
}

function rangeText({ lo, hi }: IntRange): string {
  return `${lo} to ${hi}`;
}

export function keyBoundsText(bounds: KeyBounds): string {
  const functions = bounds.functions.map(({ name, shift, domain, range }) => {
    const divided = shift === 0 ? "" : `, divided by 2^${shift},`;
    return `${printable(name)}: what enters${divided} lies in ${rangeText(domain)} (rounded outward to powers of two); what leaves, in ${rangeText(range)}`;
  });
  const rescalings = bounds.rescalings.map(
    ({ name, rounding, multipliers, range }) =>
      `${printable(name)}: scales ${factorsText(rounding, multipliers)}; what leaves lies in ${rangeText(range)}`,
  );
  const constants = bounds.constants.map(
    ({ name, shape, range, quant }) =>
      `${printable(name)}: ${shape.join(" × ")} integers in ${rangeText(range)}, scale ${Number(quant.scale.toPrecision(6))}`,
  );
  return [
    "What the key shows about the hidden weights",
    ...[...functions, ...rescalings, ...constants].map((line) => `  - ${line}`),
  ].join("\n");
}
