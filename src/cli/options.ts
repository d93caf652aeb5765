/** Options that commands share, and how their values are read. */
import { basename } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Dimensions } from "../graph/passes/dimensions.ts";
import type { CompileOptions } from "../quant/compileOptions.ts";
import type { QuantisationMode } from "../quant/mode.ts";
import { DEFAULT_VISIBILITIES, type Visibilities, type Visibility } from "../relations/visibility.ts";
import { usageError } from "./reporter.ts";

const INPUT_FILES = "one or more samples (.json, .npy, .npz, .csv, idx), or a photograph (.jpg, .png, .bmp)";

/** How bytes and pixels become reals. */
export interface PixelOptions {
  readonly rawBytes?: boolean;
  readonly imageMean?: readonly number[];
  readonly imageScale?: readonly number[];
}

/** The data of one run. */
export interface InputOptions extends PixelOptions {
  readonly input: string;
  readonly sample?: number;
  readonly inputIntegers?: boolean;
}

/** How a model file becomes a program. */
export interface ModelOptions extends PixelOptions {
  readonly calibrate?: string;
  readonly dims?: Dimensions;
  readonly inputRange?: readonly [number, number];
  readonly bits?: number;
  readonly activationBits?: number;
  readonly maxError?: number;
  readonly fractionBits?: number;
  readonly head?: CompileOptions["head"];
  readonly mode?: QuantisationMode;
  readonly rounding?: "tflite-double" | "tflite-single";
}

export interface CertificateOption {
  readonly certificate?: readonly string[];
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError("Expected a whole number.");
  return Number(text);
}

export function positive(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError("Expected 1 or more.");
  return value;
}

function shareOption(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError("Expected a number between 0 and 1: 0.01.");
  return value;
}

function rangeOption(text: string): readonly [number, number] {
  const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (parts.length !== 2 || !parts.every(Number.isFinite) || parts[0] >= parts[1])
    throw new InvalidArgumentError("Expected lo,hi with lo < hi, for example 0,1.");
  return [parts[0], parts[1]];
}

/** One number, or one for each channel. */
function numbersOption(text: string): readonly number[] {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (!numbers.every(Number.isFinite))
    throw new InvalidArgumentError("Expected a number, or one for each channel: 127.5 or 123.7,116.8,103.9.");
  return numbers;
}

function divisorsOption(text: string): readonly number[] {
  const numbers = numbersOption(text);
  if (numbers.includes(0)) throw new InvalidArgumentError("Pixels are divided by it: expected other than 0.");
  return numbers;
}

/** batch=1,sequence=64 */
function dimensionsOption(text: string): Dimensions {
  const parts = text.split(",").map((part) => {
    const [, name, length] = /^(.+)=(\d+)$/.exec(part.trim()) ?? [];
    if (name === undefined)
      throw new InvalidArgumentError(
        "Expected name=length, with commas between: batch=1,sequence=64. An axis without a name is input:axis.",
      );
    return [name.trim(), Number(length)] as const;
  });
  return new Map(parts);
}

function oneOf<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new InvalidArgumentError(`Expected ${choices.join(" or ")}.`);
    return choice;
  };
}

export const weightsOption: (text: string) => "hidden" | "public" = oneOf(["hidden", "public"]);

/** --json, -q and --threads. */
export function addCommonOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON object on stdout")
    .option("-q, --quiet", "no progress on stderr")
    .option("--threads <n>", "threads that compute", positive, 1);
}

const BYTES =
  "of data files and images as they are; default: divided by 255, or the model's own in exact-int8";

/** How bytes and pixels become reals. */
export function addPixelOptions(command: Command): Command {
  return command
    .option("--raw-bytes", `take unsigned bytes ${BYTES}`)
    .option("--image-mean <numbers>", "images: real = (pixel - mean) / scale (default mean 0)", numbersOption)
    .option(
      "--image-scale <numbers>",
      "images: what pixels are divided by (default 1 with a mean)",
      divisorsOption,
    );
}

