/**
 * Parameters of a key and their bounds: docs/spec/05-code-commitment.md, 5.1; 07-files.md, 7.3; query bits: 08-security.md, 8.3.
 */
import type { Reader } from "./bytes.ts";
import { log2Down } from "./log2.ts";
import { bits } from "./multilinear.ts";
import { must } from "./refusal.ts";

/** Shape of a level of recursion (06b). */
export interface Level {
  readonly logColumns: number;
  readonly logLength: number;
  readonly queries: number;
  readonly grindBits: number;
}

export interface Parameters extends Level {
  /** U */
  readonly weightUses: number;
  /** W */
  readonly dataUses: number;
  readonly levels: readonly Level[];
}

const MAX_LEVELS = 3;
const MIN_BITS = 100;

export function readParameters(reader: Reader): Parameters {
  const shape = readLevel(reader);
  const weightUses = reader.u16("weight uses");
  const dataUses = reader.u16("data uses");
  const numLevels = reader.u8("number of levels");
  if (numLevels > MAX_LEVELS) reader.notCanonical("number of levels");
  const levels: Level[] = [];
  for (let index = 0; index < numLevels; index++) levels.push(readLevel(reader));
  return { ...shape, weightUses, dataUses, levels };
}

function readLevel(reader: Reader): Level {
  return {
    logColumns: reader.u8("columns"),
    logLength: reader.u8("length"),
    queries: reader.u16("queries"),
    grindBits: reader.u8("bits of work"),
  };
}

/** Uniform cells of a row that is opened `uses` times. */
export function uniformCells(uses: number, queries: number): number {
  return (uses * queries) % 2 === 1 ? uses * queries : uses * queries + 1;
}

/** t */
export function maxUniformCells(parameters: Parameters): number {
  return uniformCells(Math.max(parameters.weightUses, parameters.dataUses, 1), parameters.queries);
}

/** D + t */
export function vectorLength(parameters: Parameters): number {
  return 2 ** parameters.logColumns + maxUniformCells(parameters);
}

/** Bits of the queries at rate (dimension / 2^logLength), with the work before them. */
export function queryBits(level: Level, dimension: number): number {
  const rate = dimension / 2 ** level.logLength;
  return level.queries * log2Down(2 / (1 + rate)) + level.grindBits;
}

/** 7.3, point 2. `budget` is B. */
export function checkParameters(parameters: Parameters, budget: number, weightsHidden: boolean): void {
  const rule = (holds: boolean, where: string): void => must(holds, "key.parameters", where);
  checkShape(parameters, rule);
  rule(parameters.dataUses >= 1, "data uses");
  rule(maxUniformCells(parameters) <= 2 ** parameters.logColumns, "uniform cells");
  rule(vectorLength(parameters) < 2 ** parameters.logLength, "rate");
  rule(queryBits(parameters, vectorLength(parameters)) >= MIN_BITS, "bits of queries");
  checkLevels(parameters, rule);
  if (weightsHidden) rule(1 <= budget && budget < parameters.weightUses, "budget");
  else rule(budget === 0 && parameters.weightUses === 0, "budget of public weights");
}

type Rule = (holds: boolean, where: string) => void;

function checkShape({ logColumns, logLength, queries, grindBits }: Level, rule: Rule): void {
  rule(1 <= logColumns && logColumns <= 19, "columns");
  rule(logColumns < logLength && logLength <= 21, "length");
  rule(1 <= queries && queries <= 2 ** (logLength - 1), "queries");
  rule(grindBits <= 30, "bits of work");
}

function checkLevels(parameters: Parameters, rule: Rule): void {
  let committed = vectorLength(parameters);
  for (const level of parameters.levels) {
    const dimension = 2 ** level.logColumns + 1;
    checkShape(level, rule);
    rule(level.logColumns < bits(committed), "a level's columns");
    rule(dimension < 2 ** level.logLength, "a level's rate");
    rule(queryBits(level, dimension) >= MIN_BITS, "a level's bits of queries");
    committed = 2 ** level.logColumns;
  }
}
