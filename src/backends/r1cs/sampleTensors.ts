/** The operators of one sample, one after the other. */
import type { ProgramOperator, TensorId } from "../../program/program.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { Circuit } from "./circuit.ts";
import { type CircuitPlan, elementRange, isWanted } from "./circuitPlan.ts";
import type { OperatorContext } from "./operators/context.ts";
import { operatorOutput } from "./operators/operator.ts";

export interface SampleRequest<E> {
  readonly circuit: Circuit<E>;
  readonly plan: CircuitPlan;
  /** Wires of hidden weights, by ConstantId. */
  readonly weights: readonly (readonly E[])[] | null;
  /** Of the whole batch, by input of the program. */
  readonly inputs: readonly (readonly E[])[];
  /** Called after each operator with its name. */
  readonly onPart?: (name: string) => void;
}

/** By TensorId. */
export function sampleTensors<E>(request: SampleRequest<E>, sample: number): (E[] | undefined)[] {
  const { circuit, plan, weights, inputs, onPart } = request;
  const { program } = plan;
  const tensors: (E[] | undefined)[] = [];
  const context: OperatorContext<E> = { circuit, plan, tensors, shortened: new Set(), weights };
  const sizeOf = (id: TensorId): number => elementCount(program.tensors[id].shape);
  program.inputs.forEach((id, i) => {
    tensors[id] = inputs[i].slice(sample * sizeOf(id), (sample + 1) * sizeOf(id));
  });
  for (const operator of program.operators) {
    tensors[operator.output] = outputOf(context, operator, sizeOf(operator.output));
    onPart?.(operator.name);
  }
  return tensors;
}

function outputOf<E>(context: OperatorContext<E>, operator: ProgramOperator, size: number): E[] {
  const { circuit, plan } = context;
  const { output } = operator;
  const fixed = plan.fixed[output];
  if (fixed !== undefined) return Array.from(fixed, (value) => circuit.constant(BigInt(value)));
  if (plan.wanted === null) return operatorOutput(context, operator);
  // What is not wanted is either this very constant or never read.
  const instead = (element: number): E => circuit.constant(elementRange(plan, output, element).lo);
  if (!plan.wanted[output].includes(1)) return Array.from({ length: size }, (_, element) => instead(element));
  return operatorOutput(context, operator).map((expression, element) =>
    isWanted(plan, output, element) ? expression : instead(element),
  );
}
