import type { Conv } from "../program.ts";
import { numWindows } from "../window.ts";

/** A convolution over exactly three spatial axes: missing ones have length, window and stride 1. */
export interface ConvGeometry {
  readonly lengths: readonly number[];
  readonly windows: readonly number[];
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padBegin: readonly number[];
  /** Input channels of all groups, and of one. */
  readonly numChannels: number;
  readonly groupChannels: number;
  readonly numOutputs: number;
  readonly groups: number;
  /** Positions of one sample of the input and of the output. */
  readonly inputPositions: number;
  readonly outputPositions: number;
}

const product = (values: readonly number[]): number => values.reduce((all, value) => all * value, 1);

/** `input` and `weight` are the shapes of a valid convolution. */
export function convGeometry(
  operator: Conv,
  input: readonly number[],
  weight: readonly number[],
): ConvGeometry {
  const missing = 4 - input.length;
  const three = (values: readonly number[], missingValue: number): number[] => [
    ...new Array<number>(missing).fill(missingValue),
    ...values,
  ];
  const lengths = three(input.slice(0, -1), 1);
  const sizes = three(weight.slice(1, -1), 1);
  const strides = three(operator.strides, 1);
  const dilations = three(operator.dilations, 1);
  const padBegin = three(operator.padBegin, 0);
  const padEnd = three(operator.padEnd, 0);
  const windows = lengths.map((length, axis) =>
    numWindows({
      length,
      size: sizes[axis],
      stride: strides[axis],
      dilation: dilations[axis],
      padBegin: padBegin[axis],
      padEnd: padEnd[axis],
    }),
  );
  const groupChannels = weight[weight.length - 1];
  return {
    lengths,
    windows,
    sizes,
    strides,
    dilations,
    padBegin,
    numChannels: groupChannels * operator.groups,
    groupChannels,
    numOutputs: weight[0],
    groups: operator.groups,
    inputPositions: product(lengths),
    outputPositions: product(windows),
  };
}

/** Whether every output position reads the one input position at the same place. */
export function isPointwise(geometry: ConvGeometry): boolean {
  const { sizes, strides, padBegin, inputPositions, outputPositions } = geometry;
  return (
    sizes.every((size) => size === 1) &&
    strides.every((stride) => stride === 1) &&
    padBegin.every((pad) => pad === 0) &&
    inputPositions === outputPositions
  );
}
