/**
 * The binary format `.r1cs`, version 1, of iden3 (github.com/iden3/r1csfile): constraints ⟨A, w⟩ · ⟨B, w⟩ = ⟨C, w⟩. Wires:
 * 0 is 1, then public outputs, public inputs, private inputs, all others.
 */
import { FIELD_BYTES, FIELD_ORDER, writeResidue } from "./scalarField.ts";

const MAGIC = "r1cs";
const VERSION = 1;
const HEADER_SECTION = 1;
const CONSTRAINTS_SECTION = 2;
const LABELS_SECTION = 3;
const TERM_BYTES = 4 + FIELD_BYTES;
const CHUNK_BYTES = 2 ** 20;

export interface R1csTerms {
  /** Ascending. */
  readonly wires: readonly number[];
  /** Residues other than 0. */
  readonly coefficients: readonly bigint[];
}

/** What the header says about wires. All public wires count as inputs: nothing here depends on which they are. */
export interface R1csWires {
  readonly total: number;
  readonly numPublic: number;
}

/** Takes constraints one by one and keeps nothing but their bytes. */
export class R1csWriter {
  numConstraints = 0;
  numTerms = 0;
  private readonly chunks: Uint8Array[] = [];
  private chunk = new Uint8Array(CHUNK_BYTES);
  private view = new DataView(this.chunk.buffer);
  private at = 0;

  constraint(sides: readonly R1csTerms[]): void {
    for (const { wires, coefficients } of sides) {
      this.reserve(4 + wires.length * TERM_BYTES);
      this.view.setUint32(this.at, wires.length, true);
      this.at += 4;
      for (let i = 0; i < wires.length; i++) {
        this.view.setUint32(this.at, wires[i], true);
        writeResidue(this.view, this.at + 4, coefficients[i]);
        this.at += TERM_BYTES;
      }
      this.numTerms += wires.length;
    }
    this.numConstraints++;
  }

  /** The whole file. */
  finish(wires: R1csWires): Uint8Array {
    this.chunks.push(this.chunk.subarray(0, this.at));
    const constraintBytes = this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const header = r1csHeader(wires, this.numConstraints);
    const labels = wireLabels(wires.total);
    const bytes = new Uint8Array(12 + 3 * 12 + header.length + constraintBytes + labels.length);
    const view = new DataView(bytes.buffer);
    bytes.set(new TextEncoder().encode(MAGIC));
    view.setUint32(4, VERSION, true);
    view.setUint32(8, 3, true);
    let at = 12;
    const section = (type: number, parts: readonly Uint8Array[], length: number): void => {
      view.setUint32(at, type, true);
      view.setBigUint64(at + 4, BigInt(length), true);
      at += 12;
      for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
      }
    };
    section(HEADER_SECTION, [header], header.length);
    section(CONSTRAINTS_SECTION, this.chunks, constraintBytes);
    section(LABELS_SECTION, [labels], labels.length);
    return bytes;
  }

  private reserve(count: number): void {
    if (this.at + count <= this.chunk.length) return;
    this.chunks.push(this.chunk.subarray(0, this.at));
    this.chunk = new Uint8Array(Math.max(CHUNK_BYTES, count));
    this.view = new DataView(this.chunk.buffer);
    this.at = 0;
  }
}

function r1csHeader({ total, numPublic }: R1csWires, numConstraints: number): Uint8Array {
  const bytes = new Uint8Array(4 + FIELD_BYTES + 4 * 4 + 8 + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, FIELD_BYTES, true);
  writeOrder(view, 4);
  const at = 4 + FIELD_BYTES;
  view.setUint32(at, total, true);
  // Public outputs, public inputs, private inputs.
  view.setUint32(at + 4, 0, true);
  view.setUint32(at + 8, numPublic, true);
  view.setUint32(at + 12, total - 1 - numPublic, true);
  view.setBigUint64(at + 16, BigInt(total), true);
  view.setUint32(at + 24, numConstraints, true);
  return bytes;
}

/** The order itself, which as a residue would be 0. */
export function writeOrder(view: DataView, at: number): void {
  let rest = FIELD_ORDER;
  for (let byte = 0; byte < FIELD_BYTES; byte++, rest >>= 8n) view.setUint8(at + byte, Number(rest & 255n));
}

/** Every wire is its own label: there is no source to point into. */
function wireLabels(count: number): Uint8Array {
  const words = new Uint32Array(2 * count);
  for (let wire = 0; wire < count; wire++) words[2 * wire] = wire;
  return new Uint8Array(words.buffer);
}
