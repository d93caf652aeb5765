/**
 * The single-operator cases of ONNX's backend test suite whose operators are supported. They stand beside the
 * repository; without them this is skipped.
 */

import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { checkGraph } from "../../graph/check.ts";
import type { GraphDraft } from "../../graph/draft.ts";
import type { Graph } from "../../graph/graph.ts";
import { resolveGraph } from "../../graph/resolve.ts";
import { runGraph } from "../../graph/run.ts";
import { type ElementType, reshaped, type Tensor } from "../../tensor/tensor.ts";
import { readOnnx } from "./read.ts";
import { readTensor } from "./readTensor.ts";
import { WireFile } from "./wire.ts";

const ARCHIVE = "../shared/data/onnx-node-tests/cases.tar.gz";

/** Cases whose stored outputs have four digits. */
const ROUNDED: ReadonlySet<string> = new Set(["test_averagepool_2d_ceil_last_window_starts_on_pad"]);

/** Files by path. Paths of more than 100 characters are left out. */
function untar(bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const text = (start: number, length: number): string =>
    new TextDecoder().decode(bytes.subarray(start, start + length)).split("\0", 1)[0];
  let position = 0;
  while (position + 512 <= bytes.length && bytes[position] !== 0) {
    const size = Number.parseInt(text(position + 124, 12), 8);
    files.set(text(position, 100), bytes.subarray(position + 512, position + 512 + size));
    position += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

interface BackendCase {
  readonly graph: Graph;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

function readCase(
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  model: Uint8Array,
): BackendCase | undefined {
  const proto = (path: string): Tensor | undefined => {
    const bytes = files.get(`${name}/test_data_set_0/${path}`);
    if (bytes === undefined) return undefined;
    const file = new WireFile(bytes);
    return readTensor(file, file.whole()).tensor;
  };
  const draft = readOnnx(model, name);
  const given = draft.inputs.map((_, i) => proto(`input_${i}.pb`));
  const outputs = draft.outputs.map((_, i) => proto(`output_${i}.pb`));
  if (!given.every((tensor) => tensor !== undefined) || !outputs.every((tensor) => tensor !== undefined))
    return undefined;
  // Shapes, axes, indices and scales are inputs in this suite; here they have to be constants.
  const first = resolveWithConstants(draft, given, (type) => type !== "float32");
  const found = first.graph.problems.length === 0 ? first : resolveWithConstants(draft, given, () => true);
  const { graph } = found;
  if (graph.problems.some(({ code }) => code === "model.unsupportedOperator")) return undefined;
  const inputs = found.inputs.map((tensor) =>
    graph.batched ? tensor : reshaped(tensor, [1, ...tensor.shape]),
  );
  return { graph, inputs, outputs };
}

/** Inputs after the first become constants where `isConstant` says so. */
function resolveWithConstants(
  draft: GraphDraft,
  given: readonly Tensor[],
  isConstant: (type: ElementType) => boolean,
): { readonly graph: Graph; readonly inputs: readonly Tensor[] } {
  const initializers = new Map(draft.initializers);
  draft.inputs.forEach(({ name, type }, i) => {
    if (i > 0 && isConstant(type)) initializers.set(name, given[i]);
  });
  const inputs = draft.inputs.filter(({ name }) => !initializers.has(name));
  return {
    graph: resolveGraph({ ...draft, inputs, initializers }),
    inputs: given.filter((_, i) => inputs.includes(draft.inputs[i])),
  };
}

describe.skipIf(!existsSync(ARCHIVE))(`ONNX backend test suite (skipped without ${ARCHIVE})`, () => {
  const files = existsSync(ARCHIVE)
    ? untar(gunzipSync(readFileSync(ARCHIVE)))
    : new Map<string, Uint8Array>();

  test("every case of a supported operator agrees", () => {
    let passed = 0;
    for (const [path, model] of files) {
      const name = path.replace(/\/model\.onnx$/, "");
      const found = name === path ? undefined : readCase(files, name, model);
      // A model that gives a constant is refused on purpose, and so are tensors without elements.
      if (
        found === undefined ||
        /^test_(constant|constantofshape|shape)(_|$)|_empty_set|split_zero_size/.test(name)
      )
        continue;
      checkGraph(found.graph);
      const results = [...runGraph(found.graph, found.inputs).values()];
      found.outputs.forEach((expected, i) => {
        expect(results[i].data.length, name).toBe(expected.data.length);
        const errors = Array.from(expected.data, (x, j) => distance(x, results[i].data[j]));
        expect(Math.max(0, ...errors), name).toBeLessThan(ROUNDED.has(name) ? 1e-4 : 1e-5);
      });
      passed++;
    }
    expect(passed).toBeGreaterThanOrEqual(220);
  });
});

/** Relative to the magnitude; two NaN or two equal infinities agree. */
function distance(x: number, y: number): number {
  if (Object.is(x, y) || x === y) return 0;
  const difference = Math.abs(x - y) / (1 + Math.abs(x));
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}
