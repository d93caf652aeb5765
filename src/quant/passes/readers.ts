import { type RealId, type RealProgram, type RealStep, stepInputs } from "../realProgram.ts";

/** How often each value is read, by steps or as an output. */
export function countReaders(program: RealProgram): ReadonlyMap<RealId, number> {
  const counts = new Map<RealId, number>();
  const read = (id: RealId): void => {
    counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  for (const step of program.steps) stepInputs(step).forEach(read);
  for (const { id } of program.outputs) read(id);
  return counts;
}

/** Without steps that nothing needs. */
export function withoutDeadSteps(program: RealProgram): RealProgram {
  const needed = new Set(program.outputs.map(({ id }) => id));
  for (const step of program.steps.toReversed()) {
    if (needed.has(step.id)) for (const id of stepInputs(step)) needed.add(id);
  }
  return { ...program, steps: program.steps.filter(({ id }) => needed.has(id)) };
}

/**
 * Replaces steps in order. `rewrite` sees a step and may return another one of the same id that takes in the work of
 * steps before it; those that nothing reads any more are dropped.
 */
export function rewriteSteps(
  program: RealProgram,
  rewrite: (step: RealStep, producer: (id: RealId) => RealStep | undefined) => RealStep,
): RealProgram {
  const counts = countReaders(program);
  const byId = new Map<RealId, RealStep>();
  const onlyReader = (id: RealId): RealStep | undefined => (counts.get(id) === 1 ? byId.get(id) : undefined);
  const steps = program.steps.map((step) => {
    const rewritten = rewrite(step, onlyReader);
    byId.set(step.id, rewritten);
    return rewritten;
  });
  return withoutDeadSteps({ ...program, steps });
}
