import { describe, expect, it, vi } from "vitest";
import type { ProofPlan } from "../claims/plan.ts";
import { Relation } from "../claims/relation.ts";
import { add, type Ext, inv, mul, ONE, ZERO } from "../field/ext.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { eqAtIndex } from "../poly/eq.ts";
import { type CombinedClaim, combineClaims } from "./claims.ts";
import { layoutStack, tensorRows } from "./stackLayout.ts";

/** 5^4 rows of keys, which padding makes 8^4. */
const AXES = [5, 5, 5, 5, 16];
const LOG_COLUMNS = 4;
const plan: ProofPlan = {
  tensors: [{ name: "x", axes: AXES, holder: "advice" }],
  sections: [],
  layers: [],
  equalities: [],
};
const layout = layoutStack(plan, 0, {
  logColumns: LOG_COLUMNS,
  logLength: 8,
  queries: 2,
  grindBits: 0,
  weightUses: 0,
  dataUses: 1,
  levels: [],
});
const KEY_BITS = 12;
const point = seededExts(1, KEY_BITS + LOG_COLUMNS);
const other = seededExts(2, KEY_BITS + LOG_COLUMNS);
const lambda: Ext = [3, 5, 7, 11];
const rows = tensorRows(AXES, LOG_COLUMNS);

function relationOf(terms: readonly { readonly point: readonly Ext[]; readonly factor: Ext }[]): Relation {
  const relation = new Relation("test");
  for (const term of terms) relation.terms.push({ tensor: 0, ...term });
  return relation;
}

function combine(relations: readonly Relation[]): CombinedClaim {
  return combineClaims(plan, layout, relations, lambda, ZERO);
}

/** Σ over groups of row weight · column vector at rho, for one row. */
function weightOf({ groups }: CombinedClaim, row: number, rho: readonly Ext[]): Ext {
  return groups.reduce((sum, { columns, rows: own }) => {
    const weight = own.get(row);
    return weight === undefined ? sum : add(sum, mul(weight, columns.evaluate(rho)));
  }, ZERO);
}

describe("a claim about a tensor of many rows", () => {
  const rho = seededExts(3, LOG_COLUMNS);
  const columnAt = (at: readonly Ext[]): Ext =>
    weightOf(combine([relationOf([{ point: at, factor: ONE }])]), layout.tensorRow.get(0) as number, rho);

  it("gives each stored row eq at its key, from terms of one point and of others", () => {
    const [a, b, c] = seededExts(4, 3);
    const combined = combine([
      relationOf([
        { point, factor: a },
        { point: other, factor: b },
      ]),
      relationOf([{ point: [...point], factor: c }]),
    ]);
    const first = layout.tensorRow.get(0) as number;
    const keyOf = (at: readonly Ext[], key: number): Ext => eqAtIndex(at.slice(0, KEY_BITS), key);
    const share = (at: readonly Ext[]): Ext => mul(columnAt(at), inv(keyOf(at, rows[0].key)));
    const shares = [share(point), share(other)];
    for (const [i, { key }] of rows.entries()) {
      const here = mul(keyOf(point, key), mul(shares[0], add(a, mul(lambda, c))));
      const there = mul(keyOf(other, key), mul(shares[1], b));
      expect(weightOf(combined, first + i, rho), `row ${i}`).toEqual(add(here, there));
    }
  });

  it("is spread over the rows once for each point, however many terms there are", () => {
    const numTerms = 400;
    const relation = relationOf(Array.from({ length: numTerms }, () => ({ point, factor: ONE })));
    const set = vi.spyOn(Map.prototype, "set");
    combine([relation]);
    const { length } = set.mock.calls;
    set.mockRestore();
    expect(length).toBeGreaterThanOrEqual(rows.length);
    expect(length).toBeLessThan(2 * (rows.length + numTerms));
  });
});
