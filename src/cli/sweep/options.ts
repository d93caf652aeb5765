/** Options of searches over points. */
import { InvalidArgumentError, Option } from "commander";
import { DEFAULT_AXES, parseNumbers, type SweepAxes } from "../../bench/studies/sweep/point.ts";
import { COSTS } from "../../bench/studies/sweep/result.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { QuantisationMode } from "../../quant/mode.ts";

const MODES: readonly QuantisationMode[] = ["pow2", "exact-int8"];

/** "0.1%" or 0.001 */
export function lossOption(text: string): number {
  const [, number, sign] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const share = Number(number) / (sign === "%" ? 100 : 1);
  if (!(share >= 0 && share < 1))
    throw new InvalidArgumentError("Expected a share from 0 to below 1, as 0.1% or 0.001.");
  return share;
}

export function costOption(): Option {
  return new Option("--cost <name>", "what the chosen point is cheapest in").choices(COSTS).default("time");
}

export interface AxisOptions {
  readonly weightBits?: string;
  readonly activationBits?: string;
  readonly scales?: string;
  readonly modes?: string;
  readonly widths?: string;
}

function modesOf(text: string): QuantisationMode[] {
  return text.split(",").map((name) => {
    const mode = MODES.find((known) => known === name.trim());
    if (mode === undefined)
      throw new TensorproofError(
        "sweep.axes",
        `--modes: there is no mode "${name}", only ${MODES.join(", ")}`,
        {
          where: "--modes",
        },
      );
    return mode;
  });
}

function widthsOf(text: string): string[] {
  return text.split(",").map((part) => {
    const width = part.trim();
    if (/^[1-9]\d{0,5}(x[1-9]\d{0,5})*$/.test(width)) return width;
    const message = `--widths: "${part}" is no width: write 64, or one for each hidden layer as 64x32`;
    throw new TensorproofError("sweep.axes", message, { where: "--widths" });
  });
}

/** @throws TensorproofError `sweep.axes` */
export function axesOf({ weightBits, activationBits, scales, modes, widths }: AxisOptions): SweepAxes {
  const numbers = (list: readonly (number | null)[]): number[] => list.filter((x) => x !== null);
  return {
    widths: widths === undefined ? DEFAULT_AXES.widths : [...new Set(widthsOf(widths))],
    modes: modes === undefined ? DEFAULT_AXES.modes : [...new Set(modesOf(modes))],
    weightBits:
      weightBits === undefined
        ? DEFAULT_AXES.weightBits
        : parseNumbers("--weight-bits", weightBits, 4, 16, null),
    activationBits:
      activationBits === undefined
        ? DEFAULT_AXES.activationBits
        : numbers(parseNumbers("--activation-bits", activationBits, 4, 14)),
    scales: scales === undefined ? [] : numbers(parseNumbers("--scales", scales, 0, 12)),
  };
}
