/** Which kind of file is this? */

export type ModelFormat = "onnx" | "tflite" | "keras" | "zkml" | "xgboost" | "lightgbm" | "classical";

const HDF5_SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const TFLITE_IDENTIFIER = "TFL3";

/** By content, then by the name's extension; `undefined` when neither says anything. */
export function detectFormat(bytes: Uint8Array, fileName: string): ModelFormat | undefined {
  if (HDF5_SIGNATURE.every((byte, i) => bytes[i] === byte)) return "keras";
  if (textAt(bytes, 4, 4) === TFLITE_IDENTIFIER) return "tflite";
  if (/^tree\r?\nversion=/.test(textAt(bytes, 0, 16))) return "lightgbm";
  if (looksLikeXgboost(bytes)) return "xgboost";
  if (/^\s*\{\s*"(model|coefficients|intercept)"\s*:/.test(textAt(bytes, 0, 64))) return "classical";
  if (looksLikeZkml(bytes)) return "zkml";
  if (looksLikeOnnx(bytes) || (/\.onnx$/i.test(fileName) && beginsLikeProtobuf(bytes))) return "onnx";
  return undefined;
}

/** A MessagePack map (up to 15 entries) whose first key is one of a zkml model's. */
function looksLikeZkml(bytes: Uint8Array): boolean {
  const isMap = bytes[0] >> 4 === 0x8;
  const isShortText = bytes[1] >> 5 === 0b101;
  return isMap && isShortText && ZKML_KEYS.includes(textAt(bytes, 2, bytes[1] & 0x1f));
}

const ZKML_KEYS = ["global_sf", "num_cols", "inp_idxes", "out_idxes", "tensors", "layers", "use_selectors"];

/** An object whose text or binary form names the learner near its beginning. */
function looksLikeXgboost(bytes: Uint8Array): boolean {
  const head = textAt(bytes, 0, 64);
  // In binary a key has its length before it, in 8 bytes.
  return (
    /^\s*\{\s*"(learner|version)"\s*:/.test(head) ||
    (head.startsWith("{L") && /^(learner|version)/.test(head.slice("{L".length + 8)))
  );
}

/** ONNX has no signature, but every writer begins with the IR version (field 1, a varint), a small number. */
function looksLikeOnnx(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08 && bytes[1] > 0 && bytes[1] < 64;
}

/** A field of a ModelProto that is a number (wire type 0) or has a length (2). Fields may come in any order. */
function beginsLikeProtobuf(bytes: Uint8Array): boolean {
  const field = bytes[0] >> 3;
  const wireType = bytes[0] & 7;
  return field >= 1 && field <= 8 && (wireType === 0 || wireType === 2);
}

/** What a file that is no model seems to be, for messages. */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    return "a zip archive (a model in the newer .keras format can be saved as .h5)";
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "a gzip file, which has to be unpacked first";
  const head = bytes.subarray(0, 16);
  if (head.every((byte) => byte >= 0x20 && byte < 0x7f))
    return `text that begins with ${JSON.stringify(textAt(bytes, 0, 16))}`;
  return `${bytes.length} bytes that begin with ${Array.from(head, (byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
