/**
 * Whether two statements speak about the same hidden values: docs/spec/09-epochs.md, 9.6, "Link".
 */
import { hex } from "./bytes.ts";
import type { CheckedKey } from "./checkedKey.ts";
import { inferencePlan } from "./inferencePlan.ts";
import { type Parameters, queryBits, vectorLength } from "./parameters.ts";
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
  /** Of the key that it was made for. */
  readonly parameters: Parameters;
}

const MIN_BITS = 100;

export function checkLink(first: LinkEnd, second: LinkEnd, certified: readonly DataLink[]): void {
  const firstRoot = rootOf(first);
  const [own, other] = [first.key.file.parameters, second.key.file.parameters];
  // D and n are the same in all that follows, so the larger rate is that of the longer vector.
  const longest = Math.max(vectorLength(own), vectorLength(other));
  const suits = (parameters: Parameters): boolean =>
    parameters.logColumns === own.logColumns &&
    parameters.logLength === own.logLength &&
    queryBits(parameters, longest) >= MIN_BITS;
  must(suits(own) && suits(other), "link.parameters", "codes of the two keys");
  const secondRoot = rootOf(second);
  const axes = JSON.stringify(axesOf(first));
  must(JSON.stringify(axesOf(second)) === axes, "link.layout", "axes");
  must(
    placesOf(first).join() === placesOf(second).join(),
    "link.layout",
    "order of the values among the tensors",
  );
  const [values, others] = [valuesOf(first), valuesOf(second)];
  must(values.length === others.length, "link.layout", "number of values");
  for (const [index, { scale, zeroPoint, name }] of values.entries()) {
    const value = others[index]!;
    must(value.scale === scale && value.zeroPoint === zeroPoint, "link.scale", name);
  }
  const usable = certified.filter(
    (link) =>
      suits(link.parameters) &&
      vectorLength(link.parameters) <= longest &&
      JSON.stringify(link.axes) === axes,
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

/** For each value, the place of its plan tensor among those of the tree. */
function placesOf({ statement, key, side }: LinkEnd): number[] {
  const plan = inferencePlan(key.file.program, statement.visibilities, statement.batch);
  const held = [...plan.tensors.keys()].filter((id) => plan.tensors[id]!.holder === side);
  const values = side === "input" ? plan.inputTensors : plan.outputTensors;
  return values.map((id) => (id === undefined ? -1 : held.indexOf(id)));
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
