/** The pieces of all rescalings of a program as one table: channels are numbered through. */
import { axisBits } from "../../claims/axes.ts";
import { fromInteger } from "../../field/m31.ts";
import type { RescalePieces } from "./pieces.ts";

export type PieceColumn = "result" | "low" | "high" | "channel";

export class PieceTable {
  private readonly parts: {
    readonly pieces: RescalePieces;
    readonly firstChannel: number;
    readonly firstRow: number;
  }[] = [];
  private lastPart = 0;
  private numChannels = 0;
  private rows = 0;

  get numRows(): number {
    return this.rows;
  }

  /** The number of its first channel. */
  add(pieces: RescalePieces): number {
    const firstChannel = this.numChannels;
    this.parts.push({ pieces, firstChannel, firstRow: this.rows });
    this.numChannels += pieces.numChannels;
    this.rows += pieces.numRows;
    return firstChannel;
  }

  /** Residues of one column of the rows [from, to). */
  column(kind: PieceColumn, from: number, to: number): Uint32Array {
    const column = new Uint32Array(to - from);
    for (const { pieces, firstChannel, firstRow } of this.parts) {
      const values = pieces[kind];
      const offset = kind === "channel" ? firstChannel : 0;
      const first = Math.max(from, firstRow);
      const end = Math.min(to, firstRow + pieces.numRows);
      for (let row = first; row < end; row++)
        column[row - from] = fromInteger(values[row - firstRow] + offset);
    }
    return column;
  }

  /** The row of a channel's piece that holds x. */
  rowOf(channel: number, x: number): number {
    let { pieces, firstChannel, firstRow } = this.parts[this.lastPart];
    // Neighbours are of the same rescaling.
    if (channel < firstChannel || channel >= firstChannel + pieces.numChannels) {
      this.lastPart = this.partOf(channel);
      ({ pieces, firstChannel, firstRow } = this.parts[this.lastPart]);
    }
    return firstRow + pieces.pieceOf(channel - firstChannel, x);
  }

  private partOf(channel: number): number {
    let from = 0;
    let to = this.parts.length - 1;
    while (from < to) {
      const middle = (from + to + 1) >> 1;
      if (this.parts[middle].firstChannel <= channel) from = middle;
      else to = middle - 1;
    }
    return from;
  }
}

/** Cuts rows [0, numRows) into sections that padding to powers of two does not enlarge much. */
export function tableSections(numRows: number): { readonly from: number; readonly to: number }[] {
  const sections: { from: number; to: number }[] = [];
  let from = 0;
  while (from < numRows) {
    const rest = numRows - from;
    const power = 2 ** (axisBits(rest + 1) - 1);
    const size = rest === power || 2 * power - rest <= MAX_PADDING ? rest : power;
    sections.push({ from, to: from + size });
    from += size;
  }
  return sections;
}

const MAX_PADDING = 2 ** 13;
