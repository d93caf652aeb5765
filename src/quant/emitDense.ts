import { accumulatorRange, functionRange } from "../program/declaredRanges.ts";
import { functionInterval, matMulInterval, shiftInterval } from "../program/interval.ts";
import { checkNoWrap } from "../program/noWrap.ts";
import type { TensorId } from "../program/program.ts";
import { runMatMul } from "../program/run/matMul.ts";
import { runRequantise } from "../program/run/requantise.ts";
import { chooseRequantisation, type LayerInput } from "./chooseRequantisation.ts";
import type { Emission, EmittedTensor } from "./emission.ts";
import { finestWeightScale, type IntegerDense, quantiseDense } from "./quantiseDense.ts";
import type { DenseStep } from "./realProgram.ts";
import { namedRequantised } from "./tensorNames.ts";

function emitMatMul(
  { builder }: Emission,
  step: DenseStep,
  input: EmittedTensor,
  dense: IntegerDense,
  resultName: string,
): { id: TensorId; scale: number } {
  const { range, quant } = builder.tensor(input.id);
  const weight = builder.addConstant(dense.weight);
  const bias = dense.bias === null ? null : builder.addConstant(dense.bias);
  const sums = accumulatorRange(step.length, range, dense.weight.range, dense.bias?.range ?? null);
  checkNoWrap(sums, 0, `node "${step.name}"`);
  const scale = quant.scale * dense.weight.quant.scale;
  const id = builder.addOperator(
    { kind: "matmul", name: step.name, input: input.id, weight, bias },
    { name: resultName, shape: step.shape, range: sums, quant: { scale, zeroPoint: 0 } },
  );
  return { id, scale };
}

/** A last layer: its sums, at the finest scale that the weights allow, are the scores. */
function emitScores(
  emission: Emission,
  step: DenseStep,
  input: EmittedTensor,
  resultName: string,
): EmittedTensor {
  const { bits } = emission.options;
  const inputScale = emission.builder.tensor(input.id).quant.scale;
  const weightScale = finestWeightScale(step.weight, bits);
  const dense = quantiseDense(step, inputScale, weightScale, bits);
  const { id } = emitMatMul(emission, step, input, dense, resultName);
  emission.layers.push({
    node: step.name,
    weightScale,
    shift: null,
    domain: null,
    rootMeanSquaredError: null,
  });
  return {
    id,
    q: runMatMul(input.q, dense.weight, dense.bias),
    interval: matMulInterval(input.interval, dense.weight, dense.bias),
  };
}

/** A dense step as a matmul and, with an activation, a requantise. `resultName` names the step's result. */
export function emitDense(
  emission: Emission,
  step: DenseStep,
  input: EmittedTensor,
  resultName: string,
): EmittedTensor {
  const { builder, calibration, options, layers } = emission;
  const { activation } = step;
  if (activation === null) return emitScores(emission, step, input, resultName);
  const declared = builder.tensor(input.id);
  const layerInput: LayerInput = {
    q: input.q,
    scale: declared.quant.scale,
    declared: declared.range,
    interval: input.interval,
  };
  const chosen = chooseRequantisation({
    step,
    function: activation.function,
    input: layerInput,
    reference: calibration.reference.get(step.graphValue)?.data ?? [],
    bits: options.bits,
    activationBits: options.activationBits,
    mayClip: calibration.isReal,
  });
  const sums = emitMatMul(emission, step, input, chosen, step.sumsValue);
  const operator = {
    kind: "requantise",
    name: activation.name,
    input: sums.id,
    shift: chosen.shift,
    rounding: "half-up",
    function: chosen.function,
  } as const;
  const isIdentity = step.graphValue === step.sumsValue;
  const id = builder.addOperator(operator, {
    name: isIdentity ? namedRequantised(step.graphValue) : resultName,
    shape: step.shape,
    range: functionRange(chosen.function),
    quant: { scale: chosen.outputScale, zeroPoint: 0 },
  });
  const { domain } = chosen.function;
  const rootMeanSquaredError = Math.sqrt(chosen.meanSquaredError);
  const weightScale = chosen.weight.quant.scale;
  layers.push({ node: step.name, weightScale, shift: chosen.shift, domain, rootMeanSquaredError });
  const shifted = shiftInterval(matMulInterval(input.interval, chosen.weight, chosen.bias), chosen.shift);
  return {
    id,
    q: runRequantise(runMatMul(input.q, chosen.weight, chosen.bias), { ...operator, output: id }),
    interval: functionInterval(shifted, chosen.function),
  };
}
