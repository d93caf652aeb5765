/** The inputs of the program: the integers of the model's first tensors. */

import type { GraphValue } from "../../graph/graph.ts";
import type { Node } from "../../graph/node.ts";
import { type ByteQuant, byteRange, sameQuant } from "./byteQuant.ts";
import type { ExactContext } from "./context.ts";
import { PLAIN } from "./emitter.ts";
import { NotExact } from "./notExact.ts";
import { byteType, quantOf } from "./rules/quantisation.ts";

/** What the readers of an input say about its integers: a real input is quantised before it enters the program. */
function inputQuant(context: ExactContext, input: GraphValue): { name: string; quant: ByteQuant } {
  const { graph } = context;
  const readers = graph.nodes.filter((node) => node.inputs.includes(input.name));
  const isReal = input.type === "float32";
  const wanted = isReal ? "QuantizeLinear" : "DequantizeLinear";
  const describing = readers.filter((node) => node.operator === wanted && node.inputs[0] === input.name);
  const other = readers.find((node) => !describing.includes(node));
  if (isReal && other !== undefined)
    throw new NotExact(`is read in floating point by ${other.operator} "${other.name}"`);
  if (describing.length === 0) {
    const type = byteType(input.type);
    return { name: input.name, quant: { type, ...PLAIN } };
  }
  const quants = describing.map((node: Node) => quantOf(graph, node));
  if (isReal && quants.some((quant) => !sameQuant(quant, quants[0])))
    throw new NotExact("is quantised in several ways");
  return { name: isReal ? describing[0].outputs[0] : input.name, quant: quants[0] };
}

/** Adds one input of the program for each of the graph. Throws `NotExact` for one that is not 8-bit integers. */
export function lowerInput(context: ExactContext, input: GraphValue): void {
  const { emitter } = context;
  const { name, quant } = inputQuant(context, input);
  const id = emitter.addInput(name, input.shape, byteRange(quant.type), {
    scale: quant.scale,
    zeroPoint: quant.zeroPoint,
  });
  context.set(input.name, { kind: "integers", view: emitter.plainView(id), type: quant.type });
}
