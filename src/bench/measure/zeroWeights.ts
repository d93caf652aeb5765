import { operatorConstants, type Program } from "../../program/program.ts";

/** Share of the weights of linear layers that are 0 as integers: what coarse scales lose first. Null without any. */
export function zeroWeightShare(program: Program): number | null {
  let zeros = 0;
  let all = 0;
  for (const operator of program.operators) {
    if (operator.kind !== "matmul" && operator.kind !== "conv") continue;
    const [weight] = operatorConstants(operator);
    const { data } = program.constants[weight];
    all += data.length;
    for (const value of data) if (value === 0) zeros++;
  }
  return all === 0 ? null : zeros / all;
}
