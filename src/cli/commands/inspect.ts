/** `inspect`: what is in a model, what each node becomes, and what proving it will cost. */
import type { Command } from "commander";
import { checkGraph, type ProblemDetail } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { operatorOf } from "../../graph/operators/registry.ts";
import type { Program } from "../../program/program.ts";
import { inspectProgram, type NodeInspection, type ProgramInspection } from "../../quant/inspectProgram.ts";
import { unsupportedNodes } from "../../quant/lower/lowerGraph.ts";
import { DEFAULT_VISIBILITIES } from "../../relations/visibility.ts";
import { addBackendOption, type BackendOption } from "../backends/options.ts";
import type { Estimate } from "../estimate.ts";
import { forecast, forecastText } from "../maxMemory.ts";
import { compile, programOf, readModelFile } from "../models.ts";
import type { ModelOptions } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";

interface InspectOptions extends CommonOptions, ModelOptions, BackendOption {
  readonly visibility?: string;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "model file, compiled program (.tp) or proving key")
    .option("--visibility <who>", "other backends: who sees what, on which the circuit depends")
    .action(run);
  addBackendOption(command);
}

async function run(model: string, options: InspectOptions): Promise<void> {
  if (options.backend !== "native") {
    const { inspectWith } = await import("../backends/inspectWith.ts");
    return inspectWith(model, options);
  }
  if (options.visibility !== undefined)
    throw usageError("--visibility is for other backends: the forecast is for all private", "--visibility");
  const reporter = new Reporter(options);
  const { threads = 1 } = options;
  const file = await readModelFile(model, options);
  if (file.kind !== "graph") {
    const program = programOf(file, options, reporter);
    show(reporter, { program, threads, key: file.kind === "key" ? file.key.verificationKey : null });
    return;
  }
  const { graph } = file;
  // Without shapes nothing can be said about operators.
  if (graph.problems.some(({ code }) => code !== "model.unsupportedOperator")) checkGraph(graph);
  // Which integers can be reproduced, only compiling in that mode tells.
  const unsupported = options.mode === "exact-int8" ? [] : unsupportedNodes(graph);
  if (unsupported.length > 0) {
    showUnsupported(reporter, graph, unsupported);
    return;
  }
  checkGraph(graph);
  show(reporter, { program: compile(file, options, reporter).program, threads, key: null, graph });
}

interface Inspected {
  readonly program: Program;
  readonly threads: number;
  /** Verification key of a model that is set up. */
  readonly key: Uint8Array | null;
  readonly graph?: Graph;
}

function show(reporter: Reporter, { program, threads, key, graph }: Inspected): void {
  const inspection = inspectProgram(program, graph);
  const visibilities = DEFAULT_VISIBILITIES;
  const estimate = forecast({ program, visibilities, batch: 1, threads, verificationKey: key });
  const notes = graph === undefined ? [] : notesOf(graph);
  const shown = notes.map(({ node, note }) => `note: node "${node}": ${note}`);
  reporter.result(
    { ...inspection, unsupported: [], notes, estimate },
    [text(inspection, estimate, threads), ...shown].join("\n"),
  );
}

interface NodeNote {
  readonly node: string;
  readonly note: string;
}

/** What is to be known of nodes that become part of a program, beside that. */
function notesOf(graph: Graph): NodeNote[] {
  return graph.nodes.flatMap((node) => {
    const note = operatorOf(node)?.note?.(node);
    return note === undefined ? [] : [{ node: node.name, note }];
  });
}

/** What a graph without an integer form tells all the same. */
function showUnsupported(reporter: Reporter, graph: Graph, unsupported: readonly ProblemDetail[]): void {
  const reasons = new Map(unsupported.map(({ node, reason }) => [node, reason]));
  const nodes = graph.nodes.map(({ name, operator }) => ({
    name,
    operator,
    becomes: reasons.has(name) ? "unsupported" : "not compiled: the model has unsupported nodes",
    range: null,
    bits: null,
    scale: null,
    floatError: null,
    costShare: null,
  }));
  const tensors = (list: Graph["inputs"]): unknown[] =>
    list.map(({ name, shape }) => ({ name, shape, range: null, bits: null, scale: null }));
  const object = {
    inputs: tensors(graph.inputs),
    outputs: tensors(graph.outputs),
    nodes,
    parameters: [...graph.initializers.values()].reduce((sum, { data }) => sum + data.length, 0),
    multiplyAccumulates: null,
    activations: null,
    activationBits: null,
    lookups: null,
    unsupported,
    notes: notesOf(graph),
    estimate: null,
  };
  const lines = unsupported.map(
    ({ node, operator, reason }) => `  ${operator ?? "node"} "${node}": ${reason}`,
  );
  reporter.result(
    object,
    `model "${graph.name}" cannot be proven yet; ${unsupported.length} unsupported:\n${lines.join("\n")}`,
  );
}

function text(inspection: ProgramInspection, estimate: Estimate, threads: number): string {
  const { inputs, outputs, nodes, parameters, multiplyAccumulates, activations, lookups } = inspection;
  const byBits = inspection.activationBits.map((entry) => `${entry.activations} to ${entry.bits} bits`);
  const tensor = ({ name, shape, range, scale }: ProgramInspection["inputs"][number]): string =>
    `${name} [${shape.join(", ")}], integers ${range.lo} to ${range.hi}, scale ${scale.toPrecision(4)}`;
  return [
    ...inputs.map((input) => `input  ${tensor(input)}`),
    ...outputs.map((output) => `output ${tensor(output)}`),
    "",
    ...table(nodes),
    "",
    `${parameters} parameters; per sample ${multiplyAccumulates} multiply-accumulates, ${activations} activations, ${lookups} lookups`,
    ...(byBits.length === 0 ? [] : [`activations are rounded: ${byBits.join(", ")}`]),
    `forecast for one proof, all private, ${threads === 1 ? "one thread" : `${threads} threads`}: ${forecastText(estimate)}, proof of ${Math.round(estimate.proofBytes / 1024)} KiB`,
  ].join("\n");
}

function table(nodes: readonly NodeInspection[]): string[] {
  const header = ["node", "operator", "becomes", "range", "bits", "scale", "float error", "cost"];
  const rows = nodes.map(({ name, operator, becomes, range, bits, scale, floatError, costShare }) => [
    shortened(name),
    operator,
    becomes,
    range === null ? "" : `${range.lo} to ${range.hi}`,
    bits === null ? "" : String(bits),
    scale === null ? "" : scale.toPrecision(4),
    floatError === null ? "" : floatError.toPrecision(3),
    `${(100 * costShare).toFixed(1)} %`,
  ]);
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  return [header, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join("  ")
      .trimEnd(),
  );
}

/** Converters join the names of all operators that became one; both ends tell such names apart. */
function shortened(name: string): string {
  const MAX_SHOWN = 44;
  const half = MAX_SHOWN / 2;
  return name.length <= MAX_SHOWN ? name : `${name.slice(0, half - 1)}…${name.slice(-half)}`;
}
