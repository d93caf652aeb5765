/** Tensors that are joined or compared must have one scale: the layers that produce them agree on it beforehand. */

import { activationForm } from "./activationScale.ts";
import type { Calibration } from "./calibration.ts";
import type { RealFunction, RealId, RealProgram, RealStep } from "./realProgram.ts";

/** The scale that the result of a step must have, by its id; absent where it is free. */
export type ScaleGroups = ReadonlyMap<RealId, number>;

class Classes {
  readonly #parent = new Map<RealId, RealId>();

  find(id: RealId): RealId {
    const parent = this.#parent.get(id) ?? id;
    if (parent === id) return id;
    const root = this.find(parent);
    this.#parent.set(id, root);
    return root;
  }

  join(a: RealId, b: RealId): void {
    this.#parent.set(this.find(a), this.find(b));
  }
}

/** The function whose results a step rounds to a scale of its own, null for a step that takes its input's. */
function requantisedFunction(step: RealStep | undefined): RealFunction | null {
  if (step?.exact === true) return null;
  if (step?.kind === "sum" || step?.kind === "product" || step?.kind === "contract")
    return step.activation?.function ?? null;
  return step?.kind === "function" ? step.function : null;
}

/**
 * Members of a group get the coarsest scale that one of them needs. What cannot choose its scale (an input, a mean) is in
 * no group and requantised where it is joined.
 */
export function unifyScales(
  program: RealProgram,
  calibration: Calibration,
  activationBits: number,
): ScaleGroups {
  const classes = new Classes();
  const grouped = new Set<RealId>();
  for (const step of program.steps) {
    switch (step.kind) {
      case "concat":
        for (const input of step.inputs) classes.join(input, step.id);
        grouped.add(step.id);
        break;
      case "max":
        classes.join(step.left, step.id);
        classes.join(step.right, step.id);
        grouped.add(step.id);
        break;
      case "maxPool":
      case "take":
      case "transpose":
      case "reshape":
        classes.join(step.input, step.id);
        break;
      default:
    }
  }
  const roots = new Set([...grouped].map((id) => classes.find(id)));
  const scales = new Map<RealId, number>();
  for (const step of program.steps) {
    const root = classes.find(step.id);
    const f = requantisedFunction(step);
    const result = calibration.reference.get(step.id)?.result;
    // What is 0 throughout has any scale.
    if (!roots.has(root) || f === null || result === undefined || result.every((value) => value === 0))
      continue;
    const { scale } = activationForm(f, result, activationBits, calibration.isReal).quant;
    scales.set(root, Math.max(scales.get(root) ?? 0, scale));
  }
  const groups = new Map<RealId, number>();
  for (const { id } of program.steps) {
    const scale = scales.get(classes.find(id));
    if (scale !== undefined) groups.set(id, scale);
  }
  return groups;
}
