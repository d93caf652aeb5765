/** Convolutional networks of others against TensorFlow Lite; skipped where the models are not beside the repository. */

import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compareWithGolden, SHARED_DATA } from "./testing/goldens.ts";

const MNIST = ["28_6_16_10_5", "14_5_11_80_10_3", "28_6_16_120_84_10_5"];
const FLOAT_MODELS = [
  ...MNIST.map((name) => [`mnist-models/${name}.tflite`, name]),
  ...MNIST.map((name) => [`mnist-models/${name}.h5`, name]),
  ["tiny-mlperf/resnet8.h5", "resnet8_float"],
  ["tiny-mlperf/resnet8_float.tflite", "resnet8_float"],
  ["tiny-mlperf/vww96_mobilenetv1_float.tflite", "vww96_mobilenetv1_float"],
  ["zkml/mnist_model.tflite", "mnist_model"],
  ["zkml/mobilenet_v2_1.0_224_truncated.tflite", "mobilenet_v2_1.0_224_truncated"],
];

/** With the share of outputs that have to be within two steps: imitated rounding is not the kernels' own. */
const QUANTISED_MODELS: readonly (readonly [string, string, number])[] = [
  ["mnist-models/q_aware_196_24_14_10.tflite", "q_aware_196_24_14_10", 1],
  ["mnist-models/q_aware_784_56_10.tflite", "q_aware_784_56_10", 1],
  ["tiny-mlperf/kws_dscnn_int8.tflite", "kws_dscnn_int8", 0.9],
  ["tiny-mlperf/resnet8_int8.tflite", "resnet8_int8", 0.85],
  ["tiny-mlperf/vww96_mobilenetv1_int8.tflite", "vww96_mobilenetv1_int8", 1],
  ["coral/mobilenet_v1_0.25_128_uint8.tflite", "mobilenet_v1_0.25_128_uint8", 0.99],
  ["coral/mobilenet_v2_1.0_224_uint8.tflite", "mobilenet_v2_1.0_224_uint8", 0.99],
];

describe.skipIf(!existsSync(SHARED_DATA))(`models of others (skipped without ${SHARED_DATA})`, () => {
  test.each(FLOAT_MODELS)("%s agrees with TensorFlow Lite", async (file, golden) => {
    const { graph, errors, range } = await compareWithGolden(file, golden);
    expect(graph.arithmetic).toBe("float");
    expect(Math.max(...errors) / range).toBeLessThan(1e-5);
  });

  // TensorFlow Lite rounds activations to 8 bits where weights have 8 bits ("hybrid" kernels); here they stay real.
  test("weights of 8 bits on real activations are computed with in reals", async () => {
    const { graph, errors, range } = await compareWithGolden(
      "tiny-mlperf/kws_dscnn_float.tflite",
      "kws_dscnn_float",
    );
    expect(graph.arithmetic).toBe("float");
    expect(Math.max(...errors) / range).toBeLessThan(0.02);
  });

  test.each(QUANTISED_MODELS)(
    "%s is within two steps for most outputs",
    async (file, golden, share) => {
      const { graph, errors } = await compareWithGolden(file, golden);
      expect(graph.arithmetic).toBe("tflite");
      expect(graph.inputs[0].type).toMatch(/^u?int8$/);
      expect(graph.outputs[0].type).toBe(graph.inputs[0].type);
      expect(errors.filter((error) => error <= 2).length / errors.length).toBeGreaterThanOrEqual(share);
    },
    60_000,
  );
});
