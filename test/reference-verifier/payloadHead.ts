/**
 * The head of a payload: docs/spec/07-files.md, 7.5; with levels of recursion 06b-recursive-opening.md, 6b.6.
 */
import type { Reader } from "./bytes.ts";
import type { Round } from "./columns.ts";
import type { K } from "./field.ts";
import { leastLevelBytes } from "./levels.ts";
import type { OpeningHead } from "./opening.ts";
import { type Parameters, vectorLength } from "./parameters.ts";
import type { Stack } from "./stack.ts";

export interface PayloadHead {
  readonly adviceRoot: Uint8Array;
  /** 0 where the plan asks for no lookup work: then it is not in the bytes. */
  readonly lookupNonce: number;
  readonly scalars: readonly K[];
  readonly opening: OpeningHead;
}

export function readHead(
  reader: Reader,
  numScalars: number,
  lookupBits: number,
  parameters: Parameters,
): PayloadHead {
  const adviceRoot = reader.take(32, "advice root");
  const lookupNonce = lookupBits > 0 ? reader.u32("lookup nonce") : 0;
  const scalars = reader.extensions(numScalars, "scalars");
  return { adviceRoot, lookupNonce, scalars, opening: readOpeningHead(reader, parameters) };
}

/** What must be there before anything of a payload is read. */
export function leastBytes(scalars: number, stack: Stack, parameters: Parameters): number {
  const { logColumns, queries, levels } = parameters;
  const vector = levels.length > 0 ? 32 : 16 * vectorLength(parameters);
  const fixed = 32 + 16 * (scalars + 2 + 2 * logColumns) + vector + 4;
  const columns = queries * (4 * stack.numRows + 32 * stack.trees.length);
  return fixed + columns + leastLevelBytes(parameters);
}

function readOpeningHead(reader: Reader, parameters: Parameters): OpeningHead {
  const [maskSum] = reader.extensions(1, "mask sum");
  const rounds: Round[] = [];
  for (let round = 0; round < parameters.logColumns; round++) {
    const [c0, c2] = reader.extensions(2, `round ${round}`);
    rounds.push([c0!, c2!]);
  }
  const [proximity] = reader.extensions(1, "E1");
  const vector =
    parameters.levels.length > 0
      ? reader.take(32, "vector root")
      : reader.extensions(vectorLength(parameters), "vector");
  const nonce = reader.u32("nonce");
  return { maskSum: maskSum!, rounds, proximity: proximity!, vector, nonce };
}
