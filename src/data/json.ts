/**
 * Data in JSON: `{"input_data": [[…], …]}` with one array for each input, as EZKL writes it; a nested array; or tensors
 * as this tool prints them, `{"name", "shape", "data": [flat]}`, one or several.
 */

import { elementCount, formatShape } from "../tensor/shape.ts";
import { dataError } from "./dataError.ts";
import type { DataTensor } from "./dataFile.ts";

const MAX_AXES = 32;

/** Throws `input.unreadable` (no JSON, or no data in it), `input.shape` (ragged) and `input.dtype` (not a number). */
export function readJson(bytes: Uint8Array, fileName: string): DataTensor[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "not JSON";
    throw dataError("input.unreadable", fileName, `expected JSON text: ${reason}`, cause);
  }
  if (isRecord(parsed) && Array.isArray(parsed.input_data)) {
    return parsed.input_data.map((entry, i) => nestedArray(entry, fileName, `input_data[${i}]`));
  }
  const list = Array.isArray(parsed) ? parsed : [parsed];
  if (list.length > 0 && list.every(isPrinted))
    return list.map((entry, i) => printedTensor(entry, fileName, i));
  if (Array.isArray(parsed)) return [nestedArray(parsed, fileName, "the array")];
  throw dataError(
    "input.unreadable",
    fileName,
    'expected {"input_data": [[…]]}, a nested array or {"shape": […], "data": […]}, got other JSON',
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPrinted(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && "shape" in value && "data" in value;
}

function printedTensor(
  entry: Readonly<Record<string, unknown>>,
  fileName: string,
  index: number,
): DataTensor {
  const { name, shape, data } = entry;
  const place = typeof name === "string" ? `tensor "${name}"` : `tensor ${index}`;
  const whole = (length: unknown): length is number =>
    Number.isSafeInteger(length) && (length as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(whole) || !Array.isArray(data)) {
    throw dataError("input.unreadable", fileName, `${place}: expected "shape" and "data" arrays`);
  }
  const flat = nestedArray(data, fileName, place);
  if (flat.data.length !== elementCount(shape)) {
    const needed = `${place}: shape ${formatShape(shape)} needs ${elementCount(shape)} elements`;
    throw dataError("input.shape", fileName, `${needed}, got ${flat.data.length}`);
  }
  return { ...(typeof name === "string" ? { name } : {}), ...flat, shape };
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return value === null ? "null" : "an object";
}

function nestedArray(value: unknown, fileName: string, place: string): DataTensor {
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  if (shape.length > MAX_AXES) {
    throw dataError(
      "input.shape",
      fileName,
      `${place}: expected at most ${MAX_AXES} axes, got ${shape.length}`,
    );
  }
  const numbers: number[] = [];
  collect(value, 0);
  return { shape, data: Float64Array.from(numbers), integer: numbers.every(Number.isInteger) };

  function collect(part: unknown, axis: number): void {
    if (axis < shape.length) {
      if (!Array.isArray(part) || part.length !== shape[axis]) {
        const got = Array.isArray(part) ? `one of ${part.length}` : "something else";
        throw dataError(
          "input.shape",
          fileName,
          `${place}: axis ${axis} has entries of ${shape[axis]} elements and ${got}`,
        );
      }
      for (const entry of part) collect(entry, axis + 1);
    } else if (typeof part === "number") numbers.push(part);
    else if (typeof part === "boolean") numbers.push(part ? 1 : 0);
    else {
      const got = typeof part === "string" ? JSON.stringify(part.slice(0, 40)) : `${kindOf(part)} instead`;
      throw dataError(
        "input.dtype",
        fileName,
        `${place}: expected a number at index ${numbers.length}, got ${got}`,
      );
    }
  }
}
