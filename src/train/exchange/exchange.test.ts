import { describe, expect, it } from "vitest";
import { loadModel } from "../../formats/load.ts";
import { writeOnnx } from "../../formats/onnx/write.ts";
import { runGraph } from "../../graph/run.ts";
import { elementCount } from "../../tensor/shape.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import type { NetworkSpec } from "../network/layerSpec.ts";
import { Network } from "../network/network.ts";
import { SeededRandom } from "../random.ts";
import { fromGraph } from "./fromGraph.ts";
import { toGraph } from "./toGraph.ts";

const SPECS: Readonly<Record<string, NetworkSpec>> = {
  dense: {
    inputShape: [6],
    layers: [
      { type: "dense", units: 5 },
      { type: "relu" },
      { type: "dense", units: 4, name: "named" },
      { type: "leaky-relu" },
      { type: "dense", units: 4 },
      { type: "square" },
      { type: "dense", units: 3 },
    ],
  },
  convolutional: {
    inputShape: [3, 9, 8],
    layers: [
      { type: "conv2d", filters: 4, kernel: 3, padding: "same", stride: 2 },
      { type: "tanh" },
      { type: "conv2d", filters: 6, kernel: [1, 3] },
      { type: "sigmoid" },
      { type: "max-pool", size: 2, stride: 1 },
      { type: "dropout", rate: 0.5 },
      { type: "average-pool", size: [2, 1] },
      { type: "global-average-pool" },
      { type: "flatten" },
      { type: "dense", units: 2 },
    ],
  },
};

function inputsOf({ inputShape }: NetworkSpec): Float32Array {
  const random = new SeededRandom(9);
  return Float32Array.from({ length: 3 * elementCount(inputShape) }, () => random.nextFloat() - 0.5);
}

describe.each(Object.entries(SPECS))("a %s network", (name, spec) => {
  const network = new Network(spec, 2);
  for (const { values, role } of network.parameters) if (role === "bias") values.fill(0.125);
  const inputs = inputsOf(spec);
  const expected = Array.from(network.forward(inputs, 3));

  it("computes the same as a Graph and after a round trip through ONNX", async () => {
    const graph = toGraph(network, name);
    expect(graph.problems).toEqual([]);
    const again = await loadModel(writeOnnx(graph), "network.onnx");
    const [output] = again.outputs;
    const result = runGraph(again, [floatTensor([3, ...spec.inputShape], inputs)]).get(output.name);
    expected.forEach((value, i) => {
      expect(result?.data[i]).toBeCloseTo(value, 5);
    });
    const read = fromGraph(again);
    expect(Array.from(read.forward(inputs, 3))).toEqual(expected);
    expect(read.parameters.map((parameter) => parameter.name)).toEqual(network.parameters.map((p) => p.name));
  });
});

describe("toGraph", () => {
  it("writes masked weights as zeros", () => {
    const network = new Network({ inputShape: [2], layers: [{ type: "dense", units: 1 }] }, 1);
    network.parameters[0].mask = Uint8Array.of(0, 1);
    const weight = toGraph(network, "masked").initializers.get("dense1.weight");
    expect(Array.from(weight?.data ?? [])).toEqual([0, network.parameters[0].values[1]]);
  });
});
