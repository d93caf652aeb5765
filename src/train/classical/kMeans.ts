/** k-means: Lloyd's algorithm from seeds of k-means++ (Arthur & Vassilvitskii 2007). */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { SeededRandom } from "../random.ts";
import type { Rows } from "./leastSquares.ts";

const MAX_ROUNDS = 300;

function squaredDistance(rows: Rows, n: number, centre: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < rows.width; i++) sum += (rows.values[n * rows.width + i] - centre[i]) ** 2;
  return sum;
}

/** Of each row the nearest centre, the first of equals. */
export function nearestCentres(rows: Rows, centres: readonly Float64Array[]): Int32Array {
  return Int32Array.from({ length: rows.count }, (_, n) => {
    let best = 0;
    let least = Infinity;
    centres.forEach((centre, c) => {
      const distance = squaredDistance(rows, n, centre);
      if (distance < least) [least, best] = [distance, c];
    });
    return best;
  });
}

/** Mean squared distance of rows to their nearest centre. */
export function meanDistance(rows: Rows, centres: readonly Float64Array[]): number {
  const nearest = nearestCentres(rows, centres);
  return nearest.reduce((sum, c, n) => sum + squaredDistance(rows, n, centres[c]), 0) / rows.count;
}

/** Lloyd's algorithm ends in a local optimum: the best of so many is kept. */
const RESTARTS = 8;

/** @throws TensorproofError `train.tooFewRows` where there are fewer different rows than clusters */
export function kMeans(rows: Rows, clusters: number, random: SeededRandom): readonly Float64Array[] {
  const found = Array.from({ length: RESTARTS }, () => {
    const centres = settledCentres(rows, clusters, random);
    return { centres, distance: meanDistance(rows, centres) };
  });
  return found.reduce((best, other) => (other.distance < best.distance ? other : best)).centres;
}

function settledCentres(rows: Rows, clusters: number, random: SeededRandom): readonly Float64Array[] {
  const rowAt = (n: number): Float64Array =>
    Float64Array.from({ length: rows.width }, (_, i) => rows.values[n * rows.width + i]);
  const centres = [rowAt(random.nextBelow(rows.count))];
  const distances = new Float64Array(rows.count).fill(Infinity);
  while (centres.length < clusters) {
    let total = 0;
    for (let n = 0; n < rows.count; n++) {
      distances[n] = Math.min(distances[n], squaredDistance(rows, n, centres[centres.length - 1]));
      total += distances[n];
    }
    if (total === 0) {
      const message = `${clusters} clusters need as many different training rows, got ${centres.length}`;
      throw new TensorproofError("train.tooFewRows", message, { where: "recipe.model.clusters" });
    }
    let left = random.nextFloat() * total;
    let chosen = 0;
    for (; chosen < rows.count - 1 && left >= distances[chosen]; chosen++) left -= distances[chosen];
    while (distances[chosen] === 0) chosen--;
    centres.push(rowAt(chosen));
  }
  let assigned: Int32Array | null = null;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const nearest = nearestCentres(rows, centres);
    const isSettled = assigned?.every((c, n) => c === nearest[n]) ?? false;
    if (isSettled) break;
    assigned = nearest;
    moveCentres(rows, nearest, centres);
  }
  return centres;
}

/** To the mean of their rows; a centre without rows stays. */
function moveCentres(rows: Rows, nearest: Int32Array, centres: readonly Float64Array[]): void {
  const sums = centres.map(() => new Float64Array(rows.width));
  const counts = new Float64Array(centres.length);
  nearest.forEach((c, n) => {
    counts[c]++;
    for (let i = 0; i < rows.width; i++) sums[c][i] += rows.values[n * rows.width + i];
  });
  centres.forEach((centre, c) => {
    if (counts[c] > 0) for (let i = 0; i < rows.width; i++) centre[i] = sums[c][i] / counts[c];
  });
}
