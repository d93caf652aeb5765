/**
 * Transformers with seeded random weights, as ONNX graphs: decoders (GPT: LayerNorm, GELU, learned positions; LLaMA: RMSNorm,
 * SwiGLU, rotary positions, grouped queries) and encoders (BERT: LayerNorm after each sum, mean pooling). Costs do not depend
 * on the weights; those of residual branches are scaled by depth as GPT-2's are, so that activations keep their size.
 */
import { seededUniform } from "./seededUniform.mjs";

/** Operator set of LayerNormalization and RMSNormalization; the operators here mean the same in all sets from 17 on. */
const NORM_AXIS = { axis: { type: "int", value: -1 } };
const EPSILON = 1e-5;

class Maker {
  constructor(parts, name, seed) {
    this.parts = parts;
    this.draft = new parts.DraftBuilder(name);
    this.random = seededUniform(seed);
    this.count = 0;
  }

  constant(name, shape, data) {
    return this.draft.addConstant(name, this.parts.floatTensor(shape, data));
  }

  integers(...values) {
    return this.draft.addConstant("integers", this.parts.intTensor([values.length], values));
  }

  number(value) {
    return this.constant("number", [], Float32Array.of(value));
  }

  /** Uniform with this standard deviation. */
  weight(name, shape, deviation) {
    const size = shape.reduce((product, length) => product * length, 1);
    const bound = deviation * Math.sqrt(3);
    const data = new Float32Array(size);
    for (let i = 0; i < size; i++) data[i] = this.random() * bound;
    return this.constant(name, shape, data);
  }

  add(operator, inputs, attributes = {}, moreOutputs = []) {
    const output = `${operator}_${this.count++}`;
    this.draft.addNode({ name: output, operator, inputs, output, moreOutputs, attributes });
    return output;
  }

  linear(name, x, from, to, { bias = true, deviation = 1 / Math.sqrt(from) } = {}) {
    const product = this.add("MatMul", [x, this.weight(`${name}.weight`, [from, to], deviation)]);
    return bias ? this.add("Add", [product, this.weight(`${name}.bias`, [to], 0.02)]) : product;
  }

  /** Weights near 1, as trained ones are. */
  gain(name, width) {
    return this.constant(
      name,
      [width],
      Float32Array.from({ length: width }, () => 1 + 0.2 * this.random()),
    );
  }

  layerNorm(name, x, width) {
    const inputs = [x, this.gain(`${name}.weight`, width), this.weight(`${name}.bias`, [width], 0.05)];
    return this.add("LayerNormalization", inputs, {
      ...NORM_AXIS,
      epsilon: { type: "float", value: EPSILON },
    });
  }

  /** In operators of opset 15, as LLaMA's is exported. */
  rmsNorm(name, x, width) {
    const square = this.add("Mul", [x, x]);
    const mean = this.add("ReduceMean", [square], {
      axes: { type: "ints", value: [-1] },
      keepdims: { type: "int", value: 1 },
    });
    const root = this.add("Sqrt", [this.add("Add", [mean, this.number(EPSILON)])]);
    return this.add("Mul", [this.add("Div", [x, root]), this.gain(`${name}.weight`, width)]);
  }

  heads(x, length, heads, size, permutation = [0, 2, 1, 3]) {
    const wide = this.add("Reshape", [x, this.integers(1, length, heads, size)]);
    return this.add("Transpose", [wide], { perm: { type: "ints", value: permutation } });
  }

  /** x · cos + (−second half, first half) · sin (Su et al., arXiv 2104.09864). */
  rotary(x, size, cos, sin) {
    const half = size / 2;
    const part = (from, to) =>
      this.add("Slice", [x, this.integers(from), this.integers(to), this.integers(3)]);
    const turned = this.add("Concat", [this.add("Neg", [part(half, size)]), part(0, half)], {
      axis: { type: "int", value: 3 },
    });
    return this.add("Add", [this.add("Mul", [x, cos]), this.add("Mul", [turned, sin])]);
  }

  /** Angles of rotary positions, [length, size]. */
  angles(length, size, f) {
    const data = Float32Array.from({ length: length * size }, (_, i) => {
      const pair = (i % size) % (size / 2);
      return f(Math.floor(i / size) / 10000 ** ((2 * pair) / size));
    });
    return this.constant("angles", [length, size], data);
  }

  causalMask(length) {
    const data = Float32Array.from({ length: length * length }, (_, i) =>
      i % length > Math.floor(i / length) ? Number.NEGATIVE_INFINITY : 0,
    );
    return this.constant("mask", [length, length], data);
  }

  attention(name, x, shape, shared) {
    const { width, heads, length, keyHeads = heads, layers, bias } = shape;
    const size = width / heads;
    const project = (what, count) => this.linear(`${name}.${what}`, x, width, count * size, { bias });
    let query = this.heads(project("query", heads), length, heads, size);
    const keys = project("key", keyHeads);
    let value = this.heads(project("value", keyHeads), length, keyHeads, size);
    const times = heads / keyHeads;
    let key;
    if (shared.cos !== undefined) {
      query = this.rotary(query, size, shared.cos, shared.sin);
      key = this.heads(keys, length, keyHeads, size);
      key = this.repeated(this.rotary(key, size, shared.cos, shared.sin), keyHeads, times, length, size);
      value = this.repeated(value, keyHeads, times, length, size);
      key = this.add("Transpose", [key], { perm: { type: "ints", value: [0, 1, 3, 2] } });
    } else key = this.heads(keys, length, heads, size, [0, 2, 3, 1]);
    const products = this.add("MatMul", [query, key]);
    const scaled = this.add("Div", [products, this.number(Math.sqrt(size))]);
    const scores = shared.mask === undefined ? scaled : this.add("Add", [scaled, shared.mask]);
    const shares = this.add("Softmax", [scores], NORM_AXIS);
    const mixed = this.add("Transpose", [this.add("MatMul", [shares, value])], {
      perm: { type: "ints", value: [0, 2, 1, 3] },
    });
    const joined = this.add("Reshape", [mixed, this.integers(1, length, width)]);
    const deviation = 1 / Math.sqrt(2 * layers * width);
    return this.linear(`${name}.output`, joined, width, width, { bias, deviation });
  }

