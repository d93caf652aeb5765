import { describe, expect, it } from "vitest";
import { openCertificate, writeCertificateHeader } from "./certificate.ts";

/** A header about committed data under these axes. */
function withAxes(axes: readonly (readonly number[])[]): Uint8Array {
  const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
  const subject = { kind: "data", modelIdentity: hash(1), axes } as const;
  return writeCertificateHeader({ subject, parentRoot: hash(2), root: hash(3), renewal: 0 });
}

describe("axes in a certificate of data", () => {
  it.each([[[[1]]], [[[2 ** 14, 2 ** 14], []]], [[[2 ** 28]]]])("may be %j", (axes) => {
    expect(openCertificate(withAxes(axes)).header.subject).toMatchObject({ axes });
  });

  it.each([
    ["no tensor", []],
    ["an axis of length 0", [[0]]],
    ["an axis of length 0 among others", [[2], [3, 0, 3]]],
    ["more than 2^28 cells", [[2 ** 28 + 1]]],
    ["more than 2^28 cells in all", [[2 ** 14, 2 ** 14 + 1]]],
  ])("are never those of %s", (_, axes) => {
    expect(() => openCertificate(withAxes(axes))).toThrow(
      expect.objectContaining({ code: "certificate.notCanonical" }),
    );
  });
});
