/** RNN, GRU and LSTM, unrolled step by step. Gates and formulas are those of the ONNX specification. */

import { floatTensor } from "../../../tensor/tensor.ts";
import { attribute, floatAttribute, intAttribute } from "../../attributes.ts";
import type { Node } from "../../node.ts";
import { requiredFacts, requiredIntegers, type ValueFacts } from "../../operator.ts";
import type { Body, Expand } from "../expansion.ts";

type Facts = readonly (ValueFacts | undefined)[];
/** Adds a node for an activation of a gate. */
type Activation = (x: string) => string;

const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  RNN: ["Tanh"],
  GRU: ["Sigmoid", "Tanh"],
  LSTM: ["Sigmoid", "Tanh", "Tanh"],
};
/** Operators whose attributes are the activation's own alpha and beta. */
const WITH_ALPHA: ReadonlySet<string> = new Set(["LeakyRelu", "ThresholdedRelu", "Elu"]);

function activationsOf(body: Body, node: Node, direction: number): Activation[] {
  const defaults = DEFAULTS[node.operator];
  const stated = attribute(node, "activations", "strings") ?? [];
  const alphas = attribute(node, "activation_alpha", "floats") ?? [];
  const betas = attribute(node, "activation_beta", "floats") ?? [];
  const limit = floatAttribute(node, "clip", 0);
  const clipped = (x: string): string =>
    limit === 0 ? x : body.add("Clip", [x, body.real(-limit), body.real(limit)]);
  return defaults.map((fallback, i) => {
    const at = direction * defaults.length + i;
    const name = stated[at] ?? fallback;
    const [alpha, beta] = [alphas[at], betas[at]];
    if (name === "Affine") {
      return (x) =>
        body.add("Add", [body.add("Mul", [clipped(x), body.real(alpha ?? 1)]), body.real(beta ?? 0)]);
    }
    if (name === "ScaledTanh") {
      return (x) =>
        body.add("Mul", [
          body.add("Tanh", [body.add("Mul", [clipped(x), body.real(beta ?? 1)])]),
          body.real(alpha ?? 1),
        ]);
    }
    const attributes = WITH_ALPHA.has(name) && alpha !== undefined ? { alpha: { real: alpha } } : {};
    const both =
      name === "HardSigmoid" && alpha !== undefined
        ? { alpha: { real: alpha }, beta: { real: beta ?? 0.5 } }
        : attributes;
    return (x) => body.add(name, [clipped(x)], both);
  });
}

interface Cell {
  readonly body: Body;
  readonly node: Node;
  readonly hidden: number;
  readonly activations: readonly Activation[];
  /** Wᵀ x + bias for all gates, [N, G·H]. */
  readonly input: string;
  /** Rᵀ, [H, G·H]. */
  readonly recurrence: string;
  /** Of the recurrence, [G·H]. */
  readonly bias: string;
  /** Weights of peepholes, [3·H]; "" for none. */
  readonly peephole: string;
}

interface State {
  readonly h: string;
  readonly c: string;
}

function gate({ body, hidden }: Cell, all: string, index: number, axis = 1): string {
  return body.slice(all, axis, index * hidden, (index + 1) * hidden);
}

function stepRnn(cell: Cell, { h, c }: State): State {
  const { body, input, recurrence, bias, activations } = cell;
  const sum = body.add("Add", [input, body.add("Add", [body.add("MatMul", [h, recurrence]), bias])]);
  return { h: activations[0](sum), c };
}

