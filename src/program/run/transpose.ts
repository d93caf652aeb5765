import { stridesOf } from "../../tensor/shape.ts";

/** `shape` is the input's, one sample of a batch or anything else in number standing before it. */
export function runTranspose(
  input: Int32Array,
  shape: readonly number[],
  permutation: readonly number[],
): Int32Array {
  const strides = stridesOf(shape);
  const lengths = permutation.map((axis) => shape[axis]);
  const steps = permutation.map((axis) => strides[axis]);
  // The innermost axis is a loop; the others are counted by an odometer.
  const innerLength = lengths.pop() ?? 1;
  const innerStep = steps.pop() ?? 1;
  const position = new Array<number>(lengths.length).fill(0);
  const output = new Int32Array(input.length);
  let from = 0;
  for (let at = 0; at < output.length; at += innerLength) {
    for (let j = 0; j < innerLength; j++) output[at + j] = input[from + j * innerStep];
    let axis = lengths.length - 1;
    for (; axis >= 0; axis--) {
      from += steps[axis];
      if (++position[axis] < lengths[axis]) break;
      from -= steps[axis] * lengths[axis];
      position[axis] = 0;
    }
    // The odometer ran over: the next sample begins, in the output where it does in the input.
    if (axis < 0) from = at + innerLength;
  }
  return output;
}
