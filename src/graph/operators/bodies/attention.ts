/** Attention, FlexAttention and RotaryEmbedding as bodies of simpler operators. */

import { TensorproofError } from "../../../errors/tensorproofError.ts";
import { floatTensor } from "../../../tensor/tensor.ts";
import { floatAttribute, intAttribute } from "../../attributes.ts";
import type { Node } from "../../node.ts";
import { requiredFacts, requiredIntegers, type ValueFacts } from "../../operator.ts";
import type { Body, Expand } from "../expansion.ts";

type Facts = readonly (ValueFacts | undefined)[];

/** [N, S, H·D] → [N, H, S, D]; tensors of four axes stay. */
function withHeads(body: Body, name: string, shape: readonly number[], heads: number): string {
  if (shape.length === 4) return name;
  const [samples, length, width] = shape;
  return body.transpose(body.reshape(name, [samples, length, heads, width / heads]), [0, 2, 1, 3]);
}

/** Each of [N, H, S, D]'s heads as often as query heads share it. */
function repeatedHeads(body: Body, name: string, shape: readonly number[], times: number): string {
  if (times === 1) return name;
  const [samples, heads, length, width] = shape;
  const wide = body.add("Expand", [
    body.add("Unsqueeze", [name, body.integers(2)]),
    body.integers(samples, heads, times, length, width),
  ]);
  return body.reshape(wide, [samples, heads * times, length, width]);
}

interface Lengths {
  readonly samples: number;
  readonly queries: number;
  /** Keys, past ones included. */
  readonly keys: number;
  readonly past: number;
}

/** −∞ where a key must not be seen, for reasons that shapes and lengths alone give; null where every key may be. */
function structuralMask(
  node: Node,
  inputs: Facts,
  lengths: Lengths,
): { data: Float32Array; samples: number } | null {
  const isCausal = intAttribute(node, "is_causal", 0) === 1;
  const filled = inputs[6] === undefined ? null : requiredIntegers(node, inputs, 6);
  if (!isCausal && filled === null) return null;
  const { samples: all, queries, keys, past } = lengths;
  const samples = filled === null ? 1 : all;
  const data = new Float32Array(samples * queries * keys);
  for (let at = 0; at < data.length; at++) {
    const sample = Math.floor(at / (queries * keys));
    const query = Math.floor(at / keys) % queries;
    const key = at % keys;
    const count = filled?.[sample];
    const offset = count === undefined ? past : count - queries;
    if ((isCausal && key > query + offset) || (count !== undefined && key >= count))
      data[at] = Number.NEGATIVE_INFINITY;
  }
  return { data, samples };
}

/** What is added to the scores; null for nothing. */
function attentionBias(body: Body, node: Node, inputs: Facts, lengths: Lengths): string | null {
  const mask = inputs[3];
  let bias: string | null = null;
  if (mask !== undefined) {
    const [, , , name] = node.inputs;
    const infinite = body.real(Number.NEGATIVE_INFINITY);
    bias = mask.type === "float32" ? name : body.add("Where", [name, body.real(0), infinite]);
    const missing = lengths.keys - mask.shape[mask.shape.length - 1];
    if (missing > 0) {
      const pads = [
        ...mask.shape.map(() => 0),
        ...mask.shape.map((_, i) => (i === mask.shape.length - 1 ? missing : 0)),
      ];
      bias = body.add("Pad", [bias, body.integers(...pads), infinite]);
    }
  }
  const structural = structuralMask(node, inputs, lengths);
  if (structural === null) return bias;
  const shape = [structural.samples, 1, lengths.queries, lengths.keys];
  const hidden = body.constant(floatTensor(shape, structural.data));
  return bias === null ? hidden : body.add("Add", [bias, hidden]);
}

/** Softmax over the last axis; a line whose every entry is masked gives zeros. */
function maskedSoftmax(body: Body, scores: string, bias: string | null): string {
  const probabilities = body.add("Softmax", [scores], { axis: -1 });
  if (bias === null) return probabilities;
  const most = body.add("ReduceMax", [bias, body.integers(-1)]);
  const isHidden = body.add("Equal", [most, body.real(Number.NEGATIVE_INFINITY)]);
  return body.add("Where", [isHidden, body.real(0), probabilities]);
}

interface Projected {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly presentKey: string;
  readonly presentValue: string;
  readonly heads: number;
  readonly width: number;
  readonly valueWidth: number;
  readonly lengths: Lengths;
}

