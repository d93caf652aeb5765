/**
 * The bounds that a verification key shows of weights it hides. Domains are rounded outward to powers of two before they
 * are published, but they follow from the weights: whoever hides weights should see what is said about them all the same.
 */
import { printable } from "../engine/statementText.ts";
import type { VerificationKey } from "../engine/verificationKey.ts";
import type { IntRange, QuantParams } from "../program/program.ts";

export interface KeyBounds {
  /** What enters each function, divided by 2^shift, for the committed weights and every input in its declared range. */
  readonly functions: readonly {
    readonly name: string;
    readonly shift: number;
    readonly domain: IntRange;
    /** Of the function's values. */
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
  const constants = program.constants.map(({ name, shape, range, quant }) => ({ name, shape, range, quant }));
  return { functions, constants };
}

function rangeText({ lo, hi }: IntRange): string {
  return `${lo} to ${hi}`;
}

export function keyBoundsText(bounds: KeyBounds): string {
  const functions = bounds.functions.map(({ name, shift, domain, range }) => {
    const divided = shift === 0 ? "" : `, divided by 2^${shift},`;
    return `${printable(name)}: what enters${divided} lies in ${rangeText(domain)} (rounded outward to powers of two); what leaves, in ${rangeText(range)}`;
  });
  const constants = bounds.constants.map(
    ({ name, shape, range, quant }) =>
      `${printable(name)}: ${shape.join(" × ")} integers in ${rangeText(range)}, scale ${Number(quant.scale.toPrecision(6))}`,
  );
  return [
    "What the key shows about the hidden weights",
    ...[...functions, ...constants].map((line) => `  - ${line}`),
  ].join("\n");
}
