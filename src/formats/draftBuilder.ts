/** Builds a GraphDraft in ONNX terms from a file of another format. */

import type { DraftInput, GraphDraft } from "../graph/draft.ts";
import type { Attribute, Node } from "../graph/node.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The operator set in whose terms other formats are expressed. */
const OPSET = 15;

export interface NewNode {
  readonly name: string;
  readonly operator: string;
  /** That of the standard operators unless stated. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Outputs after the first. */
  readonly moreOutputs?: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export class DraftBuilder {
  readonly #name: string;
  readonly #inputs: DraftInput[] = [];
  readonly #outputs: string[] = [];
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<string, Tensor>();
  readonly #unsupported = new Map<string, string>();
  readonly #taken = new Map<string, number>();

  constructor(name: string) {
    this.#name = name;
  }

  addInput(input: DraftInput): void {
    this.#inputs.push(input);
  }

  addOutput(name: string): void {
    this.#outputs.push(name);
  }

  /** Adds a constant and returns its name, which differs from `name` where that is taken. */
  addConstant(name: string, tensor: Tensor): string {
    const unique = this.unique(name);
    this.#initializers.set(unique, tensor);
    return unique;
  }

  addNode({ name, operator, domain = "", inputs, output, moreOutputs = [], attributes = {} }: NewNode): void {
    const unique = this.unique(`node:${name}`).slice("node:".length);
    this.#push(unique, operator, domain, inputs, [output, ...moreOutputs], attributes);
  }

  /** Adds an operator that has no counterpart; it is reported by `checkGraph`. */
  addUnsupported(
    name: string,
    operator: { readonly format: string; readonly name: string },
    inputs: readonly string[],
    outputs: readonly string[],
    reason: string,
  ): void {
    const unique = this.unique(`node:${name}`).slice("node:".length);
    this.#unsupported.set(unique, reason);
    this.#push(unique, operator.name, operator.format, inputs, outputs, {});
  }

  /** A name that no constant or node of this builder has had from it. */
  unique(name: string): string {
    const uses = this.#taken.get(name) ?? 0;
    this.#taken.set(name, uses + 1);
    return uses === 0 ? name : this.unique(`${name}#${uses}`);
  }

  finish(): GraphDraft {
    return {
      name: this.#name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes: this.#nodes,
      initializers: this.#initializers,
      unsupported: this.#unsupported,
    };
  }

  #push(
    name: string,
    operator: string,
    domain: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
  ): void {
    const tagged = new Map(Object.entries(attributes));
    this.#nodes.push({ name, operator, domain, opset: OPSET, inputs, outputs, attributes: tagged });
  }
}
