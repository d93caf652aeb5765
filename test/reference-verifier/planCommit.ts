/**
 * Storing what is read: docs/spec/11-plan.md, 11.4: commit, materialise, flattened, plain, wholeChannels.
 */
import { type Holder, numCells, subtractExpressions, type Wire } from "./plan.ts";
import { hasWholeAxes, reshaped } from "./planAxes.ts";
import { hasLayers, lengthOf, ordered, place, type Reading } from "./planReading.ts";
import { type PlanState, withoutOnes } from "./planState.ts";

/** commit(id, R, shape, holder) */
function commit(
  state: PlanState,
  id: number,
  reading: Reading,
  shape: readonly number[],
  holder: Holder,
): { tensor: number; reading: Reading } {
  state.spendOn(reading);
  const { name } = state.program.tensors[id]!;
  const { axes, value } = place(reading);
  const tensor = state.builder.addTensor(name, [state.batch, ...withoutOnes(shape)], holder);
  const order = ordered(reading);
  const wires: Wire[] = [{ axes: [0] }];
  for (const [axis, length] of shape.entries()) {
    if (length === 1) continue;
    const group = reading.groups[axis]!;
    const positions = group.map((label) => order.indexOf(label));
    if (group.length === 1) wires.push({ axes: positions });
    else {
      state.spend(length);
      const digits = digitsOf(
        length,
        group.map((label) => lengthOf(reading, label)),
      );
      wires.push({ axes: positions, map: { from: range(length), to: digits } });
    }
  }
  const source = { kind: "tensor", tensor, wires } as const;
  const copy = { constant: 0n, terms: [{ factor: 1n, source }] };
  state.builder.equalities.push({
    name: `${name}: stored`,
    axes,
    expression: subtractExpressions(value, copy),
  });
  return { tensor, reading: state.storedReading(tensor, shape, true) };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

/** For each radix the digits of 0 … count − 1, the first radix most significant. */
function digitsOf(count: number, radices: readonly number[]): number[][] {
  return radices.map((radix, i) => {
    const unit = numCells(radices.slice(i + 1));
    return range(count).map((index) => Math.floor(index / unit) % radix);
  });
}

/** materialise(id, holder): the plan tensor. */
export function materialise(state: PlanState, id: number, holder: Holder): number {
  const { shape } = state.program.tensors[id]!;
  const { tensor, reading } = commit(state, id, state.reading(id), shape, holder);
  state.setReading(id, reading);
  return tensor;
}

/** flattened(id) */
export function flattened(state: PlanState, id: number): Reading {
  const shape = [numCells(state.program.tensors[id]!.shape)];
  return commit(state, id, reshaped(state, state.reading(id), shape), shape, "advice").reading;
}

/** plain(id, axes) */
export function plain(state: PlanState, id: number, axes: readonly number[]): Reading {
  const reading = state.reading(id);
  if (hasLayers(reading) || !hasWholeAxes(reading, axes)) materialise(state, id, "advice");
  return state.reading(id);
}

/** wholeChannels(id) */
export function wholeChannels(state: PlanState, id: number): Reading {
  const reading = state.reading(id);
  const last = reading.groups.length - 1;
  return reading.groups[last]!.length > 1 ? plain(state, id, [last]) : reading;
}
