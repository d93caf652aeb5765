/**
 * Whether two statements speak about the same hidden values: docs/spec/09-epochs.md, 9.6, "Link".
 */
import { hex } from "./bytes.ts";
import type { CheckedKey } from "./checkedKey.ts";
import { inferencePlan } from "./inferencePlan.ts";
import { must, refuse } from "./refusal.ts";
import type { StatedValue, Statement } from "./statement.ts";

/** The committed inputs or outputs of a statement that was accepted with this key. */
export interface LinkEnd {
  readonly statement: Statement;
  readonly key: CheckedKey;
  readonly side: "input" | "output";
}

/** What a certificate of data says that was checked. */
export interface DataLink {
  readonly parentRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly axes: readonly (readonly number[])[];
  readonly logColumns: number;
}

export function checkLink(first: LinkEnd, second: LinkEnd, certified: readonly DataLink[]): void {
  const firstRoot = rootOf(first);
  const { logColumns } = first.key.file.parameters;
  must(second.key.file.parameters.logColumns === logColumns, "link.parameters", "length of rows");
  const secondRoot = rootOf(second);
  const axes = JSON.stringify(axesOf(first));
  must(JSON.stringify(axesOf(second)) === axes, "link.layout", "axes");
  const [values, others] = [valuesOf(first), valuesOf(second)];
  must(values.length === others.length, "link.layout", "number of values");
  for (const [index, { scale, zeroPoint, name }] of values.entries()) {
    const other = others[index]!;
    must(other.scale === scale && other.zeroPoint === zeroPoint, "link.scale", name);
  }
  const usable = certified.filter(
    (link) => link.logColumns === logColumns && JSON.stringify(link.axes) === axes,
  );
  must(connected(hex(firstRoot), usable).has(hex(secondRoot)), "link.root", "roots");
}

function rootOf({ statement, side }: LinkEnd): Uint8Array {
  const root = side === "input" ? statement.inputRoot : statement.outputRoot;
  if (root === undefined) refuse("link.commitment", side);
  return root;
}

function valuesOf({ statement, side }: LinkEnd): readonly StatedValue[] {
  return side === "input" ? statement.inputs : statement.outputs;
}

/** Axes of the tensors in the tree, in plan order. */
function axesOf({ statement, key, side }: LinkEnd): (readonly number[])[] {
  const plan = inferencePlan(key.file.program, statement.visibilities, statement.batch);
  return plan.tensors.filter(({ holder }) => holder === side).map(({ axes }) => axes);
}

/** All roots that certificates connect with this one, in either direction. */
function connected(root: string, links: readonly DataLink[]): Set<string> {
  const roots = new Set([root]);
  for (let size = 0; size !== roots.size; ) {
    size = roots.size;
    for (const link of links) {
      const ends = [hex(link.parentRoot), hex(link.root)];
      if (ends.some((end) => roots.has(end))) for (const end of ends) roots.add(end);
    }
  }
  return roots;
}
