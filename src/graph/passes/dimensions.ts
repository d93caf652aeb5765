/** Lengths that a file leaves open, set from outside. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { DraftDimension, DraftInput, GraphDraft } from "../draft.ts";

/** By the name of a symbolic length, or "input:axis" for an axis of an input (counted from 0, the batch included). */
export type Dimensions = ReadonlyMap<string, number>;

/** Axes of more elements than this are no model's. */
const MAX_LENGTH = 2 ** 24;

const isOpen = (length: DraftDimension): boolean => typeof length !== "number" || length < 1;

/** What may be set: the names of symbolic lengths, and every open axis by its place. */
function openLengths(inputs: readonly DraftInput[]): string[] {
  const names = new Set<string>();
  for (const { name, shape = [] } of inputs) {
    shape.forEach((length, axis) => {
      if (!isOpen(length)) return;
      names.add(typeof length === "string" && length !== "" ? length : `${name}:${axis}`);
    });
  }
  return [...names];
}

function invalid(key: string, message: string): TensorproofError {
  return new TensorproofError("options.invalid", `dimension "${key}": ${message}`, { where: key });
}

function lengthOf(
  dimensions: Dimensions,
  name: string,
  axis: number,
  length: DraftDimension,
): DraftDimension {
  if (!isOpen(length)) return length;
  const named = typeof length === "string" ? dimensions.get(length) : undefined;
  return dimensions.get(`${name}:${axis}`) ?? named ?? length;
}

/**
 * The draft with open lengths of its inputs set; those that are not named stay open.
 *
 * @throws TensorproofError `options.invalid` for a length that is no whole number from 1, and for a name that the model
 * does not leave open
 */
export function withDimensions(draft: GraphDraft, dimensions: Dimensions): GraphDraft {
  if (dimensions.size === 0) return draft;
  const open = new Set(openLengths(draft.inputs));
  const places = new Set(
    draft.inputs.flatMap(({ name, shape = [] }) =>
      shape.flatMap((length, axis) => (isOpen(length) ? [`${name}:${axis}`] : [])),
    ),
  );
  for (const [key, length] of dimensions) {
    if (!Number.isSafeInteger(length) || length < 1 || length > MAX_LENGTH)
      throw invalid(key, `expected a whole number from 1 to ${MAX_LENGTH}, got ${length}`);
    if (open.has(key) || places.has(key)) continue;
    const known =
      open.size === 0
        ? "all lengths of the model are fixed"
        : `open are ${[...open].map((name) => `"${name}"`).join(", ")}`;
    throw invalid(key, `the model has no such open length; ${known}`);
  }
  const inputs = draft.inputs.map((input): DraftInput => {
    const shape = input.shape?.map((length, axis) => lengthOf(dimensions, input.name, axis, length));
    return { ...input, shape };
  });
  return { ...draft, inputs };
}