function project(body: Body, node: Node, inputs: Facts): Projected {
  const [q, k, v] = [0, 1, 2].map((i) => requiredFacts(node, inputs, i).shape);
  const heads = q.length === 4 ? q[1] : intAttribute(node, "q_num_heads", 1);
  const keyHeads = k.length === 4 ? k[1] : intAttribute(node, "kv_num_heads", 1);
  const width = q.length === 4 ? q[3] : q[2] / heads;
  const valueWidth = v.length === 4 ? v[3] : v[2] / keyHeads;
  const own = k.length === 4 ? k[2] : k[1];
  const past = inputs[4]?.shape[2] ?? 0;
  const lengths = { samples: q[0], queries: q.length === 4 ? q[2] : q[1], keys: own + past, past };
  const [queryName, keyName, valueName, , pastKey = "", pastValue = ""] = node.inputs;
  const joined = (before: string, name: string): string =>
    before === "" ? name : body.add("Concat", [before, name], { axis: 2 });
  const presentKey = joined(pastKey, withHeads(body, keyName, k, keyHeads));
  const presentValue = joined(pastValue, withHeads(body, valueName, v, keyHeads));
  const times = heads / keyHeads;
  return {
    query: withHeads(body, queryName, q, heads),
    key: repeatedHeads(body, presentKey, [q[0], keyHeads, lengths.keys, width], times),
    value: repeatedHeads(body, presentValue, [q[0], keyHeads, lengths.keys, valueWidth], times),
    presentKey,
    presentValue,
    heads,
    width,
    valueWidth,
    lengths,
  };
}

export const attention: Expand = (body, node, inputs) => {
  const projected = project(body, node, inputs);
  const { query, key, value, presentKey, presentValue, heads, width, valueWidth, lengths } = projected;
  const scale = floatAttribute(node, "scale", 0) || 1 / Math.sqrt(width);
  const scaled = body.add("Mul", [query, body.real(scale)]);
  const raw = body.add("MatMul", [scaled, body.transpose(key, [0, 1, 3, 2])]);
  const cap = floatAttribute(node, "softcap", 0);
  const capped =
    cap === 0
      ? raw
      : body.add("Mul", [body.add("Tanh", [body.add("Div", [raw, body.real(cap)])]), body.real(cap)]);
  const bias = attentionBias(body, node, inputs, lengths);
  const masked = bias === null ? capped : body.add("Add", [capped, bias]);
  const probabilities = maskedSoftmax(body, masked, bias);
  const result = body.add("MatMul", [probabilities, value]);
  const isFlat = requiredFacts(node, inputs, 0).shape.length === 3;
  const output = isFlat
    ? body.reshape(body.transpose(result, [0, 2, 1, 3]), [
        lengths.samples,
        lengths.queries,
        heads * valueWidth,
      ])
    : result;
  const shown = [raw, capped, masked, probabilities][intAttribute(node, "qk_matmul_output_mode", 0)];
  return [output, presentKey, presentValue, shown];
};

export const flexAttention: Expand = (body, node, inputs) => {
  if (node.attributes.has("score_mod") || node.attributes.has("prob_mod")) {
    throw new TensorproofError("model.badAttribute", "has a score_mod or prob_mod that is a graph", {
      where: node.name,
    });
  }
  return attention(body, node, inputs.slice(0, 3));
};

/**
 * Pairs of features turned by the angle of their position: halves of the first `rotary_embedding_dim` features, or
 * neighbours where interleaved.
 */
export const rotaryEmbedding: Expand = (body, node, inputs) => {
  const { shape } = requiredFacts(node, inputs, 0);
  const [x, cosName, sinName, positions = ""] = node.inputs;
  const isFlat = shape.length === 3;
  const heads = isFlat ? intAttribute(node, "num_heads", 1) : shape[1];
  const [samples, length, width] = isFlat
    ? [shape[0], shape[1], shape[2] / heads]
    : [shape[0], shape[2], shape[3]];
  const turned = intAttribute(node, "rotary_embedding_dim", 0) || width;
  const half = turned / 2;
  // [N, S, H, D]
  const ordered = isFlat ? body.reshape(x, [samples, length, heads, width]) : body.transpose(x, [0, 2, 1, 3]);
  const rotated = body.slice(ordered, 3, 0, turned);
  const rest = turned === width ? null : body.slice(ordered, 3, turned, width);
  const [cos, sin] = [cosName, sinName].map((cache) => {
    const taken = positions === "" ? cache : body.add("Gather", [cache, positions], { axis: 0 });
    return body.add("Unsqueeze", [taken, body.integers(2)]);
  });
  const isInterleaved = intAttribute(node, "interleaved", 0) === 1;
  const pairShape = [samples, length, heads, half, 2];
  const paired = isInterleaved ? body.reshape(rotated, pairShape) : rotated;
  const part = (which: number): string => {
    if (!isInterleaved) return body.slice(rotated, 3, which * half, (which + 1) * half);
    return body.reshape(body.slice(paired, 4, which, which + 1), [samples, length, heads, half]);
  };
  const [first, second] = [part(0), part(1)];
  const real = body.add("Sub", [body.add("Mul", [cos, first]), body.add("Mul", [sin, second])]);
  const imaginary = body.add("Add", [body.add("Mul", [sin, first]), body.add("Mul", [cos, second])]);
  let joined: string;
  if (isInterleaved) {
    const last = body.integers(4);
    const stacked = [real, imaginary].map((name) => body.add("Unsqueeze", [name, last]));
    joined = body.reshape(body.add("Concat", stacked, { axis: 4 }), [samples, length, heads, turned]);
  } else joined = body.add("Concat", [real, imaginary], { axis: 3 });
  const whole = rest === null ? joined : body.add("Concat", [joined, rest], { axis: 3 });
  if (isFlat) return [body.reshape(whole, shape)];
  return [body.transpose(whole, [0, 2, 1, 3])];
};
