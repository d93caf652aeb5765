/** The process that measures accuracy: what is proven against the graph that it comes from, on labelled samples. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadBackend } from "../../backends/registry.ts";
import type { Samples } from "../../quant/compileOptions.ts";
import { evaluate } from "../../quant/evaluate.ts";
import { evaluateReals } from "../../quant/evaluateReals.ts";
import type { Evaluation } from "../../quant/predictions.ts";
import { withoutSoftmax } from "./floatSource.ts";
import { guardError } from "./guardError.ts";
import { type AccuracyAnswer, type Job, PROVING_KEY_FILE } from "./job.ts";
import { type PreparedModel, prepareModel, readLabels } from "./preparedModel.ts";
import { zeroWeightShare } from "./zeroWeights.ts";

function firstOf(samples: Samples, count: number): Samples {
  return samples.map(({ shape: [all, ...shape], data }) => ({
    shape: [Math.min(all, count), ...shape],
    data: data.subarray(0, (data.length / all) * Math.min(all, count)),
  }));
}

/** A backend that quantises by itself computes the samples with the circuit that was proven. */
async function evaluateOwn(
  job: Job,
  { graph }: PreparedModel,
  samples: Samples,
  labels: ArrayLike<number>,
): Promise<Evaluation> {
  const backend = await loadBackend(job.backend);
  if (backend.infer === undefined)
    throw guardError("noAccuracy", `"${job.backend}" quantises by itself and cannot say what it computes`);
  const [count] = samples[0].shape;
  const single = Array.from({ length: count }, (_, n) =>
    samples.map(({ data }) => data.slice((n * data.length) / count, ((n + 1) * data.length) / count)),
  );
  const own = await backend.infer(new Uint8Array(readFileSync(join(job.folder, PROVING_KEY_FILE))), single);
  await backend.dispose();
  return evaluateReals(withoutSoftmax(graph), samples, own, labels);
}

/** The job's model has labels. */
export async function accuracyRole(job: Job, onStep: (step: string) => void): Promise<AccuracyAnswer> {
  onStep("quantise");
  const prepared = await prepareModel(job);
  const { graph, program } = prepared;
  const labels = readLabels(graph, job.model.labels as string);
  const { accuracySamples = labels.length } = job.settings;
  const samples = firstOf(prepared.samples, accuracySamples);
  const known = Array.prototype.slice.call(labels, 0, accuracySamples);
  onStep("evaluate");
  const accuracy =
    job.arithmetic === "own"
      ? await evaluateOwn(job, prepared, samples, known)
      : evaluate(graph, program, samples, known);
  return { role: "accuracy", accuracy, zeroWeightShare: zeroWeightShare(program) };
}
