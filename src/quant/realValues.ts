import { TensorproofError } from "../errors/tensorproofError.ts";
import type { QuantParams } from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { elementCount } from "../tensor/shape.ts";

/**
 * The integers that stand for real input values: the nearest multiple of the input's scale, halves up.
 *
 * @param inputIndex position in `program.inputs`
 * @param real any number of whole samples, row-major
 * @throws TensorproofError `input.shape`, or `input.outOfRange` for a value more than half a step outside the declared
 * range (or no number at all), naming position, value and range
 */
export function quantiseInput(
  program: Pick<ProgramStructure, "tensors" | "inputs">,
  inputIndex: number,
  real: Float32Array | Float64Array,
): Int32Array {
  const { name, shape, range, quant } = program.tensors[program.inputs[inputIndex]];
  const where = `input "${name}"`;
  const size = elementCount(shape);
  if (real.length % size !== 0) {
    const message = `${where}: expected whole samples of ${size} numbers ([${shape}]), got ${real.length} numbers`;
    throw new TensorproofError("input.shape", message, { where });
  }
  const { scale, zeroPoint } = quant;
  const q = new Int32Array(real.length);
  for (let j = 0; j < real.length; j++) {
    const exact = real[j] / scale + zeroPoint;
    if (!(exact >= range.lo - 0.5 && exact <= range.hi + 0.5)) {
      const lo = scale * (range.lo - zeroPoint);
      const hi = scale * (range.hi - zeroPoint);
      const position = `sample ${Math.floor(j / size)}, element ${j % size}`;
      throw new TensorproofError(
        "input.outOfRange",
        `${where}: ${real[j]} (${position}) lies outside [${lo}, ${hi}], the range that the program was compiled for; ` +
          "scale the input as in training, or compile the model again with this data as calibration or a wider input range",
        { where },
      );
    }
    q[j] = Math.min(Math.max(Math.floor(exact + 0.5), range.lo), range.hi);
  }
  return q;
}

/** real = scale · (q − zeroPoint), for each integer. */
export function dequantise(q: Int32Array, quant: QuantParams): Float64Array {
  return Float64Array.from(q, (value) => quant.scale * (value - quant.zeroPoint));
}
