/** The ONNX backend test suite's single-operator cases. */

import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "fflate";
import { readOnnx } from "../../src/formats/onnx/read.ts";
import { readTensor } from "../../src/formats/onnx/readTensor.ts";
import { WireFile } from "../../src/formats/onnx/wire.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import type { CoverageCase } from "./coverageCase.ts";

const ARCHIVE = "../shared/data/onnx-node-tests/cases.tar.gz";
/** Types of entries that hold the name of the next one: GNU tar's, and the extended header of POSIX. */
const LONG_NAME = "L".charCodeAt(0);
const EXTENDED = "x".charCodeAt(0);

/** Regular files by path, long ones as GNU tar or POSIX write them. */
function untar(bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const text = (start: number, length: number): string =>
    new TextDecoder().decode(bytes.subarray(start, start + length)).split("\0", 1)[0];
  let longName: string | null = null;
  for (let position = 0; position + 512 <= bytes.length && bytes[position] !== 0; ) {
    const size = Number.parseInt(text(position + 124, 12), 8);
    const data = bytes.subarray(position + 512, position + 512 + size);
    const prefix = text(position + 345, 155);
    const type = bytes[position + 156];
    if (type === LONG_NAME) longName = new TextDecoder().decode(data).split("\0", 1)[0];
    else if (type === EXTENDED)
      longName = / path=(.*)\n/.exec(new TextDecoder().decode(data))?.[1] ?? longName;
    else {
      const short = text(position, 100);
      files.set(longName ?? (prefix === "" ? short : `${prefix}/${short}`), data);
      longName = null;
    }
    position += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

let archive: Map<string, Uint8Array> | undefined;

function files(): Map<string, Uint8Array> {
  archive ??= existsSync(ARCHIVE) ? untar(gunzipSync(readFileSync(ARCHIVE))) : new Map();
  return archive;
}

export function nodeCaseNames(): string[] {
  return [...files().keys()]
    .filter((path) => path.endsWith("/model.onnx"))
    .map((path) => path.replace(/^\.\//, "").replace(/\/model\.onnx$/, ""))
    .sort();
}

function storedTensor(path: string): Tensor | undefined {
  const bytes = files().get(path);
  if (bytes === undefined) return undefined;
  try {
    const file = new WireFile(bytes);
    return readTensor(file, file.whole()).tensor;
  } catch {
    // A sequence or an optional, which is no tensor.
    return undefined;
  }
}

export function nodeCase(name: string): CoverageCase {
  const model = files().get(`${name}/model.onnx`);
  if (model === undefined) throw new RangeError(`no case "${name}"`);
  let draft: { readonly inputs: readonly unknown[]; readonly outputs: readonly unknown[] };
  try {
    draft = readOnnx(model, name);
  } catch {
    draft = { inputs: [], outputs: [] };
  }
  const read = (kind: string, index: number): Tensor | undefined =>
    storedTensor(`${name}/test_data_set_0/${kind}_${index}.pb`);
  const inputs = draft.inputs.map((_, i) => read("input", i));
  const outputs = draft.outputs.map((_, i) => read("output", i));
  return { name, model, inputs, outputs };
}
