import { describe, expect, test } from "vitest";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { checkGraph } from "./check.ts";
import { sampleAxis } from "./graph.ts";
import type { ProblemCode } from "./problem.ts";
import { runGraph } from "./run.ts";
import { type GraphSketch, graphOf, int, integers, reals } from "./testing/draft.ts";

function errorOf(sketch: GraphSketch): TensorproofError {
  try {
    checkGraph(graphOf(sketch));
  } catch (error) {
    if (error instanceof TensorproofError) return error;
    throw error;
  }
  throw new Error("the graph passed");
}

const RELU = [{ operator: "Relu", inputs: ["x"] }];

describe("the batch axis", () => {
  test.each([[null], ["N"], [-1], [0], [1]])("is a first length of %s", (length) => {
    const graph = graphOf({ inputs: { x: [length, 3] }, nodes: RELU });
    checkGraph(graph);
    expect(graph.batched).toBe(true);
    expect(graph.inputs[0].shape).toEqual([3]);
    expect(graph.outputs[0].shape).toEqual([3]);
  });

  test("is absent where the first length is another number", () => {
    const graph = graphOf({ inputs: { x: [2, 3] }, nodes: RELU });
    expect(graph.batched).toBe(false);
    expect(graph.outputs[0].shape).toEqual([2, 3]);
    const results = runGraph(graph, [reals([2, 2, 3], 1, -1, 1, -1, 1, -1, 2, 2, 2, -2, -2, -2)]);
    expect(Array.from(results.get("y")?.data ?? [])).toEqual([1, 0, 1, 0, 1, 0, 2, 2, 2, 0, 0, 0]);
  });

  test("is absent where a length of 1 cannot be it", () => {
    const graph = graphOf({
      inputs: { x: [1, 2] },
      constants: { w: reals([2, 1], 3, 5) },
      nodes: [{ operator: "MatMul", inputs: ["w", "x"] }],
    });
    checkGraph(graph);
    expect(graph.batched).toBe(false);
    expect(graph.outputs[0].shape).toEqual([2, 2]);
  });

  test("is absent where softmax normalises over a length of 1", () => {
    const graph = graphOf({
      inputs: { x: [1, 2] },
      nodes: [{ operator: "Softmax", inputs: ["x"], attributes: { axis: int(0) } }],
    });
    checkGraph(graph);
    expect(graph.batched).toBe(false);
  });

  test("is counted by attributes and not by per-sample shapes", () => {
    expect(sampleAxis({ batched: true }, 2, 3)).toBe(1);
    expect(sampleAxis({ batched: true }, -1, 3)).toBe(2);
    expect(sampleAxis({ batched: true }, 0, 3)).toBeUndefined();
    expect(sampleAxis({ batched: false }, 2, 3)).toBe(2);
  });
});

describe("passes", () => {
  test("computations of shapes disappear", () => {
    const graph = graphOf({
      inputs: { x: ["N", 2, 3] },
      constants: { zero: integers(0), rest: integers(-1) },
      nodes: [
        { operator: "Reshape", inputs: ["x", "target"] },
        { operator: "Concat", inputs: ["n", "rest"], outputs: ["target"], attributes: { axis: int(0) } },
        { operator: "Gather", inputs: ["s", "zero"], outputs: ["n"] },
        { operator: "Shape", inputs: ["x"], outputs: ["s"] },
      ],
    });
    checkGraph(graph);
    expect(graph.nodes.map((node) => node.operator)).toEqual(["Reshape"]);
    expect(graph.initializers.size).toBe(0);
    expect(graph.outputs[0].shape).toEqual([6]);
  });

  test("constants are folded and dead nodes removed, unsupported ones too", () => {
    const graph = graphOf({
      inputs: { x: [null, 2] },
      constants: { a: reals([2], 1, 2), b: reals([2], 10, 20), unused: reals([1], Number.NaN) },
      nodes: [
        { operator: "Mul", inputs: ["a", "b"], outputs: ["c"] },
        { operator: "Add", inputs: ["x", "c"] },
        { operator: "Unheard", inputs: ["x"], outputs: ["nowhere"] },
      ],
    });
    checkGraph(graph);
    expect(graph.nodes.map((node) => node.operator)).toEqual(["Add"]);
    expect([...graph.initializers.keys()]).toEqual(["c"]);
    expect(Array.from(graph.initializers.get("c")?.data ?? [])).toEqual([10, 40]);
  });

  test("intermediate tensors are returned on request", () => {
    const graph = graphOf({
      inputs: { x: [null, 2] },
      nodes: [
        { operator: "Relu", inputs: ["x"], outputs: ["h"] },
        { operator: "Add", inputs: ["h", "h"] },
      ],
    });
    const input = reals([1, 2], -1, 2);
    expect([...runGraph(graph, [input]).keys()]).toEqual(["y"]);
    expect([...runGraph(graph, [input], { keep: "all" }).keys()].sort()).toEqual(["h", "x", "y"]);
  });
});

