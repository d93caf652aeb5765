/** The points of a sweep: ways in which one network can be made a program. */
import { TensorproofError } from "../../../errors/tensorproofError.ts";
import type { CompileOptions } from "../../../quant/compileOptions.ts";
import type { QuantisationMode } from "../../../quant/mode.ts";

export interface SweepPoint {
  /** Of the hidden layers, as given; null: the model as it is. */
  readonly width: string | null;
  readonly mode: QuantisationMode;
  /** Null: as each layer needs, or the model decides. */
  readonly weightBits: number | null;
  /** Null: decided by the scale, or by the model. */
  readonly activationBits: number | null;
  /** One scale of 2^−n for everything; null: one for each tensor. */
  readonly scale: number | null;
}

export interface SweepAxes {
  readonly widths: readonly (string | null)[];
  readonly modes: readonly QuantisationMode[];
  readonly weightBits: readonly (number | null)[];
  readonly activationBits: readonly number[];
  readonly scales: readonly number[];
}

export const DEFAULT_AXES: SweepAxes = {
  widths: [null],
  modes: ["pow2"],
  weightBits: [4, 6, 8, null],
  activationBits: [4, 5, 6, 7, 8, 10],
  scales: [],
};

const MOST_POINTS = 10_000;

/** Every combination once, in a fixed order: narrow ones first. @throws TensorproofError `sweep.axes` */
export function gridOf({ widths, modes, weightBits, activationBits, scales }: SweepAxes): SweepPoint[] {
  const each = widths.length * (weightBits.length * activationBits.length + scales.length + 1);
  if (each > MOST_POINTS)
    throw new TensorproofError("sweep.axes", `${each} points; ${MOST_POINTS} are the most`, {
      where: "sweep",
    });
  return widths.flatMap((width) =>
    modes.flatMap((mode): SweepPoint[] => {
      const common = { width, mode, weightBits: null, activationBits: null, scale: null };
      if (mode === "exact-int8") return [common];
      return [
        ...activationBits.flatMap((activation) =>
          weightBits.map((bits) => ({ ...common, weightBits: bits, activationBits: activation })),
        ),
        ...scales.map((scale) => ({ ...common, scale })),
      ];
    }),
  );
}

export function pointOptions({ mode, weightBits, activationBits, scale }: SweepPoint): CompileOptions {
  return {
    mode,
    ...(weightBits === null ? {} : { bits: weightBits }),
    ...(activationBits === null ? {} : { activationBits }),
    ...(scale === null ? {} : { fractionBits: scale }),
  };
}

export function pointText({ width, mode, weightBits, activationBits, scale }: SweepPoint): string {
  const parts = [
    ...(width === null ? [] : [`width ${width}`]),
    ...(mode === "exact-int8" ? ["exact-int8"] : []),
    ...(scale === null ? [] : [`one scale 2^-${scale}`]),
    ...(activationBits === null
      ? []
      : [
          `weights ${weightBits === null ? "as needed" : `of ${weightBits} bits`}`,
          `activations of ${activationBits}`,
        ]),
  ];
  return parts.join(", ");
}

/** "4..8", "4,6,8"; `auto` is what the word "auto" stands for, where it may. @throws TensorproofError `sweep.axes` */
export function parseNumbers(
  option: string,
  text: string,
  lowest: number,
  highest: number,
  auto?: null,
): (number | null)[] {
  const refuse = (why: string): never => {
    const message = `${option} "${text}": ${why}; write numbers from ${lowest} to ${highest}, as 4,6,8 or 4..8`;
    throw new TensorproofError("sweep.axes", message, { where: option });
  };
  const numbers = text.split(",").flatMap((part): (number | null)[] => {
    const piece = part.trim();
    if (auto === null && piece === "auto") return [null];
    const [, first, last] = /^(\d+)(?:\.\.(\d+))?$/.exec(piece) ?? [];
    if (first === undefined) return refuse(`"${piece}" is no number and no range`);
    const [from, to] = [Number(first), Number(last ?? first)];
    if (from > to) return refuse(`the range ${piece} is upside down`);
    if (from < lowest || to > highest) return refuse(`${piece} is out of range`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  const unique = [...new Set(numbers)];
  return unique.sort((a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY));
}
