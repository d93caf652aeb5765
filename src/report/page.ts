/** A page that needs nothing else: markup and style in one file, no script but its own. */
import { element, escapeText } from "./svg.ts";

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; margin: 1rem 0; }
th, td { border: 1px solid #ccc; padding: 0.2rem 0.5rem; text-align: left; vertical-align: top; }
td { white-space: nowrap; } td.long { white-space: normal; min-width: 22rem; }
th { background: #f3f3f3; } tr.void { text-decoration: line-through; color: #888; } tr.busy { background: #fff6e0; } tr.elsewhere { color: #a65f00; }
form label { display: block; margin: 0.3rem 0; } svg { max-width: 100%; height: auto; display: block; margin: 1rem 0; }
.published { border-left: 4px solid #e69f00; padding-left: 1rem; }`;

export function heading(level: number, text: string): string {
  return element(`h${level}`, {}, escapeText(text));
}

export function paragraph(text: string): string {
  return element("p", {}, escapeText(text));
}

/** @param title text; @param body markup */
export function page(title: string, body: string): string {
  const meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">';
  const head = `${meta}<title>${escapeText(title)}</title><style>${STYLE}</style>`;
  return `<!doctype html>\n<html lang="en"><head>${head}</head><body>${body}</body></html>\n`;
}