  /** Each key head as often as query heads share it. */
  repeated(x, heads, times, length, size) {
    if (times === 1) return x;
    const wide = this.add("Expand", [
      this.add("Unsqueeze", [x, this.integers(2)]),
      this.integers(1, heads, times, length, size),
    ]);
    return this.add("Reshape", [wide, this.integers(1, heads * times, length, size)]);
  }

  feedForward(name, x, { width, hidden, layers, gated, bias }) {
    const deviation = 1 / Math.sqrt(2 * layers * hidden);
    let inner = this.linear(`${name}.in`, x, width, hidden, { bias });
    if (gated) {
      const silu = this.add("Mul", [inner, this.add("Sigmoid", [inner])]);
      inner = this.add("Mul", [silu, this.linear(`${name}.gate`, x, width, hidden, { bias })]);
    } else inner = this.gelu(inner);
    return this.linear(`${name}.out`, inner, hidden, width, { bias, deviation });
  }

  /** x / 2 · (1 + erf(x / √2)), as exporters before opset 20 write it. */
  gelu(x) {
    const erf = this.add("Erf", [this.add("Div", [x, this.number(Math.SQRT2)])]);
    const gate = this.add("Add", [erf, this.number(1)]);
    return this.add("Mul", [this.add("Mul", [x, gate]), this.number(0.5)]);
  }

  tokens(length, vocabulary, width) {
    this.draft.addInput({ name: "tokens", type: "int64", shape: [1, length] });
    this.table = this.weight("embedding.weight", [vocabulary, width], 1);
    const gathered = this.add("Gather", [this.table, "tokens"], { axis: { type: "int", value: 0 } });
    return gathered;
  }

  finish(output) {
    this.draft.addOutput(output);
    return this.parts.resolveGraph(this.draft.finish());
  }
}

/** Hidden states as the input, where the embedding is left out. */
function hiddenInput(maker, { length, width }) {
  maker.draft.addInput({ name: "hidden", type: "float32", shape: [1, length, width] });
  return "hidden";
}

/**
 * A decoder. `vocabulary` null: the block stack alone, from embedded tokens to the last norm's output. `family` "gpt" or
 * "llama".
 */
export function decoder(parts, name, { family = "gpt", seed = 1, vocabulary = null, ...given }) {
  const isGpt = family === "gpt";
  const shape = { hidden: 4 * given.width, ...given, gated: !isGpt, bias: isGpt };
  const { layers, width, heads, length } = shape;
  const maker = new Maker(parts, name, seed);
  const norm = (called, x) => (isGpt ? maker.layerNorm(called, x, width) : maker.rmsNorm(called, x, width));
  let x = vocabulary === null ? hiddenInput(maker, shape) : maker.tokens(length, vocabulary, width);
  if (isGpt) x = maker.add("Add", [x, maker.weight("positions.weight", [length, width], 0.3)]);
  const shared = { mask: maker.causalMask(length) };
  if (!isGpt) {
    shared.cos = maker.angles(length, width / heads, Math.cos);
    shared.sin = maker.angles(length, width / heads, Math.sin);
  }
  for (let layer = 0; layer < layers; layer++) {
    const attended = maker.attention(`${layer}.attention`, norm(`${layer}.norm1`, x), shape, shared);
    x = maker.add("Add", [x, attended]);
    const fed = maker.feedForward(`${layer}.mlp`, norm(`${layer}.norm2`, x), shape);
    x = maker.add("Add", [x, fed]);
  }
  x = norm("norm", x);
  if (vocabulary === null) return maker.finish(x);
  // The head is the embedding's own matrix, turned.
  const turned = maker.add("Transpose", [maker.table], { perm: { type: "ints", value: [1, 0] } });
  const logits = maker.add("MatMul", [x, turned]);
  return maker.finish(maker.add("Mul", [logits, maker.number(1 / Math.sqrt(width))]));
}

/** An encoder of sentences: BERT's blocks, then the mean over all tokens. `vocabulary` null: from embedded tokens. */
export function encoder(parts, name, { seed = 1, vocabulary = null, ...given }) {
  const shape = { hidden: 4 * given.width, ...given, gated: false, bias: true };
  const { layers, width, length } = shape;
  const maker = new Maker(parts, name, seed);
  let x = vocabulary === null ? hiddenInput(maker, shape) : maker.tokens(length, vocabulary, width);
  x = maker.add("Add", [x, maker.weight("positions.weight", [length, width], 0.3)]);
  x = maker.layerNorm("norm", x, width);
  for (let layer = 0; layer < layers; layer++) {
    const attended = maker.attention(`${layer}.attention`, x, shape, {});
    x = maker.layerNorm(`${layer}.norm1`, maker.add("Add", [x, attended]), width);
    const fed = maker.feedForward(`${layer}.mlp`, x, shape);
    x = maker.layerNorm(`${layer}.norm2`, maker.add("Add", [x, fed]), width);
  }
  const mean = maker.add("ReduceMean", [x], {
    axes: { type: "ints", value: [1] },
    keepdims: { type: "int", value: 0 },
  });
  return maker.finish(mean);
}
