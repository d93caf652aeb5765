/** Protobuf messages as trees, so that a field deep inside can be changed and all lengths around it still fit. */
import type { Random } from "./random.ts";

interface Leaf {
  readonly key: number;
  readonly bytes: Uint8Array;
}

interface Node {
  readonly key: number;
  readonly children: Part[];
}

type Part = Leaf | Node;

const MAX_DEPTH = 6;

function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } | null {
  let value = 0;
  for (let i = 0; i < 10 && at + i < bytes.length; i++) {
    value += (bytes[at + i] & 0x7f) * 2 ** (7 * i);
    if (bytes[at + i] < 0x80) return { value, next: at + i + 1 };
  }
  return null;
}

function writeVarint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

/** Null if the bytes are no message. Lengths with plausible contents are taken as messages of their own. */
function parse(bytes: Uint8Array, depth: number): Part[] | null {
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length; ) {
    const key = readVarint(bytes, at);
    if (key === null || key.value >> 3 === 0) return null;
    const wire = key.value & 7;
    let end = key.next;
    if (wire === 0) end = readVarint(bytes, key.next)?.next ?? -1;
    else if (wire === 1) end += 8;
    else if (wire === 5) end += 4;
    else if (wire === 2) {
      const length = readVarint(bytes, key.next);
      if (length === null || length.next + length.value > bytes.length) return null;
      const content = bytes.subarray(length.next, length.next + length.value);
      const children = depth < MAX_DEPTH && content.length > 1 ? parse(content, depth + 1) : null;
      parts.push(children === null ? { key: key.value, bytes: content } : { key: key.value, children });
      at = length.next + length.value;
      continue;
    } else return null;
    if (end < 0 || end > bytes.length) return null;
    parts.push({ key: key.value, bytes: bytes.subarray(key.next, end) });
    at = end;
  }
  return parts;
}

function write(parts: readonly Part[]): Uint8Array {
  const bytes: number[] = [];
  for (const part of parts) {
    const content = "children" in part ? write(part.children) : part.bytes;
    bytes.push(...writeVarint(part.key));
    if ((part.key & 7) === 2) bytes.push(...writeVarint(content.length));
    for (const byte of content) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** One or two fields, anywhere in the tree, removed, repeated, exchanged or filled otherwise. Null if it is no message. */
export function mutatedMessage(bytes: Uint8Array, random: Random): Uint8Array | null {
  const tree = parse(bytes, 0);
  if (tree === null || tree.length === 0) return null;
  for (let count = 1 + random.below(2); count > 0; count--) mutateLevel(tree, random);
  return write(tree);
}

function mutateLevel(parts: Part[], random: Random): void {
  if (parts.length === 0) return;
  const at = random.below(parts.length);
  const part = parts[at];
  if ("children" in part && part.children.length > 0 && random.below(5) > 0) {
    mutateLevel(part.children, random);
    return;
  }
  switch (random.below(6)) {
    case 0:
      parts.splice(at, 1);
      return;
    case 1:
      parts.splice(at, 0, part);
      return;
    case 2: {
      const other = random.below(parts.length);
      [parts[at], parts[other]] = [parts[other], part];
      return;
    }
    case 3:
      parts[at] = { ...part, key: (part.key & 7) | (random.below(30) << 3) };
      return;
    default:
      parts[at] = { key: part.key, bytes: otherContent(part, random) };
  }
}

const NUMBERS = [0, 1, 2, 3, 127, 128, 255, 2 ** 15, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53];
const MINUS_ONE = [255, 255, 255, 255, 255, 255, 255, 255, 255, 1];

function otherContent(part: Part, random: Random): Uint8Array {
  const wire = part.key & 7;
  if (wire === 0) {
    return Uint8Array.from(random.below(5) === 0 ? MINUS_ONE : writeVarint(random.pick(NUMBERS)));
  }
  if (wire === 1) return random.bytes(8);
  if (wire === 5) return random.bytes(4);
  if ("children" in part || part.bytes.length === 0) return random.bytes(random.below(20));
  const bytes = part.bytes.slice(0, random.below(3) === 0 ? random.below(part.bytes.length) : undefined);
  if (bytes.length > 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
  return bytes;
}
