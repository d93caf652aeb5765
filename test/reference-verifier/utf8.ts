/**
 * Valid UTF-8 and nothing else: docs/spec/01-notation-field-encodings.md, 1.5.
 */

/** [least first byte, largest first byte, bytes behind it, least code point] of each form. */
const FORMS = [
  [0x00, 0x7f, 0, 0x0],
  [0xc0, 0xdf, 1, 0x80],
  [0xe0, 0xef, 2, 0x800],
  [0xf0, 0xf7, 3, 0x10000],
] as const;

/** The text of the bytes, or undefined if they are not UTF-8. A byte order mark is a character as any other. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = "";
  let position = 0;
  while (position < bytes.length) {
    const first = bytes[position]!;
    const form = FORMS.find(([low, high]) => low <= first && first <= high);
    if (form === undefined) return undefined;
    const [low, , behind, least] = form;
    let codePoint = first - low;
    for (let index = 1; index <= behind; index++) {
      const next = bytes[position + index];
      if (next === undefined || next < 0x80 || next > 0xbf) return undefined;
      codePoint = codePoint * 64 + (next - 0x80);
    }
    const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    if (codePoint < least || isSurrogate || codePoint > 0x10ffff) return undefined;
    text += String.fromCodePoint(codePoint);
    position += 1 + behind;
  }
  return text;
}
