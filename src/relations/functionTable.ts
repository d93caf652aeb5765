/** Lookup tables of functions on small domains. */
import { fromInteger } from "../field/m31.ts";
import type { IntFunction } from "../program/program.ts";
import { expression } from "./expressions.ts";
import type { PlanBuilder } from "./planBuilder.ts";

/** Tag of the table of all (z, f(z)); operators with the same function share it. */
export function functionTable(builder: PlanBuilder, f: IntFunction): number {
  const { lo, hi } = f.domain;
  const numRows = hi - lo + 1;
  // Made when first read: a verifier must refuse what is too short or too weak before it pays for a table.
  let results: Uint32Array | undefined;
  const rows = {
    kind: "values",
    get values(): Uint32Array {
      results ??= residues(f, numRows);
      return results;
    },
  } as const;
  const key = f.map.kind === "clamp" ? `clamp ${f.map.lo} ${f.map.hi}` : `values ${f.map.values.join()}`;
  const z = expression(lo, [1, { kind: "index", axis: 0 }]);
  const y = expression(0, [1, rows]);
  return builder.table(`function on [${lo}, ${hi}]: ${key}`, [z, y], {
    kind: "affine",
    factors: [1, 0],
    constant: fromInteger(-lo),
    numRows,
  });
}

function residues(f: IntFunction, numRows: number): Uint32Array {
  const rows = new Uint32Array(numRows);
  for (let i = 0; i < numRows; i++) rows[i] = fromInteger(evaluate(f, f.domain.lo + i));
  return rows;
}

function evaluate(f: IntFunction, z: number): number {
  if (f.map.kind === "clamp") return Math.min(Math.max(z, f.map.lo), f.map.hi);
  return f.map.values[z - f.domain.lo];
}