function stepGru(cell: Cell, { h, c }: State): State {
  const { body, node, input, recurrence, bias, activations, hidden } = cell;
  const [f, g] = activations;
  const recurrent = body.add("Add", [body.add("MatMul", [h, recurrence]), bias]);
  const both = (index: number): string =>
    body.add("Add", [gate(cell, input, index), gate(cell, recurrent, index)]);
  const z = f(both(0));
  const r = f(both(1));
  let candidate: string;
  if (intAttribute(node, "linear_before_reset", 0) === 0) {
    const weight = body.slice(recurrence, 1, 2 * hidden, 3 * hidden);
    const product = body.add("MatMul", [body.add("Mul", [r, h]), weight]);
    candidate = body.add("Add", [product, gate(cell, bias, 2, 0)]);
  } else candidate = body.add("Mul", [r, gate(cell, recurrent, 2)]);
  const next = g(body.add("Add", [gate(cell, input, 2), candidate]));
  // (1 − z) · next + z · h
  return { h: body.add("Add", [next, body.add("Mul", [z, body.add("Sub", [h, next])])]), c };
}

function stepLstm(cell: Cell, { h, c }: State): State {
  const { body, node, input, recurrence, bias, activations, peephole } = cell;
  const [f, g, last] = activations;
  const sums = body.add("Add", [input, body.add("Add", [body.add("MatMul", [h, recurrence]), bias])]);
  const seeing = (sum: string, index: number, state: string): string =>
    peephole === "" ? sum : body.add("Add", [sum, body.add("Mul", [gate(cell, peephole, index, 0), state])]);
  const i = f(seeing(gate(cell, sums, 0), 0, c));
  const isCoupled = intAttribute(node, "input_forget", 0) === 1;
  const forget = isCoupled ? body.add("Sub", [body.real(1), i]) : f(seeing(gate(cell, sums, 2), 2, c));
  const candidate = g(gate(cell, sums, 3));
  const state = body.add("Add", [body.add("Mul", [forget, c]), body.add("Mul", [i, candidate])]);
  const o = f(seeing(gate(cell, sums, 1), 1, state));
  return { h: body.add("Mul", [o, last(state)]), c: state };
}

const STEPS: Readonly<Record<string, (cell: Cell, state: State) => State>> = {
  RNN: stepRnn,
  GRU: stepGru,
  LSTM: stepLstm,
};

interface Sizes {
  readonly steps: number;
  readonly samples: number;
  readonly hidden: number;
  readonly gates: number;
  /** Of each sample; null: all steps. */
  readonly lengths: readonly number[] | null;
}

/** 1 for samples whose sequence still runs at this step, as a constant [N, 1]; null where all do. */
function running(body: Body, step: number, { samples, lengths, steps }: Sizes): string | null {
  if (lengths === null || lengths.every((length) => length >= steps)) return null;
  const flags = Float32Array.from({ length: samples }, (_, n) => (step < lengths[n] ? 1 : 0));
  return flags.every((flag) => flag === 1) ? null : body.constant(floatTensor([samples, 1], flags));
}

interface Direction {
  /** h of every step, in order of time, each [N, H]. */
  readonly outputs: readonly string[];
  readonly last: State;
}

