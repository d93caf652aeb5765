import type { RealFunction, RealId, RealProgram, RealStep } from "../realProgram.ts";
import { stepInputs } from "../realProgram.ts";

const IDENTITY: RealFunction = {
  kind: "clamp",
  lo: Number.NEGATIVE_INFINITY,
  hi: Number.POSITIVE_INFINITY,
};

/** Steps that read wide sums as they are. */
const READING_SCORES: ReadonlySet<RealStep["kind"]> = new Set([
  ...(["argmax", "softmax", "trees", "wideLinear", "wideQuadratic"] as const),
]);
/** Steps that hand wide sums on as they are. */
const PASSING: ReadonlySet<RealStep["kind"]> = new Set(["reshape", "transpose"]);

/** Multiples, and sums with a mask: what only becomes a score through them is wide and stays so. */
function passesScores(step: RealStep, isConstant: (id: RealId) => boolean): boolean {
  if (step.kind === "function") return step.function.kind === "affine" && step.function.offset === 0;
  if (step.kind !== "sum" || step.activation !== null || step.parts.length > 0) return false;
  return step.terms.filter(({ input }) => !isConstant(input)).length === 1;
}

/**
 * Sums and products are wide. What reads one, other than as scores, needs it as a small integer: it gets the identity as
 * its activation, which becomes a requantisation. A Softmax rounds what it reads more finely than that.
 */
export function narrow(program: RealProgram): RealProgram {
  const needed = new Set<RealId>();
  const constants = new Set(program.steps.flatMap(({ kind, id }) => (kind === "constant" ? [id] : [])));
  const isConstant = (id: RealId): boolean => constants.has(id);
  const steps = program.steps.toReversed().map((step): RealStep => {
    const readsScores = READING_SCORES.has(step.kind) || (step.kind === "function" && step.exact === true);
    const passes = PASSING.has(step.kind) || passesScores(step, isConstant);
    if (!readsScores && (!passes || needed.has(step.id))) for (const id of stepInputs(step)) needed.add(id);
    if (step.kind !== "sum" && step.kind !== "product" && step.kind !== "contract") return step;
    if (step.activation !== null || step.exact === true || !needed.has(step.id)) return step;
    return { ...step, activation: { name: `${step.name} (requantise)`, function: IDENTITY } };
  });
  return { ...program, steps: steps.toReversed() };
}
