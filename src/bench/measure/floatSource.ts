/** What a backend that quantises by itself is handed: the float model of the job as ONNX. */
import type { FloatSource } from "../../backends/proofBackend.ts";
import { writeOnnx } from "../../formats/onnx/write.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Samples } from "../../quant/compileOptions.ts";
import type { MeasurementSettings } from "../suite.ts";

/** Such backends run their circuit on each sample for each scale that they try. */
const CALIBRATION_SAMPLES = 32;

/** Programs of all others end in the scores, which say the same. */
export function withoutSoftmax(graph: Graph): Graph {
  const [output, ...others] = graph.outputs;
  const last = graph.nodes.find(({ outputs }) => outputs.includes(output.name));
  if (others.length > 0 || last?.operator !== "Softmax") return graph;
  const scores = graph.values.get(last.inputs[0]);
  if (scores === undefined) return graph;
  const values = new Map(graph.values);
  values.delete(output.name);
  return { ...graph, outputs: [scores], nodes: graph.nodes.filter((node) => node !== last), values };
}

export function floatSource(
  graph: Graph,
  samples: Samples,
  { target = "resources", fractionBits }: MeasurementSettings,
): FloatSource {
  const calibration = samples.map(({ shape, data }) => {
    const length = data.length / shape[0];
    return data.slice(0, CALIBRATION_SAMPLES * length);
  });
  return {
    onnx: writeOnnx(graph),
    batchAxis: "batch",
    calibration,
    target,
    fractionBits: fractionBits ?? null,
  };
}
