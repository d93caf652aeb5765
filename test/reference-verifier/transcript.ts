/**
 * The Fiat–Shamir transcript: docs/spec/03-transcript.md, 3.1 to 3.4.
 */
import { label as hashLabel, keyed } from "./blake3.ts";
import { ascii, extensionBytes, joinBytes, Reader, u32Bytes } from "./bytes.ts";
import { type F, type K, p } from "./field.ts";

const BYTES = 1;
const FIELD = 2;
const CHALLENGE = 3;

export class Transcript {
  /** The state of 3.1, in parts that are joined before they are hashed. */
  private message: Uint8Array[];

  constructor(protocol: string) {
    this.message = [keyed(hashLabel("transcript/v1"), ascii(protocol))];
  }

  absorbBytes(label: string, bytes: Uint8Array): void {
    this.message.push(header(BYTES, label, bytes.length), bytes);
  }

  absorbExts(label: string, values: readonly K[]): void {
    this.message.push(header(FIELD, label, values.length), ...values.map(extensionBytes));
  }

  absorbWords(label: string, words: readonly F[]): void {
    this.message.push(header(FIELD, label, words.length), ...words.map(u32Bytes));
  }

  challengeBytes(label: string, count: number): Uint8Array {
    this.message.push(header(CHALLENGE, label, count));
    const out = keyed(hashLabel("transcript/v1"), joinBytes(this.message), 32 + count);
    this.message = [out.slice(0, 32)];
    return out.slice(32);
  }

  /** 3.2 */
  challengeExt(label: string): K {
    for (;;) {
      const [c0, c1, c2, c3] = usableWords(this.challengeBytes(label, 24));
      if (c3 !== undefined) return [c0!, c1!, c2!, c3];
    }
  }

  /** 3.3 */
  rowCoefficients(count: number): K[] {
    const coordinates: F[] = [];
    while (coordinates.length < 4 * count) {
      coordinates.push(...usableWords(this.challengeBytes("opening/gamma", 16 * count)));
    }
    const coefficients: K[] = [];
    for (let index = 0; index < count; index++) {
      const [c0, c1, c2, c3] = coordinates.slice(4 * index, 4 * index + 4);
      coefficients.push([c0!, c1!, c2!, c3!]);
    }
    return coefficients;
  }

  /** 3.4, ascending; for a level of recursion with its own label (06b). */
  positions(count: number, logLength: number, label = "opening/queries"): number[] {
    const known = new Set<number>();
    while (known.size < count) {
      for (const word of allWords(this.challengeBytes(label, 8 * count))) {
        if (known.size < count) known.add(word % 2 ** logLength);
      }
    }
    return [...known].sort((a, b) => a - b);
  }
}

function header(tag: number, label: string, count: number): Uint8Array {
  return joinBytes([Uint8Array.from([tag, label.length]), ascii(label), u32Bytes(count)]);
}

function allWords(bytes: Uint8Array): number[] {
  const reader = new Reader(bytes, "proof");
  const words: number[] = [];
  while (reader.left > 0) words.push(reader.u32("challenge"));
  return words;
}

/** Words with the top bit cleared, without those that equal p. */
function usableWords(bytes: Uint8Array): F[] {
  return allWords(bytes)
    .map((word) => BigInt(word) & p)
    .filter((word) => word !== p);
}
