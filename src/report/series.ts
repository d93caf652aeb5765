/** Which rows of a suite are drawn as one line. */
import type { MeasuredRow, SuiteSummary } from "../bench/results.ts";

/**
 * A system with one kind of settings. Where the settings are the axis, they tell points of a line apart; else they tell
 * lines apart, if there are several.
 */
export function seriesName(row: MeasuredRow, rows: readonly MeasuredRow[]): string {
  const names = new Set(
    rows.filter(({ settings }) => settings.x === undefined).map(({ settings }) => settings.name),
  );
  return row.settings.x !== undefined || names.size < 2
    ? row.backend
    : `${row.backend}, ${row.settings.name}`;
}

export interface RowSeries {
  readonly name: string;
  readonly backend: string;
  /** 0 for the first line of a system, which further ones differ from in how they are drawn. */
  readonly variant: number;
  readonly rows: readonly MeasuredRow[];
}

export function seriesOf(rows: readonly MeasuredRow[]): RowSeries[] {
  const groups = new Map<string, MeasuredRow[]>();
  for (const row of rows) {
    const name = seriesName(row, rows);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const seen = new Map<string, number>();
  return [...groups].map(([name, own]) => {
    const [{ backend }] = own;
    const variant = seen.get(backend) ?? 0;
    seen.set(backend, variant + 1);
    return { name, backend, variant, rows: own };
  });
}

/** Whether the axis of a suite is one of its settings, so that one model is measured all along it. */
export function isSettingsAxis({ axis }: SuiteSummary, rows: readonly MeasuredRow[]): boolean {
  return axis !== null && rows.length > 0 && rows.every(({ settings }) => settings.x !== undefined);
}
