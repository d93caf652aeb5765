/** What a data file holds once it has been read. */

import type { Shape } from "../tensor/shape.ts";

/** Numbers as the file stores them; 64-bit integers as doubles. */
export type DataArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** Row-major; all elements finite. `data` is a `Uint8Array` exactly when the file stores unsigned bytes. */
export interface DataTensor {
  /** Where the file names its arrays (npz, JSON). */
  readonly name?: string;
  readonly shape: Shape;
  readonly data: DataArray;
  /** Whether every element is an integer: by the file's element type, or by value in text files. */
  readonly integer: boolean;
}

export interface DataFile {
  /** For messages. */
  readonly fileName: string;
  readonly tensors: readonly DataTensor[];
}
