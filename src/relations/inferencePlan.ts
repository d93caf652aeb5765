/** The plan of one batch of inferences, from public information alone. */
import type { PlanTensorId } from "../claims/plan.ts";
import type { TensorId } from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { checkEvaluationCost } from "./evaluationCost.ts";
import { expression, wholeTensor } from "./expressions.ts";
import type { AnnotatedPlan } from "./planBuilder.ts";
import { planOperator } from "./planOperator.ts";
import { PlanState } from "./planState.ts";
import { storedShapes } from "./programLayout.ts";
import { proveRange } from "./range/plan.ts";
import { storedReading } from "./reading.ts";
import { PART_COST } from "./tableLimits.ts";
import type { Visibilities } from "./visibility.ts";

export interface InferencePlan extends AnnotatedPlan {
  /** Plan tensor of each constant. */
  readonly constants: readonly PlanTensorId[];
  /** Plan tensor of each program input. */
  readonly inputs: readonly PlanTensorId[];
  /** Plan tensor of each program output; null for what no operator stores and the statement does not show. */
  readonly outputs: readonly (PlanTensorId | null)[];
}

interface RememberedPlan {
  readonly request: string;
  readonly plan: InferencePlan;
}

/** The last plan of each program: tables of many rows take longer to make than a proof to verify. */
const lastPlans = new WeakMap<ProgramStructure, RememberedPlan>();

/** @throws TensorproofError `program.unsupportedLayout`, `program.rangeTooLarge`, `program.tablesTooLarge` */
export function planInference(
  program: ProgramStructure,
  visibilities: Visibilities,
  batch: number,
): InferencePlan {
  const request = `${visibilities.input} ${visibilities.weights} ${visibilities.output} ${batch}`;
  const last = lastPlans.get(program);
  if (last?.request === request) return last.plan;
  const plan = planProgram(new PlanState(program, visibilities, batch, constantAxes(program)));
  checkEvaluationCost(plan.plan);
  lastPlans.set(program, { request, plan });
  return plan;
}

/** To find them takes a plan, and every plan of a program asks for them. */
const knownAxes = new WeakMap<ProgramStructure, (readonly number[])[]>();

/** Axes of every constant, in the program's order, as the operators that read it lay it out. */
export function constantAxes(program: ProgramStructure): readonly (readonly number[])[] {
  let axes = knownAxes.get(program);
  if (axes === undefined) {
    const visibilities = { input: "public", weights: "private", output: "private" } as const;
    const state = new PlanState(program, visibilities, 1, null);
    planProgram(state);
    axes = state.usedAxes;
    knownAxes.set(program, axes);
  }
  return axes;
}

function planProgram(state: PlanState): InferencePlan {
  const { program, builder, readings, stored } = state;
  const numParts = program.inputs.length + program.operators.length + program.constants.length;
  state.labels.spend(PART_COST * numParts, "program");
  const shapes = storedShapes(program, state.roots);
  for (const id of program.inputs) planInput(state, id, shapes[id]);
  for (const operator of program.operators) readings[operator.output] = planOperator(state, operator);
  const outputs = program.outputs.map((id) => planOutput(state, id));
  const inputs = program.inputs.map((id) => stored.get(id) as PlanTensorId);
  return {
    ...builder.finish(state.layers, state.accumulators, state.equalities),
    constants: state.constants,
    inputs,
    outputs,
  };
}

/** `shape`: in which it is stored. */
function planInput(state: PlanState, id: TensorId, shape: readonly number[]): void {
  const { name, range } = state.program.tensors[id];
  const groups = shape.map((length) => (length === 1 ? [] : [length]));
  const axes = [state.batch, ...groups.flat()];
  const holder = state.holderOf(state.visibilities.input, "input");
  const tensor = state.builder.addTensor(name, axes, holder, { kind: "tensor", tensor: id });
  state.stored.set(id, tensor);
  state.readings[id] = storedReading(state.labels, tensor, state.batch, groups, true);
  // Public inputs are compared with the range by the verifier.
  if (holder === "public") return;
  const offset = expression(-range.lo, [1, wholeTensor(tensor, axes)]);
  proveRange(state.builder, `${name}: input range`, axes, offset, range.hi - range.lo + 1);
}

function planOutput(state: PlanState, id: TensorId): PlanTensorId | null {
  const root = state.roots[id];
  const isInput = root < state.program.inputs.length;
  const known = state.stored.get(root);
  if (known !== undefined && !isInput) return known;
  if (state.visibilities.output === "private") return null;
  return state.materialise(id, state.holderOf(state.visibilities.output, "output"));
}
