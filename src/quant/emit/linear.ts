import { convInterval } from "../../program/convInterval.ts";
import { type Interval, matMulInterval } from "../../program/interval.ts";
import type { ProgramConstant, TensorId } from "../../program/program.ts";
import { runConv } from "../../program/run/conv.ts";
import { runMatMul } from "../../program/run/matMul.ts";
import { integerBias, integerWeight } from "../integerLinear.ts";
import type { LinearPart } from "../realProgram.ts";
import type { Emission, Emitted } from "./emission.ts";
import type { PartScale } from "./sumPlan.ts";

/** A linear layer in integers, not part of the program yet. */
export interface IntegerLinear {
  readonly part: LinearPart;
  readonly input: Emitted;
  readonly weight: ProgramConstant;
  readonly bias: ProgramConstant | null;
  /** On the calibration samples. */
  readonly q: Int32Array;
}

/** The layer with its sums at scale `sums`. */
export function integerLinear(
  part: LinearPart,
  input: Emitted,
  { weightScale, bits }: PartScale,
  sums: number,
): IntegerLinear {
  const weight = integerWeight(part, weightScale, bits);
  const bias = part.bias === null ? null : integerBias(part.biasName, part.bias, sums);
  const q =
    part.geometry === null
      ? runMatMul(input.q, weight, bias)
      : runConv(input.q, convOperator(part, input.id), input.tensor.shape, weight, bias);
  return { part, input, weight, bias, q };
}

function convOperator(part: LinearPart, input: TensorId) {
  if (part.geometry === null) throw new RangeError("expected a convolution");
  return {
    kind: "conv",
    name: part.name,
    input,
    weight: 0,
    bias: null,
    output: 0,
    ...part.geometry,
  } as const;
}

export function linearInterval({ part, input, weight, bias }: IntegerLinear): Interval {
  if (part.geometry === null) return matMulInterval(input.interval, weight, bias);
  return convInterval(input.interval, convOperator(part, input.id), weight, bias);
}

/**
 * Rounding shifts each sum by a little that is the same for all samples on average. The bias takes it back: `missing` is
 * what the mean of each channel lacks, in real numbers.
 */
export function withCorrectedBias(linear: IntegerLinear, missing: Float64Array, sums: number): IntegerLinear {
  const { part, bias, q } = linear;
  if (bias === null) return linear;
  const real = Float64Array.from(bias.data, (value, m) => sums * value + missing[m]);
  const corrected = integerBias(part.biasName, real, sums);
  const numOutputs = missing.length;
  const moved = q.map((value, j) => value + corrected.data[j % numOutputs] - bias.data[j % numOutputs]);
  return { ...linear, bias: corrected, q: moved };
}

/** Adds the layer to the program; its result is called `name`. */
export function emitLinear(emission: Emission, linear: IntegerLinear, name: string, sums: number): Emitted {
  const { part, input, q } = linear;
  const weight = emission.addConstant(linear.weight);
  const bias = linear.bias === null ? null : emission.addConstant(linear.bias);
  const shared = { name: part.name, input: input.id, weight, bias };
  const operator =
    part.geometry === null
      ? ({ ...shared, kind: "matmul" } as const)
      : ({ ...shared, kind: "conv", ...part.geometry } as const);
  return emission.add(operator, { name, scale: sums, q });
}