describe("problems", () => {
  test("a model without an input proves nothing, and the message says so", () => {
    const error = errorOf({ inputs: {}, constants: { x: reals([1, 2], 1, 2) }, nodes: RELU });
    expect(error.code).toBe("model.noInput");
    expect(error.message).toContain("prove nothing about any input");
  });

  test("an output that no input reaches", () => {
    const error = errorOf({
      inputs: { x: [null, 2] },
      constants: { c: reals([1, 2], 1, 2) },
      nodes: [...RELU, { operator: "Relu", inputs: ["c"], outputs: ["z"] }],
      outputs: ["y", "z"],
    });
    expect(error.code).toBe("model.outputIndependent");
    expect(error.where).toBe("z");
  });

  test("an output computed from the input's shape alone", () => {
    const error = errorOf({ inputs: { x: [null, 2] }, nodes: [{ operator: "Shape", inputs: ["x"] }] });
    expect(error.code).toBe("model.outputIndependent");
  });

  test("every unsupported operator at once", () => {
    const error = errorOf({
      inputs: { x: [null, 1, 4, 4] },
      constants: { w: reals([1, 1, 3, 3], ...new Array(9).fill(1)) },
      nodes: [
        { operator: "Unheard", inputs: ["x", "w"], outputs: ["a"] },
        { operator: "Relu", inputs: ["a"], outputs: ["b"] },
        { operator: "Cast", inputs: ["b"], outputs: ["c"], attributes: { to: int(8) } },
        { operator: "Strange", inputs: ["c"] },
      ],
    });
    expect(error.code).toBe("model.unsupportedOperator");
    expect(error.details).toEqual([
      { node: "a", operator: "Unheard", reason: "the operator is not supported" },
      { node: "c", operator: "Cast", reason: "conversion to element type 8" },
      { node: "y", operator: "Strange", reason: "the operator is not supported" },
    ]);
    for (const name of ["Unheard", "Cast", "Strange"])
      expect(error.message).toContain(`unsupported operator ${name}`);
  });

  test("a weight that is not finite, with its index", () => {
    const error = errorOf({
      inputs: { x: [null, 3] },
      constants: { w: reals([3], 1, 2, Number.NaN) },
      nodes: [{ operator: "Add", inputs: ["x", "w"] }],
    });
    expect(error.code).toBe("model.nonFiniteWeight");
    expect(error.where).toBe("w");
    expect(error.message).toContain("NaN at index 2");
  });

  test("infinite bounds of Clip are not weights", () => {
    const constants = { lo: reals([], Number.NEGATIVE_INFINITY) };
    checkGraph(
      graphOf({ inputs: { x: [null, 3] }, constants, nodes: [{ operator: "Clip", inputs: ["x", "lo"] }] }),
    );
  });

  test("kinds are reported together, the gravest first", () => {
    const error = errorOf({
      inputs: { x: [null, 3] },
      constants: { w: reals([3], 1, 2, Number.NaN) },
      nodes: [
        { operator: "Add", inputs: ["x", "w"], outputs: ["h"] },
        { operator: "Unheard", inputs: ["h"] },
      ],
    });
    expect(error.code).toBe("model.unsupportedOperator");
    expect(error.message).toContain("2 problems");
    expect(error.message).toContain("NaN at index 2");
  });

  const cases: { code: ProblemCode; says: string; sketch: GraphSketch }[] = [
    {
      code: "model.dynamicShape",
      says: 'axis 1 ("width")',
      sketch: { inputs: { x: ["N", "width"] }, nodes: RELU },
    },
    {
      code: "model.dynamicShape",
      says: "without a declared shape",
      sketch: { inputs: { x: undefined }, nodes: RELU },
    },
    {
      code: "model.dynamicShape",
      says: "fixed first axis",
      sketch: { inputs: { x: ["N", 2], z: [4, 2] }, nodes: [{ operator: "Add", inputs: ["x", "z"] }] },
    },
    {
      code: "model.dynamicShape",
      says: "decides a shape",
      sketch: {
        inputs: { x: ["N", 2] },
        nodes: [
          { operator: "Cast", inputs: ["x"], outputs: ["s"], attributes: { to: int(7) } },
          { operator: "Reshape", inputs: ["x", "s"] },
        ],
      },
    },
    {
      code: "model.cyclic",
      says: "cycle",
      sketch: {
        inputs: { x: [null, 2] },
        nodes: [
          { operator: "Add", inputs: ["x", "y"], outputs: ["a"] },
          { operator: "Relu", inputs: ["a"] },
        ],
      },
    },
    {
      code: "model.missingTensor",
      says: '"absent"',
      sketch: { inputs: { x: [null, 2] }, nodes: [{ operator: "Add", inputs: ["x", "absent"] }] },
    },
    {
      code: "model.missingTensor",
      says: "declared as an output",
      sketch: { inputs: { x: [null, 2] }, nodes: RELU, outputs: ["z"] },
    },
    {
      code: "model.missingTensor",
      says: "lacks its input 1",
      sketch: { inputs: { x: [null, 2] }, nodes: [{ operator: "Add", inputs: ["x"] }] },
    },
    {
      code: "model.duplicateTensor",
      says: "more than once",
      sketch: { inputs: { x: [null, 2] }, nodes: [...RELU, ...RELU] },
    },
    {
      code: "model.badAttribute",
      says: 'attribute "axis" should be of type int but is float',
      sketch: {
        inputs: { x: [null, 2] },
        nodes: [{ operator: "Softmax", inputs: ["x"], attributes: { axis: { type: "float", value: 1 } } }],
      },
    },
    {
      code: "model.shapeMismatch",
      says: "do not broadcast",
      sketch: {
        inputs: { x: [null, 2] },
        constants: { c: reals([3], 1, 2, 3) },
        nodes: [{ operator: "Add", inputs: ["x", "c"] }],
      },
    },
    {
      code: "model.mixesSamples",
      says: "combines different samples",
      sketch: { inputs: { x: [null, 2] }, nodes: [{ operator: "Transpose", inputs: ["x"] }] },
    },
    {
      code: "model.mixesSamples",
      says: "batch axis",
      sketch: {
        inputs: { x: [null, 2] },
        nodes: [{ operator: "Softmax", inputs: ["x"], attributes: { axis: int(0) } }],
      },
    },
    {
      code: "model.tooLarge",
      says: "too large to carry out",
      sketch: {
        inputs: { x: [null, 2] },
        constants: {
          a: reals([9000, 1], ...new Array(9000).fill(1)),
          b: reals([9000], ...new Array(9000).fill(1)),
        },
        nodes: [
          { operator: "Add", inputs: ["a", "b"], outputs: ["c"] },
          { operator: "Add", inputs: ["x", "c"] },
        ],
      },
    },
    {
      code: "model.tooLarge",
      says: "elements",
      sketch: {
        inputs: { x: [null, 40000, 1], z: [null, 40000] },
        nodes: [
          { operator: "Add", inputs: ["x", "z3"] },
          { operator: "Unsqueeze", inputs: ["z", "one"], outputs: ["z3"] },
        ],
        constants: { one: integers(1) },
      },
    },
  ];
  test.each(cases)("$code: $says", ({ code, says, sketch }) => {
    const error = errorOf(sketch);
    expect(error.code).toBe(code);
    expect(error.message).toContain(says);
  });
});

describe("runGraph", () => {
  const graph = graphOf({ inputs: { x: [null, 2] }, nodes: RELU });

  test("refuses an input of another shape", () => {
    expect(() => runGraph(graph, [reals([1, 3], 1, 2, 3)])).toThrow(/expected shape \[1, 2\], got \[1, 3\]/);
  });

  test("refuses another number of inputs", () => {
    expect(() => runGraph(graph, [])).toThrow(/has 1 inputs \("x"\), got 0/);
  });
});
