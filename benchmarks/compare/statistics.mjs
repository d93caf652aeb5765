/** Ratios of paired times. */
const RESAMPLES = 2000;
const TAIL = 0.025;

const median = (sorted) => {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const medianOf = (values) => median([...values].sort((a, b) => a - b));

/** Uniform in [0, 1), the same every time: one comparison, one answer. */
function seededUniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The median of new/old over pairs, with the interval that 95 % of resampled medians lie in. */
export function ratioWithInterval(old, current) {
  const ratios = old.map((value, i) => current[i] / value);
  const random = seededUniform(7);
  const medians = Array.from({ length: RESAMPLES }, () =>
    medianOf(ratios.map(() => ratios[Math.floor(random() * ratios.length)])),
  ).sort((a, b) => a - b);
  return {
    ratio: medianOf(ratios),
    low: medians[Math.floor(TAIL * RESAMPLES)],
    high: medians[Math.ceil((1 - TAIL) * RESAMPLES) - 1],
  };
}
