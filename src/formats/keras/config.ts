/** The model configuration that Keras writes as JSON: which layers there are and how they are wired. */

import { TensorproofError } from "../../errors/tensorproofError.ts";

export type Config = Readonly<Record<string, unknown>>;

export interface LayerConfig {
  readonly name: string;
  /** Keras' class name, for example `Dense`. */
  readonly kind: string;
  readonly config: Config;
  /** Names of the layers whose outputs it reads; empty for inputs. */
  readonly inputs: readonly string[];
  /** How many times the model calls it; `inputs` lists those of all calls. */
  readonly uses: number;
}

export interface ModelConfig {
  readonly name: string;
  /** In file order. */
  readonly layers: readonly LayerConfig[];
  /** Names of the layers whose outputs the model gives. */
  readonly outputs: readonly string[];
  /** For Sequential models without an input layer: the input's shape with the batch axis. */
  readonly inputShape: unknown;
}

/** Throws `model.malformed` when the text is no configuration and `model.unsupportedOperator` for other model classes. */
export function parseConfig(text: string, fileName: string): ModelConfig {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw malformed(fileName, "its model configuration is not JSON", cause);
  }
  if (!isConfig(parsed)) throw malformed(fileName, "its model configuration is not an object");
  const kind = parsed.class_name;
  // Keras 1 and 2.0 wrote the layers of a Sequential model without an object around them.
  const config = Array.isArray(parsed.config) ? { layers: parsed.config } : parsed.config;
  if (!isConfig(config) || !Array.isArray(config.layers))
    throw malformed(fileName, "its model configuration lists no layers");
  const layers = config.layers.map((layer, i) => parseLayer(layer, i, fileName));
  const name = typeof config.name === "string" ? config.name : fileName;
  if (kind === "Sequential") {
    const chained = layers.map((layer, i) => ({ ...layer, inputs: i === 0 ? [] : [layers[i - 1].name] }));
    const outputs = layers.slice(-1).map((layer) => layer.name);
    return { name, layers: chained, outputs, inputShape: config.build_input_shape };
  }
  if (kind === "Functional" || kind === "Model") {
    const outputs: string[] = [];
    collectReferences(config.output_layers, outputs, 0);
    return { name, layers, outputs, inputShape: undefined };
  }
  const reason = `a Keras model of class ${String(kind)}; only Sequential and Functional models are read`;
  throw new TensorproofError("model.unsupportedOperator", `"${fileName}" is ${reason}`, {
    where: name,
    details: [
      { node: name, operator: String(kind), reason: "only Sequential and Functional models are read" },
    ],
  });
}

export function isConfig(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseLayer(layer: unknown, index: number, fileName: string): LayerConfig {
  if (!isConfig(layer) || typeof layer.class_name !== "string" || !isConfig(layer.config)) {
    throw malformed(fileName, `layer ${index} of its model configuration is not readable`);
  }
  const given = layer.name ?? layer.config.name;
  const inputs: string[] = [];
  collectReferences(layer.inbound_nodes, inputs, 0);
  const name = typeof given === "string" ? given : `${layer.class_name}_${index}`;
  const uses = Array.isArray(layer.inbound_nodes) ? layer.inbound_nodes.length : 1;
  return { name, kind: layer.class_name, config: layer.config, inputs, uses };
}

const MAX_DEPTH = 16;

/**
 * Layer names in wiring: `["dense", 0, 0, {}]` up to Keras 2, `{"config": {"keras_history": ["dense", 0, 0]}}` since,
 * either nested in lists. The numbers tell apart several uses of a shared layer.
 */
function collectReferences(value: unknown, into: string[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    if (typeof value[0] === "string" && typeof value[1] === "number") into.push(value[0]);
    else for (const entry of value) collectReferences(entry, into, depth + 1);
  } else if (isConfig(value)) {
    if (Array.isArray(value.keras_history)) collectReferences(value.keras_history, into, depth + 1);
    else for (const entry of [value.args, value.config]) collectReferences(entry, into, depth + 1);
  }
}

function malformed(fileName: string, reason: string, cause?: unknown): TensorproofError {
  return new TensorproofError("model.malformed", `"${fileName}": ${reason}`, { where: fileName, cause });
}
