import { describe, expect, test } from "vitest";
import { intTensor, type Tensor } from "../../tensor/tensor.ts";
import { checkGraph } from "../check.ts";
import type { Graph } from "../graph.ts";
import type { Attribute } from "../node.ts";
import { runGraph } from "../run.ts";
import { graphOf, int, integers, reals } from "../testing/draft.ts";

/** The input with channels of one number behind its own, as exporters pad residual connections. */
function padded(shape: Tensor, attributes: Readonly<Record<string, Attribute>>): Graph {
  return graphOf({
    inputs: { x: [1, 1, 2] },
    constants: { shape },
    nodes: [
      { operator: "ConstantOfShape", inputs: ["shape"], outputs: ["filling"], attributes },
      { operator: "Concat", inputs: ["x", "filling"], attributes: { axis: int(1) } },
    ],
  });
}

const tensor = (value: Tensor): Readonly<Record<string, Attribute>> => ({ value: { type: "tensor", value } });

describe("ConstantOfShape", () => {
  test.each([
    ["zeros unless stated", {}, [5, 6, 0, 0]],
    ["the number stated", tensor(reals([1], 7)), [5, 6, 7, 7]],
  ])("%s", (_, attributes, expected) => {
    const graph = padded(integers(1, 1, 2), attributes);
    checkGraph(graph);
    const [{ data }] = runGraph(graph, [reals([1, 1, 1, 2], 5, 6)]).values();
    expect(Array.from(data)).toEqual(expected);
  });

  test.each([
    ["several numbers", integers(1, 1, 2), tensor(reals([2], 7, 8)), /not one number/],
    ["integers beside reals", integers(1, 1, 2), tensor(intTensor([1], [7])), /does not fit/],
    ["a negative length", integers(1, -1, 2), {}, /shape \[1, -1, 2\]/],
    ["more than a model may ask for", integers(1, 2 ** 40, 2), {}, /would give a tensor/],
  ])("%s: refused", (_, shape, attributes, reason) => {
    expect(() => checkGraph(padded(shape, attributes))).toThrow(reason);
  });
});
