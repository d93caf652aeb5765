import { TensorproofError } from "../../errors/tensorproofError.ts";
import { checkGraph, type ProblemDetail } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Program, TensorId } from "../../program/program.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { ExactContext } from "./context.ts";
import { Emitter } from "./emitter.ts";
import { lowerInput } from "./inputs.ts";
import { NotExact } from "./notExact.ts";
import { exactRuleOf } from "./rules/registry.ts";

export interface ExactLowering {
  readonly program: Program;
  /** For each output, the operators after it that the program leaves out. */
  readonly stripped: readonly (readonly string[])[];
}

/** Runs `lower` and turns what keeps it from succeeding into an entry of the list. */
function attempt(
  problems: ProblemDetail[],
  node: string,
  operator: string | undefined,
  lower: () => void,
): void {
  try {
    lower();
  } catch (error) {
    if (error instanceof NotExact) {
      const { reason, node: culprit } = error;
      problems.push({ node: culprit?.name ?? node, operator: culprit?.operator ?? operator, reason });
    } else if (error instanceof TensorproofError && error.code === "program.rangeTooLarge") {
      problems.push({ node, operator, reason: `cannot be proven: ${error.message}` });
    } else {
      throw error;
    }
  }
}

function lowerNodes(context: ExactContext, problems: ProblemDetail[]): void {
  for (const node of context.graph.nodes) {
    // What follows a node that cannot be lowered is not at fault itself.
    if (!node.inputs.every((name) => context.isKnown(name))) continue;
    attempt(problems, node.name, node.operator, () => {
      const rule = exactRuleOf(node);
      if (rule === undefined) throw new NotExact("has no exact integer form yet");
      rule(context, node);
    });
  }
}

interface LoweredOutput {
  readonly id: TensorId;
  readonly stripped: readonly string[];
  readonly isIndex: boolean;
}

function lowerOutput(context: ExactContext, name: string): LoweredOutput {
  const { emitter } = context;
  const value = context.get(name);
  switch (value?.kind) {
    case "integers":
    case "real":
      return { id: emitter.materialise(value.view), stripped: [], isIndex: false };
    case "index":
      return { id: value.id, stripped: [], isIndex: true };
    case "stripped":
      return { id: emitter.materialise(value.scores.view), stripped: [value.operator], isIndex: false };
    default:
      throw new NotExact("is computed in floating point; the model has to quantise its output");
  }
}

function withArgMax(context: ExactContext, output: LoweredOutput): LoweredOutput {
  if (output.isIndex) return output;
  const { emitter } = context;
  const name = `ArgMax of ${emitter.tensor(output.id).name}`;
  const id = emitter.add({ kind: "argmax", name, input: output.id }, { name });
  return { id, stripped: [], isIndex: true };
}

function graphProblems(graph: Graph): ProblemDetail[] {
  return graph.problems
    .filter(({ code }) => code === "model.unsupportedOperator")
    .map(({ where, operator, reason }) => ({ node: where, operator, reason }));
}

function throwProblems(graph: Graph, problems: readonly ProblemDetail[]): never {
  const lines = problems.map(({ node, operator, reason }) =>
    operator === undefined ? `"${node}" ${reason}` : `${operator} "${node}" ${reason}`,
  );
  throw new TensorproofError(
    "model.unsupportedOperator",
    `model "${graph.name}" cannot be reproduced integer for integer (exact-int8):\n- ${lines.join("\n- ")}`,
    { where: problems[0].node, details: problems },
  );
}

/**
 * A quantised graph as an integer program: every tensor that the model stores is a tensor of the program, with the same
 * integers under the same name. `head` "argmax" appends an ArgMax to every output.
 *
 * @throws TensorproofError `model.unsupportedOperator` listing every node whose integers cannot be reproduced, or what
 * `checkGraph` throws
 */
export function lowerExact(graph: Graph, arithmetic: Arithmetic, head: "scores" | "argmax"): ExactLowering {
  // Lowering would report what follows from the graph's own faults.
  if (graph.problems.some(({ code }) => code !== "model.unsupportedOperator")) checkGraph(graph);
  const problems = graphProblems(graph);
  const context = new ExactContext(graph, arithmetic, new Emitter());
  for (const input of graph.inputs) {
    attempt(problems, input.name, undefined, () => lowerInput(context, input));
  }
  lowerNodes(context, problems);
  const outputs: LoweredOutput[] = [];
  for (const { name } of graph.outputs) {
    if (!context.isKnown(name) && problems.length > 0) continue;
    attempt(problems, name, undefined, () => {
      const output = lowerOutput(context, name);
      outputs.push(head === "argmax" ? withArgMax(context, output) : output);
    });
  }
  if (problems.length > 0) throwProblems(graph, problems);
  const program = context.emitter.finish(
    graph.name,
    outputs.map(({ id }) => id),
  );
  return { program, stripped: outputs.map(({ stripped }) => stripped) };
}
