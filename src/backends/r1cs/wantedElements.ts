/**
 * Dead code: which elements of a program's tensors a circuit with constant weights has to constrain. An element that the
 * weights fix is a constant of the circuit, and one that no output depends on is never read: a neuron whose incoming or
 * outgoing weights are all zero costs nothing, and an input that no weight reads is not even a wire.
 */
import type { Interval } from "../../program/interval.ts";
import { operatorInputs, type Program, type ProgramOperator, type TensorId } from "../../program/program.ts";
import { elementCount } from "../../tensor/shape.ts";
import { convReads } from "./operators/convReads.ts";
import { sourcesOf } from "./operators/moveSources.ts";

/**
 * By TensorId, for each element of one sample 1 where it is no constant and an output depends on it.
 * @param intervals what holds for every input in the declared ranges, by TensorId
 */
export function wantedElements(program: Program, intervals: readonly Interval[]): Uint8Array[] {
  const wanted = program.tensors.map(({ shape }) => new Uint8Array(elementCount(shape)));
  const want = (id: TensorId, element: number): void => {
    const { lo, hi } = intervals[id];
    const at = element % lo.length;
    if (lo[at] !== hi[at]) wanted[id][element] = 1;
  };
  const wantAll = (id: TensorId): void => {
    for (let element = 0; element < wanted[id].length; element++) want(id, element);
  };
  program.outputs.forEach(wantAll);
  for (const operator of program.operators.toReversed()) {
    const output = wanted[operator.output];
    if (!output.includes(1)) continue;
    if (!wantRead(program, operator, output, want)) operatorInputs(operator).forEach(wantAll);
  }
  return wanted;
}

/** Wants what wanted elements of the output are computed from; false for operators that are not looked into. */
function wantRead(
  program: Program,
  operator: ProgramOperator,
  output: Uint8Array,
  want: (id: TensorId, element: number) => void,
): boolean {
  switch (operator.kind) {
    case "matmul": {
      const { data, shape } = program.constants[operator.weight];
      const [numOutputs, length] = shape;
      output.forEach((isWanted, element) => {
        if (isWanted === 0) return;
        const row = Math.floor(element / numOutputs) * length;
        const weights = (element % numOutputs) * length;
        for (let k = 0; k < length; k++) if (data[weights + k] !== 0) want(operator.input, row + k);
      });
      return true;
    }
    case "conv": {
      const { data } = program.constants[operator.weight];
      const { geometry, forEach } = convReads(program, operator);
      output.forEach((isWanted, element) => {
        if (isWanted === 0) return;
        const position = Math.floor(element / geometry.numOutputs);
        forEach(position, element % geometry.numOutputs, (from, weight) => {
          if (data[weight] !== 0) want(operator.input, from);
        });
      });
      return true;
    }
    case "combine":
    case "max":
    case "requantise":
    case "rescale": {
      const inputs = operatorInputs(operator);
      const read = operator.kind === "combine" ? inputs.filter((_, i) => operator.factors[i] !== 0) : inputs;
      output.forEach((isWanted, element) => {
        if (isWanted === 1) for (const id of read) want(id, element);
      });
      return true;
    }
    case "take":
    case "transpose":
    case "concat":
    case "reshape":
      sourcesOf(program, operator).forEach((place, element) => {
        if (place !== null && output[element] === 1) want(place.tensor, place.element);
      });
      return true;
    default:
      return false;
  }
}
