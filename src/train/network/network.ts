/**
 * A network that can be trained: layers one after another over samples of one shape.
 *
 * ```ts
 * const network = new Network({ inputShape: [784], layers: [{ type: "dense", units: 128 }, { type: "relu" }, { type: "dense", units: 10 }] }, 1);
 * trainNetwork(network, data, { epochs: 5, batch: 64, learningRate: 0.001 });       // trainNetwork.ts
 * const file = writeOnnx(toGraph(network, "digits"));                      // exchange/toGraph.ts
 * const again = fromGraph(graph);                                          // exchange/fromGraph.ts
 * ```
 *
 * For pruning: `parameter.mask` takes single weights out for as long as it is set (call `refresh` after a change outside of
 * `trainNetwork`), `settleMasks` makes them zero for good, and the hook `beforeUpdate` of `trainNetwork` sees gradients, so that
 * `parameter.addMovement(scores)` can gather −gradient · weight.
 */
import type { Shape } from "../../tensor/shape.ts";
import { MatrixProducts } from "../arithmetic/products.ts";
import { SeededRandom } from "../random.ts";
import { buildLayer } from "./buildLayer.ts";
import type { Layer, ValueRounding } from "./layer.ts";
import type { NetworkSpec } from "./layerSpec.ts";
import type { Parameter } from "./parameter.ts";

export class Network {
  readonly spec: NetworkSpec;
  readonly inputShape: Shape;
  readonly layers: readonly Layer[];
  readonly parameters: readonly Parameter[];
  /** Of the input first, then of each layer's output; null where nothing is rounded. */
  readonly roundings: (ValueRounding | null)[];
  readonly #products = new MatrixProducts();

  /** With seeded weights. Throws `recipe.layer` naming the first layer that does not fit. */
  constructor(spec: NetworkSpec, seed: number) {
    this.spec = spec;
    const random = new SeededRandom(seed);
    this.inputShape = spec.inputShape;
    const counts = new Map<string, number>();
    let shape = spec.inputShape;
    this.layers = spec.layers.map((layer) => {
      const position = (counts.get(layer.type) ?? 0) + 1;
      counts.set(layer.type, position);
      const built = buildLayer(layer.name ?? `${layer.type}${position}`, layer, shape, random);
      shape = built.outputShape;
      return built;
    });
    this.parameters = this.layers.flatMap(({ parameters }) => parameters);
    this.roundings = new Array(this.layers.length + 1).fill(null);
  }

  get outputShape(): Shape {
    return this.layers.at(-1)?.outputShape ?? this.inputShape;
  }

  parameter(name: string): Parameter | undefined {
    return this.parameters.find((parameter) => parameter.name === name);
  }

  refresh(): void {
    for (const parameter of this.parameters) parameter.refresh();
  }

  /** `count` samples; what comes back holds until the next pass. `random`: a training pass, that `backward` may follow. */
  forward(inputs: Float32Array, count: number, random: SeededRandom | null = null): Float32Array {
    const pass = { products: this.#products, random };
    let values = this.roundings[0]?.forward(inputs) ?? inputs;
    this.layers.forEach((layer, at) => {
      const output = layer.forward(values, count, pass);
      values = this.roundings[at + 1]?.forward(output) ?? output;
    });
    return values;
  }

  /** Adds to the gradients of all parameters, from that of the last `forward`'s outputs. */
  backward(gradient: Float32Array, count: number): void {
    const pass = { products: this.#products, random: null };
    const first = this.layers.findIndex(({ parameters }) => parameters.length > 0);
    let current: Float32Array | null = gradient;
    for (let at = this.layers.length - 1; at >= Math.max(first, 0) && current !== null; at--)
      current = this.layers[at].backward(
        this.roundings[at + 1]?.backward(current) ?? current,
        count,
        pass,
        at > first,
      );
  }

  /** Makes masked weights zero; masks stay. */
  settleMasks(): void {
    for (const { mask, values } of this.parameters) {
      if (mask !== null) for (let i = 0; i < values.length; i++) if (mask[i] === 0) values[i] = 0;
    }
    this.refresh();
  }
}
