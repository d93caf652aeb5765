/** EZKL's example networks, with what ONNX Runtime computes for their inputs. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readOnnx } from "../../src/formats/onnx/read.ts";
import type { GraphDraft } from "../../src/graph/draft.ts";
import { elementCount } from "../../src/tensor/shape.ts";
import { floatTensor, intTensor, type Tensor } from "../../src/tensor/tensor.ts";
import type { CoverageCase } from "./coverageCase.ts";

const FOLDER = "../shared/data/ezkl-examples";

export function ezklCaseNames(): string[] {
  return existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];
}

type Nested = number | boolean | readonly Nested[];

function flatten(values: Nested): number[] {
  return Array.isArray(values) ? values.flatMap(flatten) : [Number(values)];
}

/** Open axes take what the number of elements leaves: all of it on the first of them. */
function shapeFor(input: GraphDraft["inputs"][number], count: number): number[] {
  const dims = input.shape ?? [count];
  const fixed = dims.map((dim) => (typeof dim === "number" && dim > 0 ? dim : null));
  const known = elementCount(fixed.map((dim) => dim ?? 1));
  let left = count / known;
  return fixed.map((dim) => {
    if (dim !== null) return dim;
    const length = left;
    left = 1;
    return length;
  });
}

interface StoredOutput {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: Nested;
}

export function ezklCase(name: string): CoverageCase {
  const text = (file: string): string => readFileSync(`${FOLDER}/${name}/${file}`, "utf8");
  const model = new Uint8Array(readFileSync(`${FOLDER}/${name}/network.onnx`));
  const { input_data: given } = JSON.parse(text("input.json")) as { input_data: Nested[] };
  const draft = readOnnx(model, name);
  const inputs = draft.inputs.map((input, i): Tensor | undefined => {
    if (given[i] === undefined) return undefined;
    const data = flatten(given[i]);
    const shape = shapeFor(input, data.length);
    return input.type === "float32" ? floatTensor(shape, data) : intTensor(shape, data, input.type);
  });
  const stored = existsSync(`${FOLDER}/${name}/expected.json`)
    ? (JSON.parse(text("expected.json")) as StoredOutput[])
    : null;
  const outputs = stored?.map(({ shape, dtype, data }): Tensor => {
    const numbers = flatten(data);
    return dtype.startsWith("float") ? floatTensor(shape, numbers) : intTensor(shape, numbers);
  });
  return { name, model, inputs, outputs: outputs ?? null };
}
