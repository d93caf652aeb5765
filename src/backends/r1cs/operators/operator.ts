/** The output of any operator of a program as expressions. */
import type { ProgramOperator } from "../../../program/program.ts";
import { batchMatMul, divide, multiply } from "./arithmetic.ts";
import type { OperatorContext } from "./context.ts";
import { gather } from "./gather.ts";
import { argMax, max } from "./order.ts";
import { requantise } from "./requantise.ts";
import { rescale } from "./rescale.ts";
import { combine, conv, matMul, windowSum } from "./sums.ts";
import { constantTensor, moved } from "./wiring.ts";

export function operatorOutput<E>(context: OperatorContext<E>, operator: ProgramOperator): E[] {
  switch (operator.kind) {
    case "matmul":
      return matMul(context, operator);
    case "conv":
      return conv(context, operator);
    case "combine":
      return combine(context, operator);
    case "windowSum":
      return windowSum(context, operator);
    case "multiply":
      return multiply(context, operator);
    case "batchMatMul":
      return batchMatMul(context, operator);
    case "gather":
      return gather(context, operator);
    case "divide":
      return divide(context, operator);
    case "max":
      return max(context, operator);
    case "argmax":
      return argMax(context, operator);
    case "requantise":
      return requantise(context, operator);
    case "rescale":
      return rescale(context, operator);
    case "take":
    case "transpose":
    case "concat":
    case "reshape":
      return moved(context, operator);
    case "constant":
      return constantTensor(context, operator);
  }
}