/** --input, and how it is read; not required where inputs can come from elsewhere. */
export function addInputOptions(command: Command, required = true): Command {
  const input = new Option("--input <data>", INPUT_FILES).makeOptionMandatory(required);
  return command
    .addOption(input)
    .option("--sample <n>", "one of many samples alone, counted from 0", wholeNumber)
    .option("--input-integers", "the data holds the model's own integers");
}

/** --certificate, for proofs made in a later epoch of their key. */
export function addCertificateOption(command: Command): Command {
  return command.option(
    "--certificate <files...>",
    "certificates of the epoch that the proof was made in, from `renew`",
  );
}

/** What compiling a model file may be told; ignored for a compiled .tp. */
export function addModelOptions(command: Command): Command {
  return addPixelOptions(command)
    .option("--dims <lengths>", "lengths that the file leaves open: batch=1,sequence=64", dimensionsOption)
    .option("--calibrate <data>", "typical inputs, which decide the declared ranges")
    .option("--input-range <lo,hi>", "declared real range of every input", rangeOption)
    .option("--bits <n>", "bits of a weight, 4 to 16; default: as each layer needs", wholeNumber)
    .option("--activation-bits <n>", "bits of inputs and activations, 4 to 14 (default 8)", wholeNumber)
    .option(
      "--max-error <share>",
      "largest error of an output on --calibrate, as a share of its range: 8 to 14 bits, as few as will do",
      shareOption,
    )
    .option(
      "--fraction-bits <n>",
      "one scale of 2^-n throughout, 0 to 12, for comparison with tools that have a single one",
      wholeNumber,
    )
    .option(
      "--head <head>",
      "output: scores, the probabilities of the Softmax at the end, argmax alone, or the model's own outputs",
      oneOf(["scores", "probabilities", "argmax", "outputs"]),
    )
    .option(
      "--mode <mode>",
      "pow2 (default), or exact-int8: the very integers of a quantised model",
      oneOf(["pow2", "exact-int8"]),
    )
    .option(
      "--rounding <rounding>",
      "exact-int8: tflite-double (default) or tflite-single",
      oneOf(["tflite-double", "tflite-single"]),
    );
}

/** `options` without what was not given. */
export function compileOptions(options: ModelOptions): CompileOptions {
  const { mode, rounding, inputRange, bits, activationBits, maxError, fractionBits, head } = options;
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(rounding === undefined ? {} : { rounding }),
    ...(inputRange === undefined ? {} : { inputRange }),
    ...(bits === undefined ? {} : { bits }),
    ...(activationBits === undefined ? {} : { activationBits }),
    ...(maxError === undefined ? {} : { maxError }),
    ...(fractionBits === undefined ? {} : { fractionBits }),
    ...(head === undefined ? {} : { head }),
  };
}

const VISIBILITY_CHOICES: readonly Visibility[] = ["public", "committed", "private"];

/** `given.weights` is undefined where the text leaves it out. */
export function parseVisibility(text: string | undefined): {
  visibilities: Visibilities;
  weightsGiven: boolean;
  /** What the text says, without defaults. */
  chosen: Partial<Visibilities>;
} {
  const chosen: Partial<Record<keyof Visibilities, Visibility>> = {};
  for (const part of (text ?? "").split(",").filter((piece) => piece.trim() !== "")) {
    const [name, value, ...rest] = part.split("=").map((piece) => piece.trim());
    const visibility = VISIBILITY_CHOICES.find((candidate) => candidate === value);
    if (visibility === undefined || rest.length > 0 || !isPart(name) || chosen[name] !== undefined) {
      throw usageError(
        `--visibility: "${part}" is not understood; write for example input=private,weights=private,output=public ` +
          "with public, committed or private for each",
        "--visibility",
      );
    }
    chosen[name] = visibility;
  }
  return {
    visibilities: { ...DEFAULT_VISIBILITIES, ...chosen },
    weightsGiven: chosen.weights !== undefined,
    chosen,
  };
}

function isPart(name: string): name is keyof Visibilities {
  return Object.hasOwn(DEFAULT_VISIBILITIES, name);
}

/** "models/net.onnx" and ".tp" → "net.tp" */
export function renamed(path: string, extension: string): string {
  return `${basename(path).replace(/\.[^.]+$/, "")}${extension}`;
}
