import type { Program, ProgramOperator } from "../program.ts";

function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return quotient * denominator > numerator ? quotient - 1n : quotient;
}

function runOne(program: Program, operator: ProgramOperator, input: readonly bigint[]): bigint[] {
  switch (operator.kind) {
    case "reshape":
      return [...input];
    case "argmax": {
      const length = program.tensors[operator.input].shape.at(-1)!;
      const rows = Array.from({ length: input.length / length }, (_, row) =>
        input.slice(row * length, (row + 1) * length),
      );
      return rows.map((row) => BigInt(row.findIndex((value) => row.every((other) => other <= value))));
    }
    case "requantise": {
      const { map, domain } = operator.function;
      return input.map((x) => {
        const z = floorDivide(2n * x + 2n ** BigInt(operator.shift), 2n * 2n ** BigInt(operator.shift));
        const exact = operator.shift === 0 ? x : z;
        if (map.kind === "values") return BigInt(map.values[Number(exact - BigInt(domain.lo))]);
        if (exact < BigInt(map.lo)) return BigInt(map.lo);
        return exact > BigInt(map.hi) ? BigInt(map.hi) : exact;
      });
    }
    case "matmul": {
      const { shape, data } = program.constants[operator.weight];
      const bias = operator.bias === null ? null : program.constants[operator.bias].data;
      const output: bigint[] = [];
      for (let row = 0; row < input.length / shape[1]; row++) {
        for (let m = 0; m < shape[0]; m++) {
          let sum = BigInt(bias?.[m] ?? 0);
          for (let k = 0; k < shape[1]; k++)
            sum += input[row * shape[1] + k] * BigInt(data[m * shape[1] + k]);
          output.push(sum);
        }
      }
      return output;
    }
  }
}

/** What the operators' definitions say, word for word in unbounded integers; by TensorId. */
export function runInBigIntegers(program: Program, input: Int32Array): bigint[][] {
  const tensors = [Array.from(input, BigInt)];
  for (const operator of program.operators) {
    tensors[operator.output] = runOne(program, operator, tensors[operator.input]);
  }
  return tensors;
}
