/** Figures as people read them: three significant digits and a fitting unit. */

function scaled(value: number, base: number, units: readonly string[]): string {
  let index = 0;
  let rest = value;
  while (Math.abs(rest) >= base && index < units.length - 1) {
    rest /= base;
    index++;
  }
  return `${Number(rest.toPrecision(3))} ${units[index]}`;
}

export function formatMs(ms: number): string {
  return ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
}

export function formatBytes(bytes: number): string {
  return scaled(bytes, 1024, ["B", "KiB", "MiB", "GiB"]);
}

export function formatCount(count: number): string {
  return count.toLocaleString("en");
}

export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** 3.2 → "3.2 ×" */
export function formatRatio(ratio: number): string {
  return `${Number(ratio.toPrecision(3))} ×`;
}

/** Four significant digits, no unit. */
export function formatNumber(value: number): string {
  return `${Number(value.toPrecision(4))}`;
}
