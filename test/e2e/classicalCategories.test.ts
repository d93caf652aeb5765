import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readDataFile } from "../../src/data/readDataFile.ts";
import { compiled, proveTable, tableOf } from "./classicalRun.ts";

const VECTORS = new URL("../vectors/classical/", import.meta.url);
const read = (name: string): Uint8Array => readFileSync(new URL(name, VECTORS));

it("trees that split by category: the library's predictions are proven, the sets hidden", async () => {
  const [{ shape, data }] = readDataFile(read("category_rows.csv"), "category_rows.csv").tensors;
  const rows = Array.from({ length: shape[0] }, (_, i) =>
    Array.from(data.slice(i * shape[1], (i + 1) * shape[1])),
  );
  const samples = tableOf(rows);
  const program = await compiled(read("xgb_categories.json"), "xgb_categories.json", samples);
  const { verdict, output, tampered } = proveTable(program, samples);
  expect(verdict).toMatchObject({ ok: true });
  expect(tampered.ok).toBe(false);
  const expected = JSON.parse(new TextDecoder().decode(read("categories.json"))).xgb_categories;
  expect(output).toHaveLength(expected.length);
  output.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(1e-4);
  });
});
