/** The published networks that have to run from file to verified proof, and where they stand. */

/** Beside the repository; see docs/guide/models.md. */
export const DATA = "../shared/data";

export interface PublishedModel {
  /** Below DATA. */
  readonly path: string;
  readonly mode: "pow2" | "exact-int8";
  /** Folder of inputs and of TensorFlow Lite's outputs for them (reference kernels). */
  readonly goldens: string;
  /** Takes long, or more than half a gigabyte: proven only where TENSORPROOF_HEAVY is set. */
  readonly isHeavy?: boolean;
}

const BENCHMARK_NETS = [
  "784_56_10",
  "196_25_10",
  "196_24_14_10",
  "28_6_16_10_5",
  "14_5_11_80_10_3",
  "28_6_16_120_84_10_5",
];

export const PUBLISHED_MODELS: readonly PublishedModel[] = [
  ...BENCHMARK_NETS.flatMap((net): PublishedModel[] => [
    { path: `mnist-models/${net}.tflite`, mode: "pow2", goldens: net },
    { path: `mnist-models/${net}.h5`, mode: "pow2", goldens: net },
  ]),
  ...["q_aware_784_56_10", "q_aware_196_24_14_10"].map(
    (net): PublishedModel => ({ path: `mnist-models/${net}.tflite`, mode: "exact-int8", goldens: net }),
  ),
  { path: "zkml/mnist_model.tflite", mode: "pow2", goldens: "mnist_model" },
  { path: "zkml/mnist_model.msgpack", mode: "pow2", goldens: "mnist_model" },
  { path: "tiny-mlperf/kws_dscnn_float.tflite", mode: "pow2", goldens: "kws_dscnn_float" },
  { path: "tiny-mlperf/kws_dscnn_int8.tflite", mode: "exact-int8", goldens: "kws_dscnn_int8" },
  { path: "tiny-mlperf/resnet8_float.tflite", mode: "pow2", goldens: "resnet8_float" },
  { path: "tiny-mlperf/resnet8.h5", mode: "pow2", goldens: "resnet8_float" },
  { path: "tiny-mlperf/resnet8_int8.tflite", mode: "exact-int8", goldens: "resnet8_int8" },
  {
    path: "tiny-mlperf/vww96_mobilenetv1_float.tflite",
    mode: "pow2",
    goldens: "vww96_mobilenetv1_float",
    isHeavy: true,
  },
  {
    path: "tiny-mlperf/vww96_mobilenetv1_int8.tflite",
    mode: "exact-int8",
    goldens: "vww96_mobilenetv1_int8",
    isHeavy: true,
  },
  {
    path: "coral/mobilenet_v1_0.25_128_uint8.tflite",
    mode: "exact-int8",
    goldens: "mobilenet_v1_0.25_128_uint8",
    isHeavy: true,
  },
  {
    path: "zkml/mobilenet_v2_1.0_224_truncated.tflite",
    mode: "pow2",
    goldens: "mobilenet_v2_1.0_224_truncated",
    isHeavy: true,
  },
  ...["uint8", "int8"].map(
    (type): PublishedModel => ({
      path: `coral/mobilenet_v2_1.0_224_${type}.tflite`,
      mode: "exact-int8",
      goldens: `mobilenet_v2_1.0_224_${type}`,
      isHeavy: true,
    }),
  ),
];
