/** Names for "did you mean": those that exist, the most alike first. */

/** Insertions, deletions and exchanges that lead from one text to the other (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}

const LONGEST = 200;

/** At most `count` of `names`, the nearest to `wanted` first; case does not count. */
export function nearestNames(wanted: string, names: readonly string[], count = 3): string[] {
  const key = (name: string): string => name.slice(0, LONGEST).toLowerCase();
  return names
    .map((name) => ({ name, distance: editDistance(key(wanted), key(name)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}
