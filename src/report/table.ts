import { element, escapeText } from "./svg.ts";

/** A row; `kind` is the class that the style of a page knows. */
export interface Line {
  readonly cells: readonly string[];
  readonly kind?: "void" | "busy" | "elsewhere";
}

/** Empty text where there is no row. */
export function table(headings: readonly string[], lines: readonly Line[]): string {
  if (lines.length === 0) return "";
  const head = element("tr", {}, headings.map((text) => element("th", {}, escapeText(text))).join(""));
  const body = lines.map(({ cells, kind }) => {
    const row = cells.map((text) => `<td>${escapeText(text)}</td>`).join("");
    return element("tr", kind === undefined ? {} : { class: kind }, row);
  });
  return element("div", { class: "wide" }, element("table", {}, head + body.join("")));
}
