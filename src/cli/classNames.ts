/** Scores by the names of their classes: a text file with one name to a line, in the order of the output. */
import type { Command } from "commander";
import { readBytes } from "../files/readBytes.ts";
import { elementCount } from "../tensor/shape.ts";
import { usageError } from "./reporter.ts";

const MAX_SHOWN = 5;

export interface ClassNamesOption {
  readonly classNames?: string;
}

/** The names, and which output they are for. */
export interface ClassNames {
  readonly names: readonly string[];
  readonly output: number;
}

export interface RankedClass {
  readonly index: number;
  readonly name: string;
  readonly score: number;
}

export function addClassNamesOption(command: Command): Command {
  return command.option(
    "--class-names <file>",
    "a text of one name to a line: shows the best classes by name",
  );
}

/**
 * The names that the option gives for the first of `outputs` (shapes of one sample) with as many scores; undefined
 * without the option. @throws TensorproofError `usage`
 */
export function readClassNames(
  { classNames: path }: ClassNamesOption,
  outputs: readonly { readonly name: string; readonly shape: readonly number[] }[],
): ClassNames | undefined {
  if (path === undefined) return undefined;
  const names = new TextDecoder().decode(readBytes(path)).trimEnd().split(/\r?\n/);
  const output = outputs.findIndex(({ shape }) => elementCount(shape) === names.length);
  if (output >= 0) return { names: names.map((name) => name.trim()), output };
  const sizes = outputs.map(({ name, shape }) => `"${name}" has ${elementCount(shape)} scores`);
  throw usageError(`"${path}" names ${names.length} classes, but ${sizes.join(", ")}`, path);
}

/** The best classes of each sample. */
export function rankedClasses(
  classes: ClassNames | undefined,
  outputs: readonly { readonly data: readonly number[] }[],
): RankedClass[][] | undefined {
  if (classes === undefined) return undefined;
  const { names, output } = classes;
  const { data } = outputs[output];
  return Array.from({ length: data.length / names.length }, (_, sample) =>
    names
      .map((name, index) => ({ index, name, score: data[sample * names.length + index] }))
      .sort((a, b) => b.score - a.score)
      .slice(0, MAX_SHOWN),
  );
}

/** A line for each class, each after a line break. */
export function rankedText(ranked: readonly (readonly RankedClass[])[] | undefined): string {
  const lines = (ranked ?? []).flatMap((classes, sample) => [
    ...((ranked ?? []).length === 1 ? [] : [`sample ${sample}`]),
    ...classes.map(({ index, name, score }) => `  ${score.toPrecision(4).padStart(10)}  ${name} (${index})`),
  ]);
  return lines.map((line) => `\n${line}`).join("");
}
