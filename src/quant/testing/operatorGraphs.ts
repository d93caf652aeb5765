/** Graphs of one or a few operators with inputs of any type, and how near their programs come. */

import type { Attribute } from "../../graph/node.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { runGraph } from "../../graph/run.ts";
import { runProgram } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import { elementTypeOf, floatTensor, reshaped, type Tensor } from "../../tensor/tensor.ts";
import { compileGraph } from "../compileGraph.ts";
import type { CompileOptions } from "../compileOptions.ts";
import { dequantise, quantiseInput } from "../realValues.ts";

export interface OperatorSketch {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs?: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly opset?: number;
}

export interface GraphOfOperators {
  /** One sample of each input, by name. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly constants?: Readonly<Record<string, Tensor>>;
  readonly nodes: readonly OperatorSketch[];
  /** "y" unless stated. */
  readonly outputs?: readonly string[];
}

export interface Comparison {
  readonly program: Program;
  readonly inputs: readonly Int32Array[];
  /** By output: what the model computes, and what the program's integers mean. */
  readonly expected: readonly (readonly number[])[];
  readonly got: readonly (readonly number[])[];
  /** The largest difference, over all outputs. */
  readonly worst: number;
}

/** Compiles for these very inputs and runs both. */
export function compareOperators(sketch: GraphOfOperators, options: CompileOptions = {}): Comparison {
  const { inputs, constants = {}, nodes, outputs = ["y"] } = sketch;
  const graph = resolveGraph({
    name: "operators",
    inputs: Object.entries(inputs).map(([name, tensor]) => ({
      name,
      type: elementTypeOf(tensor),
      shape: tensor.shape,
    })),
    outputs,
    nodes: nodes.map(
      ({ operator, inputs: names, outputs: results = ["y"], attributes = {}, opset = 18 }, i) => ({
        name: `${operator}${i}`,
        operator,
        domain: "",
        opset,
        inputs: names,
        outputs: results,
        attributes: new Map(Object.entries(attributes)),
      }),
    ),
    initializers: new Map(Object.entries(constants)),
  });
  const given = Object.values(inputs).map((tensor) =>
    graph.batched ? tensor : reshaped(tensor, [1, ...tensor.shape]),
  );
  const samples = given.map(({ shape, data }) => floatTensor(shape, Float32Array.from(data)));
  const { program } = compileGraph(graph, { calibration: samples, head: "outputs", ...options });
  const integers = samples.map(({ data }, index) => quantiseInput(program, index, data));
  const reference = runGraph(graph, given);
  const results = runProgram(program, integers, 1).outputs;
  const expected = outputs.map((name) => Array.from(reference.get(name)?.data ?? []));
  const got = results.map((q, i) => Array.from(dequantise(q, program.tensors[program.outputs[i]].quant)));
  const errors = expected.flatMap((values, i) => values.map((value, j) => Math.abs(value - got[i][j])));
  return { program, inputs: integers, expected, got, worst: Math.max(...errors) };
}
