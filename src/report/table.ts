import { element, escapeText } from "./svg.ts";

/** A row; `kind` is the class that the style of a page knows. */
export interface Line {
  readonly cells: readonly string[];
  readonly kind?: "void" | "busy" | "elsewhere";
}

/** Longer texts may break into lines, in a cell that is wide enough for them. */
const LONG_TEXT = 30;

/** Empty text where there is no row. */
export function table(headings: readonly string[], lines: readonly Line[]): string {
  if (lines.length === 0) return "";
  const head = element("tr", {}, headings.map((text) => element("th", {}, escapeText(text))).join(""));
  const body = lines.map(({ cells, kind }) => {
    const cell = (text: string): string =>
      `<td${text.length > LONG_TEXT ? ' class="long"' : ""}>${escapeText(text)}</td>`;
    const row = cells.map(cell).join("");
    return element("tr", kind === undefined ? {} : { class: kind }, row);
  });
  return element("div", { class: "wide" }, element("table", {}, head + body.join("")));
}
