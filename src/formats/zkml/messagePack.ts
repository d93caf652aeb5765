/** MessagePack bytes → plain values, refused beforehand where they promise more elements than they hold. */

import { decode } from "@msgpack/msgpack";
import { TensorproofError } from "../../errors/tensorproofError.ts";

/**
 * Throws `model.truncated` and `model.malformed`. Decoders make room for as many elements as an array says it has; a
 * few bytes could say so of a billion, so every length is compared with what is left of the file first.
 */
export function decodeMessagePack(bytes: Uint8Array, fileName: string): unknown {
  requireElements(bytes, fileName);
  try {
    return decode(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unreadable";
    throw new TensorproofError("model.malformed", `"${fileName}" is damaged MessagePack: ${reason}`, {
      where: fileName,
      cause,
    });
  }
}

/** Walks over the values without building them: each takes a byte at least, so no more may be due than bytes are left. */
function requireElements(bytes: Uint8Array, fileName: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  let due = 1;
  while (due > 0) {
    const head = position < bytes.length ? headOf(view, position) : undefined;
    if (
      head === undefined ||
      head.next > bytes.length ||
      due - 1 + head.elements > bytes.length - head.next
    ) {
      throw new TensorproofError(
        "model.truncated",
        `"${fileName}" is cut off: at byte ${position} it promises more than the file holds`,
        { where: `byte ${position}` },
      );
    }
    due += head.elements - 1;
    position = head.next;
  }
}

interface Head {
  /** Where the next value begins; elements are values of their own. */
  readonly next: number;
  readonly elements: number;
}

/** Bytes of the values without a length of their own, by first byte from 0xc0 on; 0 for those with one. */
const FIXED: Readonly<Record<number, number>> = {
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
  212: 2,
  213: 3,
  214: 5,
  215: 9,
  216: 17,
};

/** Width of the length field, and bytes between it and the contents (the type of an extension). */
const COUNTED: Readonly<Record<number, { readonly width: number; readonly extra: number }>> = {
  196: { width: 1, extra: 0 },
  197: { width: 2, extra: 0 },
  198: { width: 4, extra: 0 },
  199: { width: 1, extra: 1 },
  200: { width: 2, extra: 1 },
  201: { width: 4, extra: 1 },
  217: { width: 1, extra: 0 },
  218: { width: 2, extra: 0 },
  219: { width: 4, extra: 0 },
};

/** `undefined` where the head itself is cut off. */
function headOf(view: DataView, position: number): Head | undefined {
  const first = view.getUint8(position);
  const after = position + 1;
  if (first < 0x80 || first >= 0xe0) return { next: after, elements: 0 };
  if (first < 0x90) return { next: after, elements: 2 * (first & 0x0f) };
  if (first < 0xa0) return { next: after, elements: first & 0x0f };
  if (first < 0xc0) return { next: after + (first & 0x1f), elements: 0 };
  const counted = COUNTED[first];
  if (counted !== undefined) {
    const length = lengthAt(view, after, counted.width);
    return length === undefined
      ? undefined
      : { next: after + counted.width + counted.extra + length, elements: 0 };
  }
  if (first < 0xdc) return { next: after + (FIXED[first] ?? 0), elements: 0 };
  const width = first % 2 === 0 ? 2 : 4;
  const length = lengthAt(view, after, width);
  if (length === undefined) return undefined;
  return { next: after + width, elements: first < 0xde ? length : 2 * length };
}

function lengthAt(view: DataView, position: number, width: number): number | undefined {
  if (position + width > view.byteLength) return undefined;
  if (width === 1) return view.getUint8(position);
  return width === 2 ? view.getUint16(position) : view.getUint32(position);
}
