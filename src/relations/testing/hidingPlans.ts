/** Small plans that together make every kind of message: what zero knowledge is tested on. */
import {
  directWires,
  type Expression,
  type Operand,
  type ProofPlan,
  type Source,
} from "../../claims/plan.ts";
import { P } from "../../field/m31.ts";

function sum(
  constant: number,
  ...sources: readonly (readonly [factor: number, source: Source])[]
): Expression {
  return { constant, terms: sources.map(([factor, source]) => ({ source, factor })) };
}

function table(...entries: number[]): Expression {
  return sum(0, [1, { kind: "values", values: Uint32Array.from(entries) }]);
}

function direct(tensor: number, ...axes: number[]): Source {
  return { kind: "tensor", tensor, wires: directWires(axes) };
}

function operand(axes: number[], tensor: number): Operand {
  return { axes, value: sum(0, [1, direct(tensor, 0, 1)]) };
}

/** A list of pairs (entry; index along each axis) as a wire. */
function wire(axes: readonly number[], ...pairs: readonly (readonly number[])[]) {
  return {
    axes,
    map: {
      from: Int32Array.from(pairs, ([from]) => from),
      to: axes.map((_, i) => Int32Array.from(pairs, (pair) => pair[1 + i])),
    },
  };
}

const ACCUMULATORS: Source = { kind: "layer", layer: 0, axes: [0, 1] };

/** One layer with bias; its accumulators are looked up beside a committed tensor and equal a committed output. */
export const DENSE_PLAN: ProofPlan = {
  tensors: [
    { name: "weight", axes: [2, 9], holder: "weights" },
    { name: "bias", axes: [2], holder: "weights" },
    { name: "x", axes: [2, 9], holder: "input" },
    { name: "output", axes: [2, 2], holder: "output" },
    { name: "y", axes: [2, 2], holder: "advice" },
    { name: "multiplicity", axes: [3], holder: "advice" },
  ],
  sections: [
    {
      name: "rows",
      axes: [2, 2],
      tag: 1,
      columns: [sum(0, [1, ACCUMULATORS]), sum(1, [1, direct(4, 0, 1)])],
      multiplicity: null,
    },
    { name: "table", axes: [3], tag: 1, columns: [table(4, 5, 6), table(1, 2, 3)], multiplicity: 5 },
  ],
  layers: [
    {
      name: "layer",
      axes: [2, 2, 9],
      numOutputAxes: 2,
      left: operand([0, 2], 2),
      right: operand([1, 2], 0),
      bias: 1,
    },
  ],
  equalities: [{ name: "output", axes: [2, 2], value: sum(0, [1, ACCUMULATORS], [P - 1, direct(3, 0, 1)]) }],
};

/**
 * A depthwise convolution (its channel is a group: rounds of degree 3) that reads its input through windows, a lookup
 * column that sums along windows, and accumulators that equal a committed output stored over one merged axis.
 */
export const WIRED_PLAN: ProofPlan = {
  tensors: [
    { name: "weight", axes: [2, 2], holder: "weights" },
    { name: "x", axes: [3, 2], holder: "input" },
    { name: "output", axes: [4], holder: "output" },
    { name: "y", axes: [3], holder: "advice" },
    { name: "multiplicity", axes: [3], holder: "advice" },
  ],
  sections: [
    {
      name: "rows",
      axes: [2],
      tag: 1,
      columns: [
        sum(0, [1, { kind: "tensor", tensor: 3, wires: [wire([0], [0, 0], [1, 0], [1, 1], [2, 1])] }]),
      ],
      multiplicity: null,
    },
    { name: "table", axes: [3], tag: 1, columns: [table(4, 5, 6)], multiplicity: 4 },
  ],
  layers: [
    {
      name: "depthwise",
      // Output position, channel; position in the kernel.
      axes: [2, 2, 2],
      numOutputAxes: 2,
      left: {
        axes: [0, 1, 2],
        value: sum(3, [
          1,
          {
            kind: "tensor",
            tensor: 1,
            wires: [wire([0, 2], [0, 0, 0], [1, 0, 1], [1, 1, 0], [2, 1, 1]), { axes: [1], map: null }],
          },
        ]),
      },
      right: operand([1, 2], 0),
      bias: null,
    },
  ],
  equalities: [
    {
      name: "output",
      axes: [2, 2],
      value: sum(
        0,
        [1, ACCUMULATORS],
        [
          P - 1,
          {
            kind: "tensor",
            tensor: 2,
            wires: [wire([0, 1], [0, 0, 0], [1, 0, 1], [2, 1, 0], [3, 1, 1])],
          },
        ],
      ),
    },
  ],
};
