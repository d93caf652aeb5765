/**
 * Networks with random weights, for what has no published file: graphs built in code. Costs do not depend on the weights,
 * accuracy would; weights are scaled so that activations neither vanish nor explode.
 */
import { seededUniform } from "./seededUniform.mjs";
import { decoder, encoder } from "./transformers.mjs";

/** The networks below, made with this build of the library: `library` imports one of its modules. */
export async function randomGraphs(library) {
  const modules = ["formats/draftBuilder.js", "graph/resolve.js", "tensor/tensor.js"].map(library);
  const parts = Object.assign({}, ...(await Promise.all(modules)));
  return {
    dense: (...args) => dense(parts, ...args),
    convolution: (...args) => convolution(parts, ...args),
    mobileNetV2: (...args) => mobileNetV2(parts, ...args),
    decoder: (...args) => decoder(parts, ...args),
    encoder: (...args) => encoder(parts, ...args),
  };
}

class GraphMaker {
  constructor(parts, name, inputShape) {
    this.parts = parts;
    this.draft = new parts.DraftBuilder(name);
    this.random = seededUniform(1);
    this.count = 0;
    this.draft.addInput({ name: "input", type: "float32", shape: [1, ...inputShape] });
    this.last = "input";
  }

  constant(shape, fanIn) {
    const size = shape.reduce((product, n) => product * n, 1);
    const bound = Math.sqrt(6 / fanIn);
    const data = Float32Array.from({ length: size }, () => this.random() * bound);
    return this.draft.addConstant(`c${this.count}`, this.parts.floatTensor(shape, data));
  }

  /** `more`: inputs after the first. */
  add(operator, more = [], attributes = {}) {
    const output = `t${this.count++}`;
    const inputs = [this.last, ...more];
    this.draft.addNode({ name: output, operator, inputs, output, attributes });
    this.last = output;
    return output;
  }

  dense(inputs, outputs) {
    const weight = this.constant([inputs, outputs], inputs);
    return this.add("Gemm", [weight, this.constant([outputs], inputs)]);
  }

  conv(inputs, outputs, size, { stride = 1, pad = 0, group = 1 } = {}) {
    const fanIn = (inputs / group) * size * size;
    const ints = (...value) => ({ type: "ints", value });
    const weights = [
      this.constant([outputs, inputs / group, size, size], fanIn),
      this.constant([outputs], fanIn),
    ];
    return this.add("Conv", weights, {
      strides: ints(stride, stride),
      pads: ints(pad, pad, pad, pad),
      group: { type: "int", value: group },
    });
  }

  relu() {
    return this.add("Relu");
  }

  relu6() {
    const bound = (value) => this.draft.addConstant(`c${this.count}`, this.parts.floatTensor([], [value]));
    return this.add("Clip", [bound(0), bound(6)]);
  }

  maxPool() {
    const two = { type: "ints", value: [2, 2] };
    return this.add("MaxPool", [], { kernel_shape: two, strides: two });
  }

  finish() {
    this.draft.addOutput(this.last);
    return this.parts.resolveGraph(this.draft.finish());
  }
}

/** Dense layers of these widths with ReLU between them. */
function dense(parts, name, widths) {
  const maker = new GraphMaker(parts, name, [widths[0]]);
  for (let i = 1; i < widths.length; i++) {
    maker.dense(widths[i - 1], widths[i]);
    if (i + 1 < widths.length) maker.relu();
  }
  return maker.finish();
}

/** One convolution with four channels and ReLU, then the mean of each channel. */
function convolution(parts, name, height, width) {
  const maker = new GraphMaker(parts, name, [1, height, width]);
  maker.conv(1, 4, 3, { pad: 1 });
  maker.relu();
  maker.add("GlobalAveragePool");
  maker.add("Flatten");
  return maker.finish();
}

/** Channels are multiples of 8, never more than a tenth below the exact share. */
function channels(exact) {
  const rounded = Math.max(8, Math.floor((exact + 4) / 8) * 8);
  return rounded < 0.9 * exact ? rounded + 8 : rounded;
}

/** Expansion, channels, repetitions and first stride of each stage (Sandler et al., arXiv 1801.04381, table 2). */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** MobileNet v2 with this share of the channels, for images of this side. */
function mobileNetV2(parts, name, width, side, classes = 1000) {
  const maker = new GraphMaker(parts, name, [3, side, side]);
  let inputs = channels(32 * width);
  maker.conv(3, inputs, 3, { stride: 2, pad: 1 });
  maker.relu6();
  for (const [expansion, exact, repeats, firstStride] of STAGES) {
    const outputs = channels(exact * width);
    for (let i = 0; i < repeats; i++) {
      const stride = i === 0 ? firstStride : 1;
      const before = maker.last;
      const wide = inputs * expansion;
      if (expansion > 1) {
        maker.conv(inputs, wide, 1);
        maker.relu6();
      }
      maker.conv(wide, wide, 3, { stride, pad: 1, group: wide });
      maker.relu6();
      maker.conv(wide, outputs, 1);
      if (stride === 1 && inputs === outputs) maker.add("Add", [before]);
      inputs = outputs;
    }
  }
  const last = Math.max(1280, channels(1280 * width));
  maker.conv(inputs, last, 1);
  maker.relu6();
  maker.add("GlobalAveragePool");
  maker.add("Flatten");
  maker.dense(last, classes);
  return maker.finish();
}
