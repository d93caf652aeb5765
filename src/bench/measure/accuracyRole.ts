/** The process that measures accuracy: the program against the graph that it comes from, on labelled samples. */
import { evaluate } from "../../quant/evaluate.ts";
import type { AccuracyAnswer, Job } from "./job.ts";
import { prepareModel, readLabels } from "./preparedModel.ts";

/** The job's model has labels. */
export async function accuracyRole(job: Job, onStep: (step: string) => void): Promise<AccuracyAnswer> {
  onStep("quantise");
  const { graph, program, samples } = await prepareModel(job);
  const labels = readLabels(graph, job.model.labels as string);
  onStep("evaluate");
  return { role: "accuracy", accuracy: evaluate(graph, program, samples, labels) };
}
