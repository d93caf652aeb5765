/**
 * Which elements the windows of a convolution or a pool cover, as runs along the last axis. Window w covers, with its
 * position k, the element w · stride + k · dilation − padBegin, unless that lies in the padding. Convolution and pooling
 * read elements through windows; a transposed convolution writes them.
 */

export interface WindowAxis {
  /** Elements along the axis. */
  readonly length: number;
  /** Windows along the axis. */
  readonly windows: number;
  /** Positions of one window. */
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
  readonly padEnd: number;
}

/** Run r pairs window `windowAt[r] + j` with element `elementAt[r] + j · step` for j < lengths[r]. */
export interface WindowRuns {
  /** Windows and elements in one plane. */
  readonly windows: number;
  readonly elements: number;
  readonly kernel: number;
  readonly step: number;
  /** Runs of window position k are those from `starts[k]` up to `starts[k + 1]`. */
  readonly starts: Int32Array;
  readonly windowAt: Int32Array;
  readonly elementAt: Int32Array;
  readonly lengths: Int32Array;
}

/** How many runs there are at most: known before any memory is spent on them. */
export function maxRuns(axes: readonly WindowAxis[]): number {
  return axes.reduce(
    (count, { kernel, windows }, axis) => count * kernel * (axis === axes.length - 1 ? 1 : windows),
    1,
  );
}

export function windowRuns(axes: readonly WindowAxis[]): WindowRuns {
  const last = axes[axes.length - 1];
  const outer = axes.slice(0, -1);
  const starts: number[] = [];
  const windowAt: number[] = [];
  const elementAt: number[] = [];
  const lengths: number[] = [];
  const kernel = axes.reduce((count, axis) => count * axis.kernel, 1);
  for (let position = 0; position < kernel; position++) {
    starts.push(lengths.length);
    const k = position % last.kernel;
    const shift = k * last.dilation - last.padBegin;
    const first = Math.max(0, Math.ceil(-shift / last.stride));
    const end = Math.min(last.windows, Math.floor((last.length - 1 - shift) / last.stride) + 1);
    if (end <= first) continue;
    for (const { window, element } of outerPairs(outer, Math.floor(position / last.kernel))) {
      const fromWindow = window * last.windows + first;
      const fromElement = element * last.length + first * last.stride + shift;
      const before = lengths.length - 1;
      const continues =
        last.stride === 1 &&
        before >= starts[position] &&
        windowAt[before] + lengths[before] === fromWindow &&
        elementAt[before] + lengths[before] === fromElement;
      if (continues) lengths[before] += end - first;
      else {
        windowAt.push(fromWindow);
        elementAt.push(fromElement);
        lengths.push(end - first);
      }
    }
  }
  starts.push(lengths.length);
  return {
    windows: axes.reduce((count, axis) => count * axis.windows, 1),
    elements: axes.reduce((count, axis) => count * axis.length, 1),
    kernel,
    step: last.stride,
    starts: Int32Array.from(starts),
    windowAt: Int32Array.from(windowAt),
    elementAt: Int32Array.from(elementAt),
    lengths: Int32Array.from(lengths),
  };
}

interface Pair {
  readonly window: number;
  readonly element: number;
}

/** Row numbers of windows and the elements they cover with position `position` of the axes but the last. */
function outerPairs(axes: readonly WindowAxis[], position: number): readonly Pair[] {
  let pairs: Pair[] = [{ window: 0, element: 0 }];
  let rest = position;
  const positions = axes
    .toReversed()
    .map(({ kernel }) => {
      const k = rest % kernel;
      rest = Math.floor(rest / kernel);
      return k;
    })
    .toReversed();
  axes.forEach(({ length, windows, stride, dilation, padBegin }, axis) => {
    const next: Pair[] = [];
    for (const pair of pairs) {
      for (let w = 0; w < windows; w++) {
        const element = w * stride + positions[axis] * dilation - padBegin;
        if (element < 0 || element >= length) continue;
        next.push({ window: pair.window * windows + w, element: pair.element * length + element });
      }
    }
    pairs = next;
  });
  return pairs;
}
