import { accumulatorRange, functionRange } from "../program/declaredRanges.ts";
import { functionInterval, matMulInterval, shiftInterval } from "../program/interval.ts";
import { checkNoWrap } from "../program/noWrap.ts";
import type { TensorId } from "../program/program.ts";
import { runMatMul } from "../program/run/matMul.ts";
import { runRequantise } from "../program/run/requantise.ts";
import { referenceValues } from "./calibration.ts";
import { chooseRequantisation } from "./chooseRequantisation.ts";
import { columnMeans, type DenseLayer } from "./denseLayer.ts";
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
): TensorId {
  const { range, quant } = builder.tensor(input.id);
  const weight = builder.addConstant(dense.weight);
  const bias = dense.bias === null ? null : builder.addConstant(dense.bias);
  const sums = accumulatorRange(step.length, range, dense.weight.range, dense.bias?.range ?? null);
  checkNoWrap(sums, 0, `node "${step.name}"`);
  const scale = quant.scale * dense.weight.quant.scale;
  return builder.addOperator(
    { kind: "matmul", name: step.name, input: input.id, weight, bias },
    { name: resultName, shape: step.shape, range: sums, quant: { scale, zeroPoint: 0 } },
  );
}

function denseLayer(
  { builder, calibration, options }: Emission,
  step: DenseStep,
  input: EmittedTensor,
): DenseLayer {
  const { range, quant } = builder.tensor(input.id);
  const sums = referenceValues(calibration, step.sumsValue);
  return {
    step,
    input: { q: input.q, scale: quant.scale, declared: range, interval: input.interval },
    bits: options.bits,
    means: calibration.isReal
      ? { input: columnMeans(input.q, step.length), sums: columnMeans(sums, step.numOutputs) }
      : null,
  };
}

/** A last layer: its sums, at the finest scale that the weights allow, are the scores. */
function emitScores(
  emission: Emission,
  step: DenseStep,
  input: EmittedTensor,
  resultName: string,
): EmittedTensor {
  const layer = denseLayer(emission, step, input);
  const weightScale = finestWeightScale(layer);
  const dense = quantiseDense(layer, weightScale);
  const id = emitMatMul(emission, step, input, dense, resultName);
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
  const chosen = chooseRequantisation({
    layer: denseLayer(emission, step, input),
    function: activation.function,
    reference: referenceValues(calibration, step.graphValue),
    activationBits: options.activationBits,
  });
  const sums = emitMatMul(emission, step, input, chosen, step.sumsValue);
  const operator = {
    kind: "requantise",
    name: activation.name,
    input: sums,
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
