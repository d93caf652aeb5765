/**
 * The networks of the suite. `file` is in the data folder, or in this repository with `own`. `inputRange`, where there is
 * no data to calibrate with, is what the model's own preprocessing gives. `build` makes a graph in code (random.mjs).
 */
const MNIST_TESTED = 10_000;
const NO_IMAGENET = "no ImageNet validation images in the data folder";
const NO_KEYWORDS = "no labelled keywords in the data folder";
const RANDOM_WEIGHTS = "random weights";
const NO_PERSONS = "no labelled images of persons in the data folder";

function mnist(name, extra = {}) {
  return {
    name,
    file: `mnist-models/${name}.tflite`,
    mode: "pow2",
    data: name.startsWith("14") || name.startsWith("196") ? "mnist-14" : "mnist",
    tested: MNIST_TESTED,
    ...extra,
  };
}

export const MODELS = [
  mnist("784_128_10", { own: true, file: "examples/mnist/model.onnx" }),
  mnist("196_25_10"),
  mnist("196_24_14_10"),
  mnist("784_56_10"),
  mnist("14_5_11_80_10_3"),
  mnist("28_6_16_10_5"),
  mnist("28_6_16_120_84_10_5"),
  mnist("zkml_mnist", { file: "zkml/mnist_model.tflite" }),
  {
    name: "kws_dscnn",
    file: "tiny-mlperf/kws_dscnn_float.tflite",
    mode: "pow2",
    inputRange: [-128, 128],
    untested: NO_KEYWORDS,
  },
  {
    name: "kws_dscnn_int8",
    file: "tiny-mlperf/kws_dscnn_int8.tflite",
    mode: "exact-int8",
    untested: NO_KEYWORDS,
  },
  { name: "resnet8", file: "tiny-mlperf/resnet8_float.tflite", mode: "pow2", data: "cifar10", tested: 1000 },
  {
    name: "resnet8_int8",
    file: "tiny-mlperf/resnet8_int8.tflite",
    mode: "exact-int8",
    data: "cifar10",
    tested: 1000,
  },
  {
    name: "vww",
    file: "tiny-mlperf/vww96_mobilenetv1_float.tflite",
    mode: "pow2",
    inputRange: [0, 1],
    untested: NO_PERSONS,
  },
  {
    name: "vww_int8",
    file: "tiny-mlperf/vww96_mobilenetv1_int8.tflite",
    mode: "exact-int8",
    untested: NO_PERSONS,
  },
  {
    name: "mobilenet_v1_0.25_128",
    file: "coral/mobilenet_v1_0.25_128_uint8.tflite",
    mode: "exact-int8",
    untested: NO_IMAGENET,
  },
  {
    name: "mobilenet_v2_truncated",
    file: "zkml/mobilenet_v2_1.0_224_truncated.tflite",
    mode: "pow2",
    inputRange: [-1, 1],
    untested: NO_IMAGENET,
  },
  {
    name: "mobilenet_v2_uint8",
    file: "coral/mobilenet_v2_1.0_224_uint8.tflite",
    mode: "exact-int8",
    untested: NO_IMAGENET,
  },
  {
    name: "mobilenet_v2_int8",
    file: "coral/mobilenet_v2_1.0_224_int8.tflite",
    mode: "exact-int8",
    untested: NO_IMAGENET,
  },
  {
    name: "cifar_cnn_264k",
    own: true,
    file: "examples/cifar10/model.onnx",
    mode: "pow2",
    data: "cifar10-planes",
    tested: 10_000,
  },
  {
    name: "dense_4m",
    build: (random) => random.dense("dense_4m", [784, 1792, 1024, 768, 10]),
    mode: "pow2",
    inputRange: [0, 1],
    untested: RANDOM_WEIGHTS,
  },
  {
    name: "mobilenet_v2_0.35_96",
    build: (random) => random.mobileNetV2("mobilenet_v2_0.35_96", 0.35, 96),
    mode: "pow2",
    inputRange: [-1, 1],
    untested: RANDOM_WEIGHTS,
  },
  {
    name: "minilm_blocks_32",
    build: (random) => random.encoder("minilm_blocks_32", { layers: 6, width: 384, heads: 12, length: 32 }),
    mode: "pow2",
    inputRange: [-2, 2],
    untested: RANDOM_WEIGHTS,
  },
  {
    name: "gpt2_blocks_64",
    build: (random) => random.decoder("gpt2_blocks_64", { layers: 12, width: 768, heads: 12, length: 64 }),
    mode: "pow2",
    inputRange: [-2, 2],
    untested: RANDOM_WEIGHTS,
  },
];
