import { type RealId, type RealProgram, type RealStep, stepInputs } from "../realProgram.ts";

/** Steps that hand integers on as they are. */
const PASSING: ReadonlySet<RealStep["kind"]> = new Set(["reshape", "transpose", "take"]);
/** Factors of products, what tables read and summands. */
const FINE_BITS = 12;
/** What is only summed up. */
const SUMMED_BITS = 16;

/** Reads integers of any width: by a table after a rounding, or as a summand. */
function readsWide(reader: RealStep, id: RealId): boolean {
  if (reader.exact === true) return false;
  return (
    reader.kind === "function" || (reader.kind === "sum" && reader.parts.every(({ input }) => input !== id))
  );
}

/**
 * Bits of the results that are rounded more finely than activations. Only operands of matrix products have to be small: their
 * sums grow with length and with both factors. What is multiplied element by element, looked up or added costs one lookup
 * whatever its bits are. So the sum that runs past all layers of a transformer, and the inside of a norm, are not as coarse as
 * what a matrix product reads.
 */
export function resultBits(program: RealProgram): ReadonlyMap<RealId, number> {
  const bits = new Map<RealId, number>();
  /** Values with a reader that would have to round them if they were wide. */
  const narrow = new Set(program.outputs.map(({ id }) => id));
  const bitsFor = (reader: RealStep, id: RealId): number => {
    if (PASSING.has(reader.kind)) return bits.get(reader.id) ?? 0;
    if (reader.kind === "windowSum") return narrow.has(reader.id) ? 0 : SUMMED_BITS;
    return readsWide(reader, id) || (reader.kind === "product" && reader.exact !== true) ? FINE_BITS : 0;
  };
  for (const { id } of program.outputs) bits.set(id, 0);
  for (const step of program.steps.toReversed()) {
    for (const id of stepInputs(step)) {
      bits.set(id, Math.min(bits.get(id) ?? SUMMED_BITS, bitsFor(step, id)));
      const isWide = PASSING.has(step.kind) ? !narrow.has(step.id) : readsWide(step, id);
      if (!isWide) narrow.add(id);
    }
  }
  return bits;
}
