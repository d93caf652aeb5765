/** Changes of values as JSON and MessagePack have them: entries anywhere in a tree. */
import type { Random } from "./random.ts";

export type Value = null | boolean | number | string | Uint8Array | Value[] | { [key: string]: Value };

const STRANGE: readonly Value[] = [
  null,
  true,
  0,
  -1,
  1,
  0.5,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e308,
  -1e308,
  "",
  "x",
  "__proto__",
  [],
  [[]],
  {},
];

/** A copy with one entry removed, repeated, exchanged or replaced by a strange one. */
export function mutatedValue(value: Value, random: Random): Value {
  const isTree = typeof value === "object" && value !== null && !(value instanceof Uint8Array);
  if (!isTree || random.below(12) === 0) return otherValue(value, random);
  if (Array.isArray(value)) {
    if (value.length === 0) return [random.pick(STRANGE)];
    const at = random.below(value.length);
    const entries = [...value];
    const change = random.below(8);
    if (change === 0) entries.splice(at, 1);
    else if (change === 1) entries.splice(at, 0, entries[at]);
    else if (change === 2) entries[at] = entries[random.below(entries.length)];
    else entries[at] = mutatedValue(entries[at], random);
    return entries;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return { x: random.pick(STRANGE) };
  const key = random.pick(keys);
  const fields = { ...value };
  const change = random.below(10);
  if (change === 0) delete fields[key];
  else if (change === 1) fields[key] = fields[random.pick(keys)];
  else fields[key] = mutatedValue(fields[key], random);
  return fields;
}

function otherValue(value: Value, random: Random): Value {
  if (typeof value === "number" && random.below(2) === 0) {
    return random.pick([value + 1, value - 1, -value, value * 2 ** 16, value + 0.5]);
  }
  return random.pick(STRANGE);
}
