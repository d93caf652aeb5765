/** One point of a study: a network pruned, evaluated on held-out data, its costs counted. */
import type { CountedCircuit, PruningPoint } from "../../bench/studies/pruningPoint.ts";
import type { Graph } from "../../graph/graph.ts";
import { type PruneMethod, pruneNetwork } from "../../prune/pruneNetwork.ts";
import type { PruneScope } from "../../prune/scope.ts";
import { evaluate } from "../../quant/evaluate.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { fromGraph } from "../../train/exchange/fromGraph.ts";
import { toGraph } from "../../train/exchange/toGraph.ts";
import { compile, type GraphFile } from "../models.ts";
import type { ModelOptions } from "../options.ts";
import { type NotCounted, programCosts, type R1csCost } from "../programCosts.ts";
import type { Reporter } from "../reporter.ts";
import type { Training } from "./training.ts";

export interface PointRequest {
  readonly file: GraphFile;
  readonly training: Training;
  readonly method: PruneMethod;
  readonly scope: PruneScope;
  readonly amount: number;
  readonly rounds: number;
  readonly finetune: boolean;
  /** Whether circuits with hidden weights are counted too. */
  readonly countHidden: boolean;
  readonly options: ModelOptions;
  readonly reporter: Reporter;
}

export interface MeasuredPoint {
  readonly graph: Graph;
  readonly figures: Omit<PruningPoint, "key" | "proofs">;
}

function counted(cost: R1csCost | NotCounted): CountedCircuit | null {
  return "constraints" in cost ? cost : null;
}

/** At 0 nothing is taken out, and nothing is trained: the network as it was given. */
export function measurePoint(request: PointRequest): MeasuredPoint {
  const { file, training, method, scope, amount, rounds, finetune, countHidden, options, reporter } = request;
  const { dataset } = training;
  const pruned =
    amount === 0
      ? fromGraph(file.graph)
      : pruneNetwork(fromGraph(file.graph), {
          ...{ method, scope, share: amount, rounds: method === "movement" ? 1 : rounds },
          ...(finetune ? { finetune: { data: dataset.train, options: training.options } } : {}),
        });
  const graph = toGraph(pruned, file.graph.name);
  const { test, inputShape } = dataset;
  const samples = [floatTensor([test.count, ...inputShape], test.inputs)];
  const { program } = compile({ ...file, graph }, options, reporter, () => samples);
  const { float, integer } = evaluate(graph, program, samples, test.targets);
  const costs = programCosts(program, { countHidden });
  const { weights, nonZeroWeights, multiplyAccumulates, native, r1cs } = costs;
  const quality = "accuracy" in float && "accuracy" in integer ? [float.accuracy, integer.accuracy] : null;
  const fit = "r2" in float && "r2" in integer ? [float.r2, integer.r2] : [Number.NaN, Number.NaN];
  const [ofFloat, ofInteger] = quality ?? fit;
  return {
    graph,
    figures: {
      ...{ method, amount, metric: quality === null ? "r2" : "accuracy", float: ofFloat, integer: ofInteger },
      ...{ weights, nonZeroWeights, multiplyAccumulates },
      native: { proveMs: native.proveMs + native.witnessMs, proofBytes: native.proofBytes },
      constantWeights: counted(r1cs.constantWeights),
      hiddenWeights: counted(r1cs.hiddenWeights),
    },
  };
}
