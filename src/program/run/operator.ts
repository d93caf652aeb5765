import { elementCount } from "../../tensor/shape.ts";
import { operatorInputs, type Program, type ProgramOperator, type TensorId } from "../program.ts";
import { runArgMax } from "./argMax.ts";
import { runBatchMatMul } from "./batchMatMul.ts";
import { runConcat } from "./concat.ts";
import { runConstant } from "./constant.ts";
import { runConv } from "./conv.ts";
import { runCombine, runDivide, runMax, runMultiply } from "./elementwise.ts";
import { runGather } from "./gather.ts";
import { runMatMul } from "./matMul.ts";
import { runRequantise } from "./requantise.ts";
import { runRescale } from "./rescale.ts";
import { runTake } from "./take.ts";
import { runTranspose } from "./transpose.ts";
import { runWindowSum } from "./windowSum.ts";

/** The output of one operator for a batch; `tensors` holds what was computed before it, by TensorId. */
export function runOperator(
  program: Program,
  operator: ProgramOperator,
  tensors: readonly Int32Array[],
  batch: number,
): Int32Array {
  const shapeOf = (id: TensorId): readonly number[] => program.tensors[id].shape;
  const innerOf = (id: TensorId, axis: number): number => elementCount(shapeOf(id).slice(axis + 1));
  const inputs = operatorInputs(operator).map((id) => tensors[id]);
  switch (operator.kind) {
    case "matmul": {
      const bias = operator.bias === null ? null : program.constants[operator.bias];
      return runMatMul(inputs[0], program.constants[operator.weight], bias);
    }
    case "batchMatMul": {
      const shape = shapeOf(operator.right);
      return runBatchMatMul(inputs[0], inputs[1], shape[shape.length - 2], shape[shape.length - 1]);
    }
    case "gather": {
      const { table, index, batchAxes } = operator;
      return runGather(inputs[0], inputs[1], {
        numTables: batch * elementCount(shapeOf(table).slice(0, batchAxes)),
        numEntries: shapeOf(table)[batchAxes],
        numIndices: elementCount(shapeOf(index).slice(batchAxes)),
        inner: innerOf(table, batchAxes),
      });
    }
    case "conv": {
      const bias = operator.bias === null ? null : program.constants[operator.bias];
      const weight = program.constants[operator.weight];
      return runConv(inputs[0], operator, shapeOf(operator.input), weight, bias);
    }
    case "combine":
      return runCombine(inputs, operator.factors, operator.offset);
    case "multiply":
      return runMultiply(inputs[0], inputs[1]);
    case "divide":
      return runDivide(inputs[0], inputs[1]);
    case "max":
      return runMax(inputs[0], inputs[1]);
    case "requantise":
      return runRequantise(inputs[0], operator);
    case "rescale":
      return runRescale(inputs[0], operator, shapeOf(operator.input).at(-1) ?? 1);
    case "argmax":
      return runArgMax(inputs[0], shapeOf(operator.input).at(-1) ?? 1);
    case "take":
    case "windowSum": {
      const { input, axis } = operator;
      const length = shapeOf(input)[axis];
      const inner = innerOf(input, axis);
      return operator.kind === "take"
        ? runTake(inputs[0], operator, length, inner)
        : runWindowSum(inputs[0], operator, length, inner);
    }
    case "transpose":
      return runTranspose(inputs[0], shapeOf(operator.input), operator.permutation);
    case "concat": {
      const { axis } = operator;
      const blocks = operator.inputs.map((id) => shapeOf(id)[axis] * innerOf(id, axis));
      return runConcat(inputs, blocks);
    }
    case "constant":
      return runConstant(program.constants[operator.constant].data, batch);
    case "reshape":
      return inputs[0];
  }
}
