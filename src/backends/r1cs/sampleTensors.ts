/** The operators of one sample, one after the other. */
import type { TensorId } from "../../program/program.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { Circuit } from "./circuit.ts";
import type { CircuitPlan } from "./circuitPlan.ts";
import type { OperatorContext } from "./operators/context.ts";
import { operatorOutput } from "./operators/operator.ts";

export interface SampleRequest<E> {
  readonly circuit: Circuit<E>;
  readonly plan: CircuitPlan;
  /** Wires of hidden weights, by ConstantId. */
  readonly weights: readonly (readonly E[])[] | null;
  /** Of the whole batch, by input of the program. */
  readonly inputs: readonly (readonly E[])[];
}

/** By TensorId. */
export function sampleTensors<E>(request: SampleRequest<E>, sample: number): (E[] | undefined)[] {
  const { circuit, plan, weights, inputs } = request;
  const { program } = plan;
  const tensors: (E[] | undefined)[] = [];
  const context: OperatorContext<E> = { circuit, plan, tensors, shortened: new Set(), weights };
  const sizeOf = (id: TensorId): number => elementCount(program.tensors[id].shape);
  program.inputs.forEach((id, i) => {
    tensors[id] = inputs[i].slice(sample * sizeOf(id), (sample + 1) * sizeOf(id));
  });
  for (const operator of program.operators) {
    const fixed = plan.fixed[operator.output];
    tensors[operator.output] =
      fixed === undefined
        ? operatorOutput(context, operator)
        : Array.from(fixed, (value) => circuit.constant(BigInt(value)));
  }
  return tensors;
}
