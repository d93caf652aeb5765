/**
 * A polynomial as a Graph: y = w · m(x) + b, where each monomial in m is a product of as many factors as the degree, each
 * picked from x by a matrix of zeros and ones, or 1.
 */
import type { Graph } from "../../graph/graph.ts";
import type { Node } from "../../graph/node.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { floatTensor, type Tensor } from "../../tensor/tensor.ts";
import type { LinearModel } from "./leastSquares.ts";

const OPSET = 13;

export function polynomialGraph(
  name: string,
  numFeatures: number,
  monomials: readonly (readonly number[])[],
  { coefficients, intercept }: LinearModel,
): Graph {
  const initializers = new Map<string, Tensor>();
  const nodes: Node[] = [];
  const add = (operator: string, output: string, inputs: readonly string[]): string => {
    const node = { name: output, operator, domain: "", opset: OPSET, attributes: new Map() };
    nodes.push({ ...node, inputs, outputs: [output] });
    return output;
  };
  const gemm = (output: string, input: string, weight: Tensor, bias: Tensor): string => {
    initializers.set(`${output}.weight`, weight).set(`${output}.bias`, bias);
    return add("Gemm", output, [input, `${output}.weight`, `${output}.bias`]);
  };
  const count = monomials.length;
  const degree = monomials.reduce((most, { length }) => Math.max(most, length), 0);
  const factor = (position: number): string => {
    const weight = new Float32Array(numFeatures * count);
    const bias = new Float32Array(count);
    monomials.forEach((monomial, m) => {
      if (position < monomial.length) weight[monomial[position] * count + m] = 1;
      else bias[m] = 1;
    });
    const shape = [numFeatures, count];
    return gemm(`factor${position + 1}`, "input", floatTensor(shape, weight), floatTensor([count], bias));
  };
  let last = factor(0);
  for (let position = 1; position < degree; position++)
    last = add("Mul", `products${position + 1}`, [last, factor(position)]);
  const weight = floatTensor([count, 1], Float32Array.from(coefficients));
  gemm("prediction", last, weight, floatTensor([1], [intercept]));
  const inputs = [{ name: "input", type: "float32" as const, shape: ["batch", numFeatures] }];
  return resolveGraph({ name, inputs, outputs: ["prediction"], nodes, initializers });
}
