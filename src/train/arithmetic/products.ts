/**
 * Products of matrices in single precision, by a WASM kernel with SIMD (assembly/training/product.ts). WASM defines every
 * rounding and the sums run in a fixed order: the same operands give the same bits on every machine.
 */
import { productModule } from "./generated/productModule.ts";

/** One operand, row-major; where `transposed` it is stored as its transpose. */
export interface Operand {
  readonly data: Float32Array;
  readonly transposed?: boolean;
}

/** out [m, n] = a [m, k] · b [k, n]; added to what `out` holds where `accumulate` is set. */
export interface Product {
  readonly a: Operand;
  readonly b: Operand;
  readonly out: Float32Array;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly accumulate?: boolean;
}

interface Kernel {
  readonly product: (a: number, b: number, c: number, panelsA: number, panelsB: number, k: number) => void;
  readonly packColumns: (
    source: number,
    target: number,
    rows: number,
    columns: number,
    width: number,
  ) => void;
  readonly packRows: (source: number, target: number, rows: number, columns: number, width: number) => void;
}

const ROWS_OF_A = 4;
const COLUMNS_OF_B = 8;
const PAGE = 65_536;
const ALIGNMENT = 16;

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Computes one product at a time; holds memory for the largest so far. */
export class MatrixProducts {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #kernel: Kernel;
  #floats = new Float32Array(this.#memory.buffer);

  constructor() {
    const module = new WebAssembly.Module(bytesOf(productModule));
    const abort = (): never => {
      throw new RangeError("the matrix kernel was called with addresses outside of its memory");
    };
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory, abort } });
    this.#kernel = exports as unknown as Kernel;
  }

  multiply({ a, b, out, m, n, k, accumulate = false }: Product): void {
    if (a.data.length !== m * k || b.data.length !== k * n || out.length !== m * n) {
      const got = `${a.data.length}, ${b.data.length} and ${out.length} elements`;
      throw new RangeError(`product [${m}, ${k}] · [${k}, ${n}]: got ${got}`);
    }
    const panelsA = Math.ceil(m / ROWS_OF_A);
    const panelsB = Math.ceil(n / COLUMNS_OF_B);
    const packedA = aligned(4 * Math.max(a.data.length, b.data.length));
    const packedB = packedA + aligned(4 * panelsA * ROWS_OF_A * k);
    const tiles = packedB + aligned(4 * panelsB * COLUMNS_OF_B * k);
    const width = panelsB * COLUMNS_OF_B;
    this.#reserve(tiles + 4 * panelsA * ROWS_OF_A * width);
    this.#floats.set(a.data);
    if (a.transposed === true) this.#kernel.packColumns(0, packedA, k, m, ROWS_OF_A);
    else this.#kernel.packRows(0, packedA, m, k, ROWS_OF_A);
    this.#floats.set(b.data);
    if (b.transposed === true) this.#kernel.packRows(0, packedB, n, k, COLUMNS_OF_B);
    else this.#kernel.packColumns(0, packedB, k, n, COLUMNS_OF_B);
    this.#kernel.product(packedA, packedB, tiles, panelsA, panelsB, k);
    this.#read(tiles / 4, width, out, m, n, accumulate);
  }

  #read(start: number, width: number, out: Float32Array, m: number, n: number, accumulate: boolean): void {
    const floats = this.#floats;
    for (let row = 0; row < m; row++) {
      const from = start + row * width;
      if (!accumulate) out.set(floats.subarray(from, from + n), row * n);
      else for (let j = 0; j < n; j++) out[row * n + j] += floats[from + j];
    }
  }

  #reserve(bytes: number): void {
    const missing = bytes - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(missing / PAGE));
    this.#floats = new Float32Array(this.#memory.buffer);
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
