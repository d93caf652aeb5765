import { TensorproofError } from "../../errors/tensorproofError.ts";
import { checkGraph, type ProblemDetail } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import type { DenseStep, RealId, RealOutput, RealProgram, RealStep } from "../realProgram.ts";
import { LoweringContext, NotLowerable } from "./context.ts";
import { loweringRuleOf } from "./registry.ts";

const IDENTITY = { kind: "clamp", lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY } as const;

/** Lowers what can be lowered and gathers why the rest cannot. */
function lowerNodes(context: LoweringContext): ProblemDetail[] {
  const unsupported: ProblemDetail[] = [];
  for (const node of context.graph.nodes) {
    const { name, operator } = node;
    const rule = loweringRuleOf(node);
    try {
      if (rule === undefined) throw new NotLowerable("has no integer form yet");
      // What follows an unsupported node is not at fault itself.
      if (node.inputs.every((input) => context.isKnown(input))) rule(context, node);
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
  return withGraphProblems(graph, lowerNodes(new LoweringContext(graph)));
}

/**
 * A dense layer whose sums feed another layer or an activation of their own needs them small again: it gets the
 * identity as its activation, which becomes a requantisation.
 */
function withIdentityActivations(steps: readonly RealStep[], numInputs: number): RealStep[] {
  const neededSmall = new Set<RealId>();
  const result = [...steps];
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index];
    const passesOn = step.kind === "reshape" && neededSmall.has(numInputs + index);
    if (step.kind === "dense" || step.kind === "activation" || passesOn) neededSmall.add(step.input);
    if (step.kind !== "dense" || step.activation !== null || !neededSmall.has(numInputs + index)) continue;
    const activation = { name: `${step.name} (requantise)`, function: IDENTITY };
    result[index] = { ...step, activation } satisfies DenseStep;
  }
  return result;
}

/** Whether the value is an index already: an ArgMax, perhaps under another shape. */
function isArgMax(context: LoweringContext, id: RealId): boolean {
  const step = context.steps[id - context.graph.inputs.length];
  return step?.kind === "argmax" || (step?.kind === "reshape" && isArgMax(context, step.input));
}

function appendArgMax(context: LoweringContext, output: RealOutput): RealOutput {
  const step = context.steps[output.id - context.graph.inputs.length];
  if (step === undefined || isArgMax(context, output.id)) return output;
  const name = `ArgMax of ${step.graphValue}`;
  const shape = step.shape.slice(0, -1);
  const id = context.add({ kind: "argmax", name, input: output.id, graphValue: name, shape });
  return { id, stripped: [] };
}

/**
 * The graph as dense layers with activations, reshapes and argmaxes. `head` "argmax" appends an ArgMax to every output.
 *
 * @throws TensorproofError `model.unsupportedOperator` listing every node that has no integer form, or what
 * `checkGraph` throws
 */
export function lowerGraph(graph: Graph, head: "scores" | "argmax"): RealProgram {
  const context = new LoweringContext(graph);
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
  let outputs = graph.outputs.map(({ name }) => ({
    id: context.idOf(name),
    stripped: context.strippedBefore(name),
  }));
  if (head === "argmax") outputs = outputs.map((output) => appendArgMax(context, output));
  const inputs = graph.inputs.map(({ name, shape }) => ({ name, shape }));
  return { inputs, steps: withIdentityActivations(context.steps, inputs.length), outputs };
}
