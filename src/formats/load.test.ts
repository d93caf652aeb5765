import { beforeAll, describe, expect, test } from "vitest";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { checkGraph } from "../graph/check.ts";
import { runGraph } from "../graph/run.ts";
import { reals } from "../graph/testing/draft.ts";
import { loadModel } from "./load.ts";
import { expectedMlp, kerasMlp, onnxMlp, tfliteMlp } from "./testing/models.ts";

const FORMATS = [
  { format: "onnx", make: onnxMlp },
  { format: "tflite", make: tfliteMlp },
  { format: "h5", make: kerasMlp },
];

describe.each(FORMATS)("$format", ({ format, make }) => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await make();
  });

  test("gives the network's outputs, whatever the file is called", async () => {
    const graph = await loadModel(bytes, "model.bin");
    checkGraph(graph);
    expect(graph.inputs[0].shape).toEqual([3]);
    const samples = [
      [1, 0.5, -0.25],
      [-1, 2, 3],
    ];
    const result = runGraph(graph, [reals([2, 3], ...samples.flat())]).get(graph.outputs[0].name);
    samples.flatMap(expectedMlp).forEach((expected, i) => {
      expect(result?.data[i]).toBeCloseTo(expected, 6);
    });
  });

  test("cut off at every 97th byte, is refused in order", async () => {
    const codes = new Set<string>();
    for (let length = 0; length < bytes.length; length += 97)
      codes.add(await outcome(bytes.subarray(0, length), format));
    for (const code of codes) expect(code).toMatch(/^(model\.\w+|read)$/);
    expect(codes).toContain("model.truncated");
  });

  test("with any byte changed, is read or refused in order", async () => {
    // HDF5 files are large and mostly padding.
    const step = bytes.length > 4096 ? 97 : 1;
    for (let position = 0; position < bytes.length; position += step) {
      const damaged = bytes.slice();
      damaged[position] ^= 0xff;
      expect(await outcome(damaged, format)).toMatch(/^(model\.\w+|read)$/);
    }
  });
});

/** The code of the error that loading, checking and running ends in; other errors pass through. */
async function outcome(bytes: Uint8Array, format: string): Promise<string> {
  try {
    const graph = await loadModel(bytes, `model.${format}`);
    checkGraph(graph);
    if (graph.inputs[0].shape.reduce((product, length) => product * length, 1) < 1e6) {
      const size = graph.inputs.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
      runGraph(
        graph,
        graph.inputs.map(({ shape }, i) => reals([1, ...shape], ...new Array(size[i]).fill(0))),
      );
    }
    return "read";
  } catch (error) {
    if (error instanceof TensorproofError) return error.code;
    throw error;
  }
}

describe("what is no model", () => {
  test.each([
    ["nothing", new Uint8Array(), "an empty file"],
    ["text", new TextEncoder().encode("hello, I am a text"), 'text that begins with "hello, I am a te"'],
    ["a zip archive", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), "a zip archive"],
    ["a gzip file", Uint8Array.of(0x1f, 0x8b, 8, 0), "gzip"],
    ["other bytes", Uint8Array.of(0xff, 0xfe, 0, 1), "4 bytes that begin with ff fe 00 01"],
  ])("%s", async (_, bytes, says) => {
    const loading = loadModel(bytes, "file.onnx");
    await expect(loading).rejects.toMatchObject({ code: "model.notAModel" });
    await expect(loading).rejects.toThrow(says);
  });
});
