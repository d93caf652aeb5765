/** Proofs of a pruned network, made and verified in processes of their own as `bench` does. */
import { join } from "node:path";
import { measureRow } from "../../bench/measureRow.ts";
import type { MeasuredProofs } from "../../bench/studies/pruningPoint.ts";
import { type SuiteSettings, withDefaults } from "../../bench/suite.ts";
import { writeNpy } from "../../data/npy.ts";
import { writeTogether } from "../../files/atomicFile.ts";
import { writeOnnx } from "../../formats/onnx/write.ts";
import type { Graph } from "../../graph/graph.ts";
import { compileOptions, type ModelOptions } from "../options.ts";

export interface ProofRequest {
  readonly graph: Graph;
  /** Without its ending; the model and its sample stay there. */
  readonly path: string;
  readonly sample: { readonly shape: readonly number[]; readonly data: Float32Array };
  readonly inputRange: readonly [number, number];
  readonly options: ModelOptions;
  readonly backends: readonly string[];
  readonly onProgress: (text: string) => void;
}

/** Null where the user interrupted. Native proofs hide the weights; in circuits they are constants, which zeros make cheaper. */
export async function measureProofs(request: ProofRequest): Promise<MeasuredProofs[] | null> {
  const { graph, path, sample, inputRange, options, backends, onProgress } = request;
  if (backends.length === 0) return [];
  const [file, data] = [`${path}.onnx`, join(path, "..", "sample.npy")];
  await writeTogether([
    { path: file, bytes: writeOnnx(graph) },
    { path: data, bytes: writeNpy(sample) },
  ]);
  const { calibration: _, ...compiled } = compileOptions(options);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  const proofs: MeasuredProofs[] = [];
  try {
    for (const backend of backends) {
      const settings: SuiteSettings = {
        ...{ ...compiled, inputRange, name: "study" },
        ...(backend === "native" ? {} : { visibility: { weights: "public" } }),
      };
      const outcome = await measureRow(
        { model: { name: "pruned", file, data }, backend, settings: withDefaults(settings) },
        {
          command: [process.execPath, ...process.execArgv, process.argv[1], "bench-job"],
          onStep: (step) => onProgress(`${backend}: ${step}`),
          signal: interruption.signal,
        },
      );
      if (outcome.kind === "aborted") return null;
      const { part } = outcome;
      if (part.outcome !== "measured") {
        proofs.push({ backend, outcome: "failed", reason: part.failure.message });
        continue;
      }
      const { setupCpuMs, proveCpuMs, verifyCpuMs, proofBytes } = part.figures;
      proofs.push({ backend, outcome: "measured", setupCpuMs, proveCpuMs, verifyCpuMs, proofBytes });
    }
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
  return proofs;
}
