/** Sums of sums become one sum, and the function after a sum or product its activation: requantised once, not twice. */

import { composed } from "../realFunction.ts";
import type { FunctionStep, RealId, RealProgram, RealStep, SumStep, SumTerm } from "../realProgram.ts";
import { affineSum, scaledPart } from "./foldAffine.ts";
import { countReaders, rewriteSteps } from "./readers.ts";

type Producer = (id: RealId) => RealStep | undefined;

function mergedSum(step: SumStep, producer: Producer): SumStep {
  let { parts } = step;
  const terms: SumTerm[] = [];
  for (const term of step.terms) {
    const before = producer(term.input);
    if (before?.kind !== "sum" || before.activation !== null || before.exact !== step.exact) {
      terms.push(term);
      continue;
    }
    const { factor } = term;
    parts = [...parts, ...before.parts.map((part) => scaledPart(part, () => factor))];
    terms.push(...before.terms.map(({ input, factor: inner }) => ({ input, factor: inner * factor })));
  }
  return { ...step, parts, terms };
}

/** Steps that can end in a function. */
const ACTIVATED: ReadonlySet<RealStep["kind"]> = new Set(["sum", "product", "contract"]);

function activated(step: FunctionStep, producer: Producer): RealStep {
  const before = producer(step.input);
  if (before === undefined || !ACTIVATED.has(before.kind) || before.exact === true || step.exact === true)
    return step;
  if (
    (before.kind !== "sum" && before.kind !== "product" && before.kind !== "contract") ||
    before.activation !== null
  )
    return step;
  const { id, result, name } = step;
  const f = step.function;
  if (before.kind === "sum" && f.kind === "map" && f.split !== undefined) {
    const { factor, offset } = f.split.first;
    const sum = affineSum(
      before,
      () => factor,
      () => offset,
      `${name} (offset)`,
    );
    if (sum !== null) {
      const sums = `${before.sums} (scaled)`;
      return { ...sum, id, result, sums, activation: { name, function: f.split.rest } };
    }
  }
  if (f.kind === "affine") return step;
  return { ...before, id, result, activation: { name, function: f } };
}

/**
 * A function may trade places with a step before it that only moves elements, and one that never falls with a maximum:
 * then it stands next to the sum that feeds both.
 */
function hoisted(program: RealProgram): RealProgram {
  const steps = [...program.steps];
  const counts = countReaders(program);
  const position = new Map(steps.map((step, index) => [step.id, index]));
  for (let index = 0; index < steps.length; index++) {
    for (let at = index; ; ) {
      const step = steps[at];
      if (step.kind !== "function") break;
      const before = position.get(step.input) ?? -1;
      const passed = steps[before];
      const moves = passed?.kind === "reshape" || passed?.kind === "transpose";
      const compares = passed?.kind === "maxPool" && step.function.kind === "clamp";
      if ((!moves && !compares) || counts.get(passed.id) !== 1) break;
      const { input } = passed;
      const inputShape = shapeOf(program, steps, position, input);
      // Both results are the function's now.
      const { exact: _, ...moving } = passed;
      const exactness = step.exact === true ? { exact: true as const } : {};
      steps[at] = {
        ...moving,
        ...exactness,
        id: step.id,
        result: step.result,
        shape: step.shape,
        input: passed.id,
      };
      steps[before] = {
        ...step,
        id: passed.id,
        result: `${step.result} (earlier)`,
        shape: inputShape,
        input,
      };
      at = before;
    }
  }
  return { ...program, steps };
}

function shapeOf(
  program: RealProgram,
  steps: readonly RealStep[],
  position: ReadonlyMap<RealId, number>,
  id: RealId,
): readonly number[] {
  const index = position.get(id);
  if (index !== undefined) return steps[index].shape;
  const input = program.inputs.find((given) => given.id === id);
  if (input === undefined) throw new RangeError(`value ${id} does not exist`);
  return input.shape;
}

/** Functions of functions are one. */
function joined(step: FunctionStep, producer: Producer): FunctionStep {
  const before = producer(step.input);
  if (before?.kind !== "function") return step;
  // A comparison of wide integers is no table: what follows reads its result.
  if (before.function.kind === "map" && before.function.test !== undefined) return step;
  return { ...step, input: before.input, function: composed(before.function, step.function) };
}

export function fuse(program: RealProgram): RealProgram {
  const withSums = rewriteSteps(program, (step, producer) =>
    step.kind === "sum" && step.activation === null ? mergedSum(step, producer) : step,
  );
  const withFunctions = rewriteSteps(hoisted(withSums), (step, producer) =>
    step.kind === "function" ? joined(step, producer) : step,
  );
  return rewriteSteps(withFunctions, (step, producer) =>
    step.kind === "function" ? activated(step, producer) : step,
  );
}
