import { expect, it } from "vitest";
import type { StatementValue } from "./statement.ts";
import { describes } from "./statementValues.ts";

const tensor = { name: "x", shape: [2, 3], range: { lo: 0, hi: 7 }, quant: { scale: 0.5, zeroPoint: 1 } };
const value: StatementValue = { ...tensor, values: null };

it("describes a tensor by its own name, shape, range and meaning", () => {
  expect(describes(value, tensor)).toBe(true);
});

it.each<[string, Partial<StatementValue>]>([
  ["name", { name: "y" }],
  ["first axes", { shape: [2] }],
  ["axes and more", { shape: [2, 3, 1] }],
  ["lengths", { shape: [3, 2] }],
  ["lower end", { range: { lo: 1, hi: 7 } }],
  ["upper end", { range: { lo: 0, hi: 8 } }],
  ["scale", { quant: { scale: 0.25, zeroPoint: 1 } }],
  ["zero point", { quant: { scale: 0.5, zeroPoint: 0 } }],
])("does not describe one of other %s", (_, change) => {
  expect(describes({ ...value, ...change }, tensor)).toBe(false);
});
