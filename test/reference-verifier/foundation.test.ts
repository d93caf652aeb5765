/** Chapters 1 to 4 of docs/spec, each against its vectors. */
import { describe, expect, it } from "vitest";
import { keyed, label } from "./blake3.ts";
import { fromHex, hex, Reader } from "./bytes.ts";
import { inverse, type K, k, multiply, ONE, residue, sum } from "./field.ts";
import { known, Messages, pad, subtractHidden } from "./masking.ts";
import { eqIndex, eqTable, indexSum, prefix, prefixPair } from "./multilinear.ts";
import { Refusal } from "./refusal.ts";
import { Transcript } from "./transcript.ts";
import { decodeUtf8 } from "./utf8.ts";
import { element, vectors } from "./vectors.ts";

describe("fields", () => {
  const field = vectors("field");

  it("reduces integers", () => {
    for (const { integer, element } of field.residues) expect(residue(integer)).toBe(BigInt(element));
  });

  it("multiplies and inverts", () => {
    for (const { a, b, product } of field.products) {
      expect(multiply(element(a), element(b))).toEqual(element(product));
    }
    for (const { a, inverse: expected } of field.inverses) {
      expect(inverse(element(a))).toEqual(element(expected));
      expect(multiply(element(a), element(expected))).toEqual(ONE);
    }
  });
});

describe("bytes", () => {
  const codeOf = (read: () => unknown): string => {
    try {
      read();
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
    return "accepted";
  };
  const reader = (text: string): Reader => new Reader(fromHex(text), "proof");

  it("refuses short reads before forms", () => {
    expect(codeOf(() => reader("ffffffff000000").fieldWords(2, ""))).toBe("proof.truncated");
    expect(codeOf(() => reader("ffffffff00000000").fieldWords(2, ""))).toBe("proof.notCanonical");
    expect(codeOf(() => reader("ffffff7f").fieldWords(1, ""))).toBe("proof.notCanonical");
    expect(reader("feffff7f").fieldWords(1, "")).toEqual([2n ** 31n - 2n]);
    expect(codeOf(() => reader("0000000000000080").f64(""))).toBe("proof.notCanonical");
    expect(codeOf(() => reader("000000000000f07f").f64(""))).toBe("proof.notCanonical");
    expect(reader("000000000000f03f").f64("")).toBe(1);
    expect(reader("ffffffff").i32("")).toBe(-1);
    expect(codeOf(() => reader("0200c080").text(""))).toBe("proof.notCanonical");
    expect(codeOf(() => reader("0300c380").text(""))).toBe("proof.truncated");
  });

  it("decodes UTF-8 as the platform's strict decoder does", () => {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const samples = ["", "41", "c3a4", "efbbbf41", "eda080", "c080", "e08080", "f0808080", "f48fbfbf"];
    samples.push("f4908080", "f09f9880", "80", "c3", "e282", "ff", "41c3", "f8888080", "efbfbf");
    for (const sample of samples) {
      let expected: string | undefined;
      try {
        expected = strict.decode(fromHex(sample));
      } catch {
        expected = undefined;
      }
      expect(decodeUtf8(fromHex(sample)), sample).toBe(expected);
    }
  });
});

describe("hash", () => {
  const hashes = vectors("hash");

  it("has the keys of all labels", () => {
    for (const { label: name, key } of hashes.labels) expect(hex(label(name))).toBe(key);
  });

  it("hashes messages of any length", () => {
    for (const { length, output } of hashes.keyed) {
      const message = Uint8Array.from({ length }, (_, index) => index % 256);
      expect(hex(keyed(label("transcript/v1"), message, 40))).toBe(output);
    }
  });
});

describe("transcript", () => {
  it("draws what the vectors draw", () => {
    const { start, steps } = vectors("transcript");
    const transcript = new Transcript(start);
    for (const step of steps) {
      if (step.call === "absorbBytes") transcript.absorbBytes(step.label, fromHex(step.bytes));
      else if (step.call === "absorbExts") transcript.absorbExts(step.label, step.values.map(element));
      else if (step.call === "absorbWords") transcript.absorbWords(step.label, step.words.map(residue));
      else if (step.call === "challengeBytes") {
        expect(hex(transcript.challengeBytes(step.label, step.count))).toBe(step.result);
      } else if (step.call === "challengeExt") {
        expect(transcript.challengeExt(step.label)).toEqual(element(step.result));
      } else if (step.call === "rowCoefficients") {
        expect(transcript.rowCoefficients(step.count)).toEqual(step.result.map(element));
      } else if (step.call === "positions") {
        expect(transcript.positions(step.Q, step.h)).toEqual(step.result);
      } else throw new Error(`unknown call ${step.call}`);
    }
  });
});

describe("multilinear extensions", () => {
  const algebra = vectors("algebra");
  const z = algebra.z.map(element);
  const y = algebra.y.map(element);

  it("computes eq, its sums, and an extension", () => {
    expect(eqTable(z)).toEqual(algebra.eqTable.map(element));
    expect(eqTable(z).map((_, index) => eqIndex(z, index))).toEqual(eqTable(z));
    for (const { limit, value } of algebra.prefix) expect(prefix(z, limit)).toEqual(element(value));
    for (const { limit, value } of algebra.prefixPair)
      expect(prefixPair(z, y, limit)).toEqual(element(value));
    for (const { limit, value } of algebra.indexSum) expect(indexSum(z, limit)).toEqual(element(value));
    const values: K[] = algebra.extension.values.map(element);
    expect(sum(values.map((value, index) => multiply(value, eqIndex(z, index))))).toEqual(
      element(algebra.extension.atZ),
    );
  });

  it("reduces a hidden claim", () => {
    const { claim, rounds, degree, scalars, point, value } = algebra.sumcheck;
    const messages = new Messages(new Transcript("test"), scalars.map(element));
    const result = messages.sumcheck(known(element(claim)), rounds, degree);
    expect(result.point).toEqual(point.map(element));
    expect(result.value.constant).toEqual(element(value.constant));
    const pads = value.pads.map(({ pad, coefficient }: { pad: number; coefficient: number[] }) => [
      pad,
      element(coefficient),
    ]);
    expect([...result.value.pads].sort(([a], [b]) => a - b)).toEqual(pads);
  });

  it("keeps no pad with coefficient 0", () => {
    const messages = new Messages(new Transcript("test"), [ONE, ONE]);
    expect(messages.hidden("a").pads).toEqual(pad(3).pads);
    const form = messages.hidden("b");
    expect(subtractHidden(form, form)).toEqual(known(k(0)));
  });
});
