import { TensorproofError } from "../../errors/tensorproofError.ts";
import { checkGraph, type ProblemDetail } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { Head } from "../compileOptions.ts";
import { foldAffine } from "../passes/foldAffine.ts";
import { fuse } from "../passes/fuse.ts";
import { narrow } from "../passes/narrow.ts";
import { withoutDeadSteps } from "../passes/readers.ts";
import type { RealId, RealOutput, RealProgram, RealStep } from "../realProgram.ts";
import { LoweringContext, NotLowerable } from "./context.ts";
import { withDequantisedWeights } from "./dequantisedWeights.ts";
import { withInfiniteMasks } from "./infiniteMasks.ts";
import { lowerNode } from "./lowerNode.ts";

/** Stands for ∞ until the scores that it must be far from are known. */
const STAND_IN = 2 ** 12;

function prepared(graph: Graph): Graph {
  return withInfiniteMasks(withDequantisedWeights(graph));
}

/** Lowers what can be lowered and gathers why the rest cannot. */
function lowerNodes(context: LoweringContext): ProblemDetail[] {
  const unsupported: ProblemDetail[] = [];
  for (const node of context.graph.nodes) {
    const { name, operator } = node;
    try {
      // What follows an unsupported node is not at fault itself.
      if (node.inputs.every((input) => context.isKnown(input))) lowerNode(context, node);
    } catch (error) {
      if (!(error instanceof NotLowerable)) throw error;
      unsupported.push({ node: name, operator, reason: error.reason });
    }
  }
  return unsupported;
}

/** Operators that the graph itself does not support, then those of `others` that are not among them. */
function withGraphProblems(graph: Graph, others: readonly ProblemDetail[]): ProblemDetail[] {
  const problems = graph.problems
    .filter(({ code }) => code === "model.unsupportedOperator")
    .map(({ where, operator, reason }): ProblemDetail => ({ node: where, operator, reason }));
  const named = new Set(problems.map(({ node }) => node));
  return [...problems, ...others.filter(({ node }) => !named.has(node))];
}

/** Nodes that keep the graph from becoming an integer program, with the reason; empty if none does. */
export function unsupportedNodes(graph: Graph): ProblemDetail[] {
  return withGraphProblems(graph, lowerNodes(new LoweringContext(prepared(graph), "scores", STAND_IN)));
}

/** Whether the value is the result of such a step, perhaps in another form. */
function comesFrom(context: LoweringContext, id: RealId, kind: RealStep["kind"]): boolean {
  const step = context.steps.find((candidate) => candidate.id === id);
  if (step?.kind === "reshape" || step?.kind === "transpose") return comesFrom(context, step.input, kind);
  return step?.kind === kind;
}

function appendArgMax(context: LoweringContext, output: RealOutput): RealOutput {
  const step = context.steps.find(({ id }) => id === output.id);
  if (step === undefined || comesFrom(context, output.id, "argmax")) return output;
  const name = `ArgMax of ${step.result}`;
  const shape = step.shape.slice(0, -1);
  const id = context.add({ kind: "argmax", name, result: name, input: output.id, shape });
  return { id, stripped: [] };
}

function independent(name: string, isEmpty: boolean): TensorproofError {
  const message = isEmpty
    ? `output "${name}" has no elements, so there is nothing to prove of it; leave it out`
    : `output "${name}" is the same for every input in the declared ranges; leave it out`;
  return new TensorproofError("model.outputIndependent", message, { where: name });
}

/**
 * The graph as steps that have an integer form, fused as far as possible. `head` "argmax" appends an ArgMax to every
 * output; "probabilities" keeps the Softmax at the end of one, of which there must be one.
 *
 * @throws TensorproofError `model.unsupportedOperator` listing every node that has no integer form, or what
 * `checkGraph` throws; `options.invalid`
 */
export function lowerGraph(graph: Graph, head: Head, standIn: number = STAND_IN): RealProgram {
  const context = new LoweringContext(prepared(graph), head, standIn);
  const unsupported = withGraphProblems(graph, lowerNodes(context));
  if (unsupported.length > 0) {
    const lines = unsupported.map(({ node, operator, reason }) => `${operator} "${node}" ${reason}`);
    throw new TensorproofError(
      "model.unsupportedOperator",
      `model "${graph.name}" cannot become an integer program:\n- ${lines.join("\n- ")}`,
      { where: unsupported[0].node, details: unsupported },
    );
  }
  checkGraph(graph);
  let outputs = graph.outputs.map(({ name, shape }) => {
    if (elementCount(shape) === 0 || context.constant(name) !== undefined)
      throw independent(name, elementCount(shape) === 0);
    return { id: context.readPlain(context.scoresOf(name)), stripped: context.strippedBefore(name) };
  });
  if (head === "argmax") outputs = outputs.map((output) => appendArgMax(context, output));
  if (head === "probabilities" && !outputs.some(({ id }) => comesFrom(context, id, "softmax"))) {
    const message = `option head: model "${graph.name}" does not end in a Softmax, so it has no probabilities; leave the option out`;
    throw new TensorproofError("options.invalid", message, { where: "head" });
  }
  const inputs = graph.inputs.map(({ name, shape, type }, id) => ({ id, name, shape, type }));
  const program: RealProgram = {
    inputs,
    steps: context.steps,
    outputs,
    standIn: context.usesStandIn ? standIn : null,
  };
  return narrow(fuse(foldAffine(withoutDeadSteps(program))));
}
