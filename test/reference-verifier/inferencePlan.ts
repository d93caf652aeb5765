/**
 * The plan of an inference proof: docs/spec/11-plan.md, 11.5.
 */
import { residue } from "./field.ts";
import {
  addConstant,
  type Holder,
  type InferencePlan,
  type Visibilities,
  type Visibility,
  wholeTensor,
} from "./plan.ts";
import { materialise } from "./planCommit.ts";
import { checkEvaluationCost } from "./planCost.ts";
import { planOperator } from "./planOperator.ts";
import { proveRange } from "./planRange.ts";
import { PlanState, withoutOnes } from "./planState.ts";
import { inputsOf, type Program, rootOf } from "./program.ts";

/** Steps 1 to 6 and the cost of evaluation. */
export function inferencePlan(program: Program, visibilities: Visibilities, batch: number): InferencePlan {
  const axes = constantAxes(program);
  const state = new PlanState(program, batch, holderOf(visibilities.output, "output"));
  const { inputTensors, outputTensors } = addAll(state, visibilities, axes);
  const plan = state.builder.finish();
  checkEvaluationCost(plan);
  return { ...plan, constantTensors: state.constants, inputTensors, outputTensors };
}

/** Step 1: the axes under which every constant is read. */
export function constantAxes(program: Program): number[][] {
  const state = new PlanState(program, 1, "advice");
  const ownShapes = program.constants.map(({ shape }) => shape);
  addAll(state, { input: "public", weights: "private", output: "private" }, ownShapes);
  return state.constantAxes;
}

function holderOf(visibility: Visibility, tree: "input" | "output"): Holder {
  if (visibility === "public") return "public";
  return visibility === "committed" ? tree : "advice";
}

/** Steps 2 to 5. */
function addAll(
  state: PlanState,
  visibilities: Visibilities,
  axesOfConstants: readonly (readonly number[])[],
): { inputTensors: number[]; outputTensors: (number | undefined)[] } {
  const { program, builder } = state;
  const weightHolder = visibilities.weights === "public" ? "public" : "weights";
  for (const [index, { name }] of program.constants.entries()) {
    state.constants.push(builder.addTensor(name, axesOfConstants[index]!, weightHolder));
  }
  const parts = program.numInputs + program.operators.length + program.constants.length;
  state.spend(256 * parts);
  const inputTensors: number[] = [];
  for (let input = 0; input < program.numInputs; input++) {
    inputTensors.push(addInput(state, input, holderOf(visibilities.input, "input")));
  }
  for (const [index, operator] of program.operators.entries()) {
    planOperator(state, operator, program.numInputs + index);
  }
  const outputTensors = program.outputs.map((output) => {
    const stored = state.stored.get(rootOf(program, output));
    if (stored !== undefined) return stored;
    if (visibilities.output === "private") return undefined;
    return materialise(state, output, holderOf(visibilities.output, "output"));
  });
  return { inputTensors, outputTensors };
}

function addInput(state: PlanState, input: number, holder: Holder): number {
  const { program, builder, batch } = state;
  const { name, range } = program.tensors[input]!;
  const shape = storedShape(program, input);
  const axes = [batch, ...withoutOnes(shape)];
  const tensor = builder.addTensor(name, axes, holder);
  state.setReading(input, state.storedReading(tensor, shape, true));
  if (holder !== "public") {
    const fromZero = addConstant(wholeTensor(tensor, axes.length), residue(-range.lo));
    proveRange(builder, `${name}: input range`, axes, fromZero, Number(range.hi - range.lo) + 1);
  }
  return tensor;
}

/** The only shape under which operators other than reshape read an input, or its own. */
function storedShape(program: Program, input: number): readonly number[] {
  const own = program.tensors[input]!.shape;
  if (program.outputs.includes(input)) return own;
  const shapes = new Map<string, readonly number[]>();
  for (const operator of program.operators) {
    if (operator.kind === "reshape") continue;
    for (const id of inputsOf(operator)) {
      const { shape } = program.tensors[id]!;
      if (rootOf(program, id) === input) shapes.set(shape.join(), shape);
    }
  }
  const [only] = shapes.values();
  return shapes.size === 1 ? only! : own;
}
