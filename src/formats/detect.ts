/** Which kind of file is this? */

export type ModelFormat = "onnx";

/** `undefined` when neither content nor name says so. */
export function detectFormat(bytes: Uint8Array, fileName: string): ModelFormat | undefined {
  if (bytes.length === 0) return undefined;
  if (/\.onnx$/i.test(fileName) || looksLikeOnnx(bytes)) return "onnx";
  return undefined;
}

/** ONNX has no signature, but every writer begins with the IR version (field 1, a varint), a small number. */
function looksLikeOnnx(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x08 && bytes[1] > 0 && bytes[1] < 64;
}

/** What a file that is no model seems to be, for messages. */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return "empty";
  const head = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `${bytes.length} bytes that begin with ${head}`;
}
