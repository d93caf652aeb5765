/** The points that a study has so far, on disk after each one, so that it can be interrupted. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PruningPoint } from "../../bench/studies/pruningPoint.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { writeAtomic } from "../../files/atomicFile.ts";
import { readBytes } from "../../files/readBytes.ts";

function fileOf(folder: string): string {
  return join(folder, "points.json");
}

/** @throws TensorproofError `results.invalid` */
export function readPoints(folder: string): PruningPoint[] {
  const path = fileOf(folder);
  if (!existsSync(path)) return [];
  try {
    const points = JSON.parse(new TextDecoder().decode(readBytes(path)));
    if (Array.isArray(points) && points.every((point) => typeof point?.key === "string")) return points;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  const message = `"${path}" holds no points of a study: move it away, or name another folder`;
  throw new TensorproofError("results.invalid", message, { where: path });
}

export function writePoints(folder: string, points: readonly PruningPoint[]): Promise<void> {
  return writeAtomic(fileOf(folder), new TextEncoder().encode(`${JSON.stringify(points, null, 1)}\n`));
}
