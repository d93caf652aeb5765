/** LinearAttention and CausalConvWithState as bodies of simpler operators, unrolled over time. */

import { floatTensor } from "../../../tensor/tensor.ts";
import { attribute, floatAttribute, intAttribute } from "../../attributes.ts";
import { requiredFacts } from "../../operator.ts";
import type { Expand } from "../expansion.ts";

/**
 * A state S [N, H, Dk, Dv] that every step updates with its key and value, and that its query reads:
 * S ← decay · S + β · k ⊗ (v − Sᵀ k), output scale · Sᵀ q. Rule "linear" has neither decay, β nor subtraction, "gated" no
 * subtraction, "delta" no decay. Decays are logarithms.
 */
export const linearAttention: Expand = (body, node, inputs) => {
  const [q, k, v] = [0, 1, 2].map((i) => requiredFacts(node, inputs, i).shape);
  const heads = intAttribute(node, "q_num_heads", 1);
  const keyHeads = intAttribute(node, "kv_num_heads", 1);
  const [samples, steps] = q;
  const [width, valueWidth] = [k[2] / keyHeads, v[2] / keyHeads];
  const rule = attribute(node, "update_rule", "string") ?? "gated_delta";
  const scale = floatAttribute(node, "scale", 0) || 1 / Math.sqrt(width);
  const [query, key, value, past = "", decay = "", beta = ""] = node.inputs;
  const decays = rule === "gated" || rule === "gated_delta";
  const corrects = rule === "delta" || rule === "gated_delta";
  const at = (name: string, t: number, shape: readonly number[]): string =>
    body.reshape(body.slice(name, 1, t, t + 1), shape);
  const size = samples * keyHeads * width * valueWidth;
  const stateShape = [samples, keyHeads, width, valueWidth];
  let state = past === "" ? body.constant(floatTensor(stateShape, new Float32Array(size))) : past;
  const outputs: string[] = [];
  for (let t = 0; t < steps; t++) {
    const column = at(key, t, [samples, keyHeads, width, 1]);
    const row = at(key, t, [samples, keyHeads, 1, width]);
    let target = at(value, t, [samples, keyHeads, 1, valueWidth]);
    if (decays && decay !== "") {
      const perHead = requiredFacts(node, inputs, 4).shape[2] / keyHeads;
      const factor = body.add("Exp", [at(decay, t, [samples, keyHeads, perHead, 1])]);
      state = body.add("Mul", [state, factor]);
    }
    if (corrects) {
      target = body.add("Sub", [target, body.add("MatMul", [row, state])]);
      if (beta !== "") {
        const perHead = requiredFacts(node, inputs, 5).shape[2] / keyHeads;
        target = body.add("Mul", [target, at(beta, t, [samples, keyHeads, 1, perHead])]);
      }
    }
    state = body.add("Add", [state, body.add("Mul", [column, target])]);
    const times = heads / keyHeads;
    const grouped = at(query, t, [samples, keyHeads, times, width]);
    const read = body.add("MatMul", [body.add("Mul", [grouped, body.real(scale)]), state]);
    outputs.push(body.reshape(read, [samples, 1, heads * valueWidth]));
  }
  const all = outputs.length === 1 ? outputs[0] : body.add("Concat", outputs, { axis: 1 });
  return [all, state];
};

/** A depthwise convolution that sees only the past, the last inputs of the previous call in front. */
export const causalConvWithState: Expand = (body, node, inputs) => {
  const [samples, channels] = requiredFacts(node, inputs, 0).shape;
  const kernel = requiredFacts(node, inputs, 1).shape[2];
  const [x, weight, bias = "", past = ""] = node.inputs;
  const before = kernel - 1;
  const none = floatTensor([samples, channels, before], new Float32Array(samples * channels * before));
  const joined =
    before === 0 ? x : body.add("Concat", [past === "" ? body.constant(none) : past, x], { axis: 2 });
  const convolved = body.add("Conv", [joined, weight, ...(bias === "" ? [] : [bias])], { group: channels });
  const name = attribute(node, "activation", "string") ?? "none";
  const isSwish = name === "silu" || name === "swish";
  const length = requiredFacts(node, inputs, 0).shape[2] + before;
  return [
    isSwish ? body.add("Swish", [convolved]) : convolved,
    body.slice(joined, 2, length - before, length),
  ];
};
