/** The least length of a payload, by the sizes of its parts (docs/spec, 7.5 and 6b.6). */
import { expect, it } from "vitest";
import type { CommitmentParameters } from "../commitment/parameters.ts";
import type { StackLayout } from "../commitment/stackLayout.ts";
import { minimumPayloadBytes } from "./payload.ts";

const EXT = 16;
const WORD = 4;
const HASH = 32;

const parameters: CommitmentParameters = {
  logColumns: 3,
  logLength: 7,
  queries: 5,
  grindBits: 1,
  weightUses: 0,
  dataUses: 1,
  levels: [],
};
const tree = { name: "advice", firstRow: 0, numRows: 17, randomCells: 5 } as const;

function layout(levels: CommitmentParameters["levels"]): StackLayout {
  return {
    parameters: { ...parameters, levels },
    trees: [tree, { ...tree, name: "input" }],
    tensorRow: new Map(),
    tensorColumn: new Map(),
    firstPadRow: 0,
    numPadRows: 1,
    firstMaskRow: 4,
    numRows: 34,
  };
}

/** Root, scalars with the masks' sum, rounds of 3 variables with E1, nonce; five columns of 34 words with a salt for each tree. */
const HEAD = HASH + EXT * (20 + 1) + EXT * (2 * 3 + 1) + WORD;
const COLUMNS = 5 * (WORD * 34 + HASH * 2);

it("without levels: the vector of 8 cells and 5 uniform ones in clear", () => {
  expect(minimumPayloadBytes(layout([]), 20)).toBe(HEAD + COLUMNS + EXT * 13);
});

it("with two levels: roots in place of all vectors but the last", () => {
  const levels = [
    { logColumns: 2, logLength: 5, queries: 7, grindBits: 0 },
    { logColumns: 1, logLength: 4, queries: 3, grindBits: 0 },
  ];
  // 13 elements in 4 rows of 4, 4 variables; then 4 elements in 2 rows of 2, 2 variables.
  const first = EXT * (2 * 4 + 1) + HASH + WORD + 7 * EXT * 4;
  const second = EXT * (2 * 2 + 1) + EXT * 2 + WORD + 3 * EXT * 2;
  expect(minimumPayloadBytes(layout(levels), 20)).toBe(HEAD + COLUMNS + HASH + first + second);
});
