/** Finished points of a sweep on disk: replaced whole after each, so that the same command goes on where it stopped. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import type { SweepPoint } from "../../bench/studies/sweep/point.ts";
import type { PointResult } from "../../bench/studies/sweep/result.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { writeAtomic } from "../../files/atomicFile.ts";
import { readBytes } from "../../files/readBytes.ts";

const FORMAT = "tensorproof-sweep-points";
const VERSION = 1;

type Points = Readonly<Record<string, PointResult>>;

interface PointsFile {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly points: Points;
}

/** @param digest of model, data and options. @param release of this package: figures of another may differ */
export function pointKey(point: SweepPoint, digest: string, release: string): string {
  return createHash("sha256")
    .update(JSON.stringify([release, digest, point]))
    .digest("hex");
}

/** Empty where there is no file. @throws TensorproofError `results.invalid` */
export function readPoints(path: string): Map<string, PointResult> {
  if (!existsSync(path)) return new Map();
  let file: Partial<PointsFile> | null = null;
  try {
    file = JSON.parse(new TextDecoder().decode(readBytes(path)));
  } catch {
    // Reported below.
  }
  const isWhole =
    file?.format === FORMAT &&
    file.version === VERSION &&
    typeof file.points === "object" &&
    Object.values(file.points).every((entry) => entry?.outcome === "done" || entry?.outcome === "failed");
  if (isWhole) return new Map(Object.entries(file?.points as Points));
  const message = `"${path}" holds no points of a sweep of this release: sweep into another folder`;
  throw new TensorproofError("results.invalid", message, { where: path });
}

export function writePoints(path: string, points: ReadonlyMap<string, PointResult>): Promise<void> {
  const file: PointsFile = { format: FORMAT, version: VERSION, points: Object.fromEntries(points) };
  return writeAtomic(path, new TextEncoder().encode(`${JSON.stringify(file, null, 1)}\n`));
}
