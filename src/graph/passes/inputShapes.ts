/** Per-sample shapes of the graph's inputs: which axis is the batch, and are all others fixed? */

import type { DraftDimension, DraftInput } from "../draft.ts";
import type { GraphValue } from "../graph.ts";
import type { GraphProblem } from "../problem.ts";

export interface InputReading {
  readonly batched: boolean;
  /** Per sample under this reading. */
  readonly inputs: readonly GraphValue[];
}

/**
 * The ways to read the inputs' shapes, the preferred one first: with the leading axis as the batch, where it is open or
 * 1 in every input, and with all axes as one sample, where all are fixed. Reports open lengths and returns no reading
 * if there are any besides the batch.
 */
export function readInputShapes(
  inputs: readonly DraftInput[],
  problems: GraphProblem[],
): readonly InputReading[] {
  const found: GraphProblem[] = [];
  const report = (where: string, reason: string): void => {
    found.push({ code: "model.dynamicShape", where, reason });
  };
  let someOpen = false;
  let someFixed: string | undefined;
  for (const { name, shape } of inputs) {
    if (shape === undefined) {
      report(name, "is an input without a declared shape; export the model with the shapes of its inputs");
      continue;
    }
    // A first length of 0 is how some exporters leave the batch open.
    if (shape.includes(0, 1)) {
      report(name, "is an input without elements, of which nothing can be computed; leave it out");
      continue;
    }
    if (!isFixed(shape[0])) someOpen = true;
    else if (shape[0] !== 1) someFixed ??= name;
    shape.forEach((length, axis) => {
      if (axis === 0 || isFixed(length)) return;
      const called = typeof length === "string" && length !== "" ? ` ("${length}")` : "";
      report(
        name,
        `is an input whose axis ${axis}${called} has no fixed length; say how long it is (--dims ` +
          `${typeof length === "string" && length !== "" ? length : `${name}:${axis}`}=<length>) or export the model with a ` +
          "number there; only the first axis, the batch, may stay open",
      );
    });
  }
  if (someOpen && someFixed !== undefined) {
    report(
      someFixed,
      "is an input with a fixed first axis while another input leaves its own open; export both alike",
    );
  }
  problems.push(...found);
  if (found.length > 0) return [];
  const shapes = inputs.map(({ shape }) => (shape ?? []).map((length) => (isFixed(length) ? length : 1)));
  const reading = (batched: boolean): InputReading => ({
    batched,
    inputs: inputs.map(({ name, type }, i) => ({ name, type, shape: shapes[i].slice(batched ? 1 : 0) })),
  });
  const mayBatch = someFixed === undefined && shapes.every((shape) => shape.length > 0);
  return [...(mayBatch ? [reading(true)] : []), ...(someOpen ? [] : [reading(false)])];
}

function isFixed(length: DraftDimension | undefined): length is number {
  return length === undefined || (typeof length === "number" && length > 0);
}
