/** The part of an HDF5 file that Keras models are made of: groups, float arrays and text attributes. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { elementCount, formatShape } from "../../tensor/shape.ts";
import type { FloatTensor } from "../../tensor/tensor.ts";
import { checkGlobalHeaps } from "./globalHeap.ts";

/** Weights of one array; compressed HDF5 data may unpack to far more than the file holds. */
const MAX_ELEMENTS = 2 ** 28;

type H5wasm = typeof import("h5wasm");
type H5File = InstanceType<H5wasm["File"]>;

export interface Hdf5File {
  /** A text attribute of a group or of the file (path `"/"`); `undefined` when there is none. */
  readonly text: (path: string, attribute: string) => string | undefined;
  /** A list of texts; empty when there is none. */
  readonly texts: (path: string, attribute: string) => readonly string[];
  /** A float array. Throws `model.missingTensor`, `model.malformed` and `model.tooLarge`. */
  readonly array: (path: string) => FloatTensor;
}

/**
 * Opens `bytes` and passes the file to `use`; it is closed afterwards. Throws `format.missingPeer` when the optional
 * package h5wasm is not installed, `model.truncated` or `model.malformed` for damaged files, and `format.damagedLibrary` once
 * a hostile file has made the library trap in this process.
 */
export async function withHdf5<T>(
  bytes: Uint8Array,
  fileName: string,
  use: (file: Hdf5File) => T,
): Promise<T> {
  requireWhole(bytes, fileName);
  checkGlobalHeaps(bytes, fileName);
  const h5wasm = await loadLibrary(fileName);
  const module = await h5wasm.ready;
  if (isLibraryDamaged) throw damagedLibrary();
  // Otherwise the library prints its errors and goes on with invalid handles.
  module.activate_throwing_error_handler();
  const path = `/tensorproof-${nextFile++}.h5`;
  module.FS.writeFile(path, bytes);
  let file: H5File | undefined;
  try {
    file = new h5wasm.File(path, "r");
    return use(accessors(h5wasm, file, fileName));
  } catch (cause) {
    if (cause instanceof TensorproofError) throw cause;
    isLibraryDamaged ||= cause instanceof WebAssembly.RuntimeError;
    const reason = cause instanceof Error ? cause.message.split("\n", 1)[0] : "unreadable";
    throw new TensorproofError("model.malformed", `"${fileName}" is a damaged HDF5 file: ${reason}`, {
      where: fileName,
      cause,
    });
  } finally {
    if (!isLibraryDamaged) closeQuietly(file);
    module.FS.unlink(path);
  }
}

let nextFile = 0;
/** A file made the library trap: its memory may hold anything, and what it would read from now on is worth nothing. */
let isLibraryDamaged = false;

function damagedLibrary(): TensorproofError {
  return new TensorproofError(
    "format.damagedLibrary",
    "an HDF5 file that this process read before has damaged the library that reads them; start a new process",
    { where: "h5wasm", category: "resources" },
  );
}

async function loadLibrary(fileName: string): Promise<H5wasm> {
  try {
    return await import("h5wasm");
  } catch (cause) {
    throw new TensorproofError(
      "format.missingPeer",
      `"${fileName}" is an HDF5 file; reading it needs the optional package h5wasm (npm install h5wasm)`,
      { where: "h5wasm", cause },
    );
  }
}

/** Where each version of the HDF5 superblock keeps the size of addresses and the end of the file. */
const SUPERBLOCKS: Readonly<Record<number, { readonly addressSizeAt: number; readonly endAt: number }>> = {
  0: { addressSizeAt: 13, endAt: 40 },
  1: { addressSizeAt: 13, endAt: 44 },
  2: { addressSizeAt: 9, endAt: 28 },
  3: { addressSizeAt: 9, endAt: 28 },
};
const SUPERBLOCK_BYTES = 52;

/** The superblock states where the file ends: compared here, a cut is reported as such and with its place. */
function requireWhole(bytes: Uint8Array, fileName: string): void {
  const layout = SUPERBLOCKS[bytes[8]];
  const complete = bytes.length >= SUPERBLOCK_BYTES;
  if (complete && (layout === undefined || bytes[layout.addressSizeAt] !== 8)) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stated = complete ? Number(view.getBigUint64(layout.endAt, true)) : SUPERBLOCK_BYTES;
  if (stated <= bytes.length) return;
  throw new TensorproofError(
    "model.truncated",
    `"${fileName}" is cut off: it should have ${stated} bytes or more but ends at byte ${bytes.length}`,
    { where: `byte ${bytes.length}` },
  );
}

/** A damaged file can fail to close as well; the first error is the one to report. */
function closeQuietly(file: H5File | undefined): void {
  try {
    file?.close();
  } catch (error) {
    // Nothing more can be done with this file.
    isLibraryDamaged ||= error instanceof WebAssembly.RuntimeError;
  }
}

function accessors(h5wasm: H5wasm, file: H5File, fileName: string): Hdf5File {
  const attributeOf = (path: string, name: string): unknown => {
    const entity = path === "/" ? file : file.get(path);
    if (!(entity instanceof h5wasm.Group)) return undefined;
    return entity.attrs[name]?.value;
  };
  return {
    text: (path, name) => {
      const value = attributeOf(path, name);
      if (value instanceof Uint8Array) return new TextDecoder().decode(value);
      return typeof value === "string" ? value : undefined;
    },
    texts: (path, name) => {
      const value = attributeOf(path, name);
      return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
    },
    array: (path) => {
      const dataset = file.get(path);
      if (!(dataset instanceof h5wasm.Dataset)) {
        throw new TensorproofError("model.missingTensor", `"${fileName}" has no weights "${path}"`, {
          where: path,
        });
      }
      const shape = dataset.shape ?? [];
      if (elementCount(shape) > MAX_ELEMENTS) {
        const size = `weights "${path}" of shape ${formatShape(shape)}`;
        throw new TensorproofError("model.tooLarge", `"${fileName}": ${size} are too large`, { where: path });
      }
      const data = dataset.value;
      if (
        !(data instanceof Float32Array || data instanceof Float64Array) ||
        data.length !== elementCount(shape)
      ) {
        throw new TensorproofError(
          "model.malformed",
          `"${fileName}": weights "${path}" are not real numbers`,
          { where: path },
        );
      }
      return { shape, data: Float32Array.from(data) };
    },
  };
}
