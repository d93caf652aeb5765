import type { Graph } from "../graph/graph.ts";
import type { Node } from "../graph/node.ts";
import type { IntRange, Program, ProgramOperator, TensorId } from "../program/program.ts";
import { elementCount } from "../tensor/shape.ts";
import type { Samples } from "./compileOptions.ts";
import { multiplyAccumulates, operatorCost, totalCost } from "./costModel.ts";
import { floatErrors } from "./floatErrors.ts";

export interface TensorInspection {
  readonly name: string;
  /** Of one sample. */
  readonly shape: readonly number[];
  readonly range: IntRange;
  /** That the range takes, a sign included. */
  readonly bits: number;
  readonly scale: number;
}

export interface NodeInspection {
  readonly name: string;
  /** The graph's operator; the program's where no graph is given or the compiler added the node. */
  readonly operator: string;
  /** The program's operator, or in words what happened to a node that has none. */
  readonly becomes: string;
  /** Declared range and scale of the result; null for a node without a program operator. */
  readonly range: IntRange | null;
  readonly bits: number | null;
  readonly scale: number | null;
  /** Largest error of the real-valued meaning against the float reference; null where there is nothing to compare. */
  readonly floatError: number | null;
  /** Share of the total of the cost model (costModel.ts), 0 to 1. */
  readonly costShare: number;
}

export interface ActivationBits {
  readonly bits: number;
  readonly activations: number;
}

export interface ProgramInspection {
  readonly inputs: readonly TensorInspection[];
  readonly outputs: readonly TensorInspection[];
  readonly nodes: readonly NodeInspection[];
  /** Weights and biases. */
  readonly parameters: number;
  /** Per sample. */
  readonly multiplyAccumulates: number;
  /** Requantised and rescaled elements per sample. */
  readonly activations: number;
  /** Of those, how many are rounded to how many bits, the fewest bits first. */
  readonly activationBits: readonly ActivationBits[];
  /** Lookups per sample, those that prove the range of the inputs included. */
  readonly lookups: number;
}

const STRIPPED_OPERATORS: ReadonlySet<string> = new Set(["Softmax", "LogSoftmax"]);
const FOLDED_OPERATORS: ReadonlySet<string> = new Set(["Add", "Sub", "Mul", "Div", "BatchNormalization"]);
const MOVING_OPERATORS: ReadonlySet<string> = new Set([
  ...["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Identity", "Dropout", "Cast"],
]);

/** What became of a node of the graph that is no operator of the program. */
function fateOf({ operator }: Node): string {
  if (STRIPPED_OPERATORS.has(operator)) return "left out: the scores before it are the result";
  if (FOLDED_OPERATORS.has(operator)) return "part of the layer before it, or of a function after it";
  if (MOVING_OPERATORS.has(operator)) return "nothing: its input is handed on";
  return operator === "DequantizeLinear" ? "constant weights" : "part of a function after it";
}

function bitsOfRange({ lo, hi }: IntRange): number {
  const most = Math.max(hi + 1, -lo, 2);
  return Math.ceil(Math.log2(most)) + (lo < 0 ? 1 : 0);
}

function activationBits(tensors: readonly ActivationBits[]): ActivationBits[] {
  const counts = new Map<number, number>();
  for (const { bits, activations } of tensors) counts.set(bits, (counts.get(bits) ?? 0) + activations);
  return [...counts].map(([bits, activations]) => ({ bits, activations })).sort((a, b) => a.bits - b.bits);
}

function inspectTensor(program: Program, id: TensorId): TensorInspection {
  const { name, shape, range, quant } = program.tensors[id];
  return { name, shape, range, bits: bitsOfRange(range), scale: quant.scale };
}

/**
 * What is in a program: every node with its range, scale, error and share of the proving cost, and totals. With the
 * graph that it was compiled from, nodes carry the graph's operators and errors against the float reference, on
 * `samples` or on pseudo-random inputs over the declared range.
 *
 * @throws TensorproofError `input.outOfRange` if `samples` leave the declared range
 */
export function inspectProgram(program: Program, graph?: Graph, samples?: Samples): ProgramInspection {
  const { operators, tensors } = program;
  const errors = graph === undefined ? [] : floatErrors(program, graph, samples);
  const graphNodes = new Map(graph?.nodes.map((node) => [node.name, node]));
  const costs = operators.map((operator) => operatorCost(program, operator));
  const total = costs.reduce((sum, cost) => sum + totalCost(cost), 0);

  const inspectOperator = (operator: ProgramOperator, index: number): NodeInspection => {
    const { range, quant } = tensors[operator.output];
    return {
      name: operator.name,
      operator: graphNodes.get(operator.name)?.operator ?? operator.kind,
      becomes: operator.kind,
      range,
      bits: bitsOfRange(range),
      scale: quant.scale,
      floatError: errors[operator.output] ?? null,
      costShare: total === 0 ? 0 : totalCost(costs[index]) / total,
    };
  };
  const present = new Set(operators.map((operator) => operator.name));
  const absent = [...graphNodes.values()]
    .filter((node) => !present.has(node.name))
    .map((node): NodeInspection => {
      const { name, operator } = node;
      const becomes = fateOf(node);
      return {
        name,
        operator,
        becomes,
        range: null,
        bits: null,
        scale: null,
        floatError: null,
        costShare: 0,
      };
    });

  const requantised = operators.filter(({ kind }) => kind === "requantise" || kind === "rescale");
  const sizeOf = (id: TensorId): number => elementCount(tensors[id].shape);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return {
    inputs: program.inputs.map((id) => inspectTensor(program, id)),
    outputs: program.outputs.map((id) => inspectTensor(program, id)),
    nodes: [...operators.map(inspectOperator), ...absent],
    parameters: sum(program.constants.map(({ shape }) => elementCount(shape))),
    multiplyAccumulates: sum(operators.map((operator) => multiplyAccumulates(program, operator))),
    activations: sum(requantised.map(({ output }) => sizeOf(output))),
    activationBits: activationBits(
      requantised.map(({ output }) => ({
        bits: bitsOfRange(tensors[output].range),
        activations: sizeOf(output),
      })),
    ),
    lookups: sum(costs.map(({ lookups }) => lookups)) + sum(program.inputs.map(sizeOf)),
  };
}
