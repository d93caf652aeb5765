/** Cheats on convolutions, products and accumulators that are stored or read in two ways. */
import { P } from "../../field/m31.ts";
import type { Program, Rescale } from "../../program/program.ts";
import { rescaleOutput } from "../../program/rescaleValue.ts";
import { type Cheat, cheatsOn, computing, indexWhere, setCell, tamper } from "./cheat.ts";

const convolutional = cheatsOn("convolutional");
const elementwise = cheatsOn("elementwise");
const stored = cheatsOn("stored");
const twice = cheatsOn("twice");

const FULL = "conv 1";
const DEPTHWISE = "conv 3";

function withConstant(
  program: Program,
  id: number,
  change: (data: Int32Array, shape: readonly number[]) => Int32Array,
): Program {
  const constants = program.constants.map((constant, i) =>
    i === id ? { ...constant, data: change(constant.data.slice(), constant.shape) } : constant,
  );
  return { ...program, constants };
}

/** Rolls the channels of a channels-last tensor, so that each group reads its neighbour's channel. */
function rolled(values: Int32Array, numChannels: number): Int32Array {
  return values.map((_, i) => {
    const channel = i % numChannels;
    return values[i - channel + ((channel + 1) % numChannels)];
  });
}

function replaced(tensors: readonly Int32Array[], id: number, values: Int32Array): Int32Array[] {
  return tensors.map((tensor, i) => (i === id ? values : tensor));
}

export const LAYER_CHEATS: readonly Cheat[] = [
  convolutional("conv", "wrong sum at one output", () => ({ tamper: tamper(FULL, 17, (x) => x + 4) })),
  convolutional("conv", "wrong sum that its only reader rounds away", ({ program, tensors }) => {
    const reader = program.operators.find(({ name }) => name === "rescale 2") as Rescale;
    const sums = tensors[reader.input];
    const isRoundedAway = (x: number, i: number): boolean =>
      rescaleOutput(reader, i % 4, x) === rescaleOutput(reader, i % 4, x + 1);
    return { tamper: tamper(FULL, indexWhere(sums, isRoundedAway), (x) => x + 1) };
  }),
  convolutional(
    "conv",
    "input read one row off",
    computing("conv", FULL, ({ operator }) => ({
      operator: { ...operator, padBegin: [0, 1], padEnd: [2, 0] },
    })),
  ),
  convolutional(
    "conv",
    "input read one column off",
    computing("conv", FULL, ({ operator }) => ({
      operator: { ...operator, padBegin: [1, 0], padEnd: [1, 1] },
    })),
  ),
  convolutional(
    "conv",
    "another stride",
    // Three windows of every row instead of every second one.
    computing("conv", FULL, ({ operator }) => ({
      operator: { ...operator, strides: [1, 1], padEnd: [-1, 0] },
    })),
  ),
  convolutional(
    "conv",
    "padding that is not zero",
    computing("conv", FULL, ({ operator, program, tensors }) => {
      // The same windows over an input with a border of ones.
      const [rows, columns, channels] = program.tensors[operator.input].shape;
      const wide = new Int32Array((rows + 2) * (columns + 1) * channels).fill(1);
      tensors[operator.input].forEach((value, i) => {
        const row = Math.floor(i / (columns * channels));
        wide[i + (columns + 1) * channels + (row + 1) * channels] = value;
      });
      const shape = [rows + 2, columns + 1, channels];
      return {
        operator: { ...operator, padBegin: [0, 0], padEnd: [0, 0] },
        program: {
          ...program,
          tensors: program.tensors.map((t, i) => (i === operator.input ? { ...t, shape } : t)),
        },
        tensors: replaced(tensors, operator.input, wide),
      };
    }),
  ),
  convolutional(
    "conv",
    "kernel turned around",
    computing("conv", FULL, ({ operator, program }) => ({
      program: withConstant(program, operator.weight, (data, shape) => {
        const size = data.length / shape[0];
        return data.map((_, i) => data[i - (i % size) + size - 1 - (i % size)]);
      }),
    })),
  ),
  convolutional(
    "conv",
    "bias of the neighbouring channel",
    computing("conv", FULL, ({ operator, program }) => ({
      program: withConstant(program, operator.bias as number, (data) => rolled(data, data.length)),
    })),
  ),
  convolutional(
    "conv",
    "a group that reads another channel",
    computing("conv", DEPTHWISE, ({ operator, tensors }) => ({
      tensors: replaced(tensors, operator.input, rolled(tensors[operator.input], 4)),
    })),
  ),
  convolutional(
    "conv",
    "weights of another channel",
    computing("conv", DEPTHWISE, ({ operator, program }) => ({
      program: withConstant(program, operator.weight, (data) => data.map((_, i) => data[(i + 4) % 16])),
    })),
  ),
  convolutional("conv", "wrong sum of one channel", () => ({ tamper: tamper(DEPTHWISE, 9, (x) => x + 8) })),
  convolutional("conv", "input exchanged after the sums were computed", () => ({
    cells: setCell("input 0", 3, (x) => (x + 1) % P),
  })),
  elementwise("multiply", "wrong product", () => ({ tamper: tamper("multiply 2", 4, (x) => x + 8) })),
  elementwise(
    "multiply",
    "square of one operand",
    computing("multiply", "multiply 2", ({ operator }) => ({
      operator: { ...operator, right: operator.left },
    })),
  ),
  elementwise(
    "multiply",
    "operands of neighbouring elements",
    computing("multiply", "multiply 2", ({ operator, tensors }) => ({
      tensors: replaced(tensors, operator.right, rolled(tensors[operator.right], 5)),
    })),
  ),
  elementwise("multiply", "operand exchanged after the products were computed", () => ({
    cells: setCell("input 1", 2, (x) => (x + 1) % P),
  })),
  stored("matmul", "stored accumulator that is none", () => ({
    cells: setCell("matmul 1", 2, (x) => (x + 1) % P),
  })),
  stored("matmul", "wrong product, stored accordingly", () => ({
    tamper: tamper("matmul 1", 6, (x) => x - 32),
  })),
  stored("windowSum", "wrong sum of stored accumulators", () => ({
    tamper: tamper("windowSum 2", 1, (x) => x + 32),
  })),
  twice("matmul", "wrong product for both readers", () => ({ tamper: tamper("matmul 1", 6, (x) => x + 16) })),
  twice(
    "transpose",
    "one of two readers takes the accumulators as they are",
    // Both are 4 × 4: only the order of the axes tells them apart.
    computing("transpose", "transpose 3", ({ operator }) => ({
      operator: { ...operator, permutation: [0, 1] },
    })),
  ),
  twice(
    "combine",
    "a sum of accumulators and themselves in place of their transpose",
    computing("combine", "combine 5", ({ operator }) => ({
      operator: { ...operator, inputs: [operator.inputs[0], operator.inputs[0]] },
    })),
  ),
];