function runDirection(body: Body, node: Node, x: string, direction: number, sizes: Sizes): Direction {
  const { steps, samples, hidden, gates } = sizes;
  const [, w, r, b = "", , h0 = "", c0 = "", p = ""] = node.inputs;
  const own = (name: string, shape: readonly number[]): string =>
    body.reshape(body.slice(name, 0, direction, direction + 1), shape);
  const none = (): string =>
    body.constant(floatTensor([samples, hidden], new Float32Array(samples * hidden)));
  const zeros = body.constant(floatTensor([gates * hidden], new Float32Array(gates * hidden)));
  const biases = b === "" ? null : own(b, [2 * gates * hidden]);
  const [ofInput, ofState] = [0, 1].map((part) =>
    biases === null ? zeros : body.slice(biases, 0, part * gates * hidden, (part + 1) * gates * hidden),
  );
  // Layouts of the other kind keep the samples first in states too.
  const isBatchFirst = intAttribute(node, "layout", 0) === 1;
  const stateOf = (name: string): string => {
    if (name === "") return none();
    if (!isBatchFirst) return own(name, [samples, hidden]);
    return body.reshape(body.slice(name, 1, direction, direction + 1), [samples, hidden]);
  };
  const weight = body.transpose(
    body.add("Squeeze", [body.slice(w, 0, direction, direction + 1), body.integers(0)]),
    [1, 0],
  );
  const recurrence = body.transpose(own(r, [gates * hidden, hidden]), [1, 0]);
  const projected = body.add("Add", [body.add("MatMul", [x, weight]), ofInput]);
  const isReversed = direction === 1 || attribute(node, "direction", "string") === "reverse";
  let state: State = { h: stateOf(h0), c: node.operator === "LSTM" ? stateOf(c0) : "" };
  const outputs = new Array<string>(steps);
  for (let k = 0; k < steps; k++) {
    const t = isReversed ? steps - 1 - k : k;
    const input = body.reshape(body.slice(projected, 0, t, t + 1), [samples, gates * hidden]);
    const cell: Cell = {
      body,
      node,
      hidden,
      activations: activationsOf(body, node, direction),
      input,
      recurrence,
      bias: ofState,
      peephole: p === "" ? "" : own(p, [3 * hidden]),
    };
    const next = STEPS[node.operator](cell, state);
    const flag = running(body, t, sizes);
    const kept = (before: string, after: string): string =>
      flag === null || before === ""
        ? after
        : body.add("Add", [before, body.add("Mul", [body.add("Sub", [after, before]), flag])]);
    state = { h: kept(state.h, next.h), c: kept(state.c, next.c) };
    outputs[t] = flag === null ? next.h : body.add("Mul", [next.h, flag]);
  }
  return { outputs, last: state };
}

/** Y [T, D, N, H] or with layout 1 [N, T, D, H]; last states [D, N, H] or [N, D, H]. */
export const recurrent: Expand = (body, node, inputs) => {
  const isBatchFirst = intAttribute(node, "layout", 0) === 1;
  const shape = requiredFacts(node, inputs, 0).shape;
  const [steps, samples] = isBatchFirst ? [shape[1], shape[0]] : shape;
  const hidden = intAttribute(node, "hidden_size", requiredFacts(node, inputs, 2).shape[2]);
  const gates = requiredFacts(node, inputs, 1).shape[1] / hidden;
  const lengths = inputs[4] === undefined ? null : requiredIntegers(node, inputs as Facts, 4);
  const sizes: Sizes = { steps, samples, hidden, gates, lengths };
  const numDirections = attribute(node, "direction", "string") === "bidirectional" ? 2 : 1;
  const x = isBatchFirst ? body.transpose(node.inputs[0], [1, 0, 2]) : node.inputs[0];
  const directions = Array.from({ length: numDirections }, (_, d) => runDirection(body, node, x, d, sizes));
  const stacked = (names: readonly string[], axis: number, shapeOfOne: readonly number[]): string => {
    const parts = names.map((name) => body.reshape(name, shapeOfOne));
    return parts.length === 1 ? parts[0] : body.add("Concat", parts, { axis });
  };
  const perStep = Array.from({ length: steps }, (_, t) =>
    stacked(
      directions.map(({ outputs }) => outputs[t]),
      isBatchFirst ? 2 : 1,
      isBatchFirst ? [samples, 1, 1, hidden] : [1, 1, samples, hidden],
    ),
  );
  const all = perStep.length === 1 ? perStep[0] : body.add("Concat", perStep, { axis: isBatchFirst ? 1 : 0 });
  const lastOf = (pick: (state: State) => string): string =>
    stacked(
      directions.map(({ last }) => pick(last)),
      isBatchFirst ? 1 : 0,
      isBatchFirst ? [samples, 1, hidden] : [1, samples, hidden],
    );
  const outputs = [all, lastOf(({ h }) => h)];
  return node.operator === "LSTM" ? [...outputs, lastOf(({ c }) => c)] : outputs;
};
