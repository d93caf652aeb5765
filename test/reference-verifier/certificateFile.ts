/**
 * The bytes of a certificate up to its payload: docs/spec/09-epochs.md, 9.2.
 */
import { keyed, label } from "./blake3.ts";
import { ascii, equalBytes, Reader } from "./bytes.ts";
import { bitsOfAxes } from "./multilinear.ts";
import { must } from "./refusal.ts";

export interface CertificateFile {
  /** What it is about: the weights of a key, whose epoch has this certificate, or tensors of these axes. */
  readonly subject:
    | { readonly kind: "weights"; readonly parent: Uint8Array }
    | { readonly kind: "data"; readonly axes: readonly (readonly number[])[] };
  readonly modelIdentity: Uint8Array;
  readonly parentRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly renewal: number;
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
  readonly digest: Uint8Array;
}

const MAX_BITS = 28;

export function readCertificate(bytes: Uint8Array): CertificateFile {
  const reader = new Reader(bytes, "certificate");
  if (!equalBytes(reader.take(4, "magic"), ascii("TPEC"))) reader.notCanonical("magic");
  must(reader.u16("version") === 1, "certificate.version", "version");
  const kind = reader.u8("kind");
  if (kind > 1) reader.notCanonical("kind");
  const modelIdentity = reader.take(32, "model identity");
  const subject =
    kind === 0
      ? ({ kind: "weights", parent: reader.take(32, "certificate of the parent") } as const)
      : ({ kind: "data", axes: readAxes(reader) } as const);
  const parentRoot = reader.take(32, "root of the parent");
  const root = reader.take(32, "root");
  const renewal = reader.u16("renewal");
  const header = bytes.slice(0, reader.offset);
  const payload = reader.take(reader.left, "payload");
  const digest = keyed(label("certificate/v1"), bytes);
  return { subject, modelIdentity, parentRoot, root, renewal, header, payload, digest };
}

function readAxes(reader: Reader): number[][] {
  const numTensors = reader.u8("number of tensors");
  if (numTensors < 1) reader.notCanonical("number of tensors");
  const tensors: number[][] = [];
  while (tensors.length < numTensors) {
    const numAxes = reader.u8("number of axes");
    const axes: number[] = [];
    while (axes.length < numAxes) axes.push(reader.u32("length of an axis"));
    if (axes.some((length) => length < 1) || bitsOfAxes(axes) > MAX_BITS) reader.notCanonical("axes");
    tensors.push(axes);
  }
  return tensors;
}
