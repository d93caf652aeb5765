/** Text of SVG and HTML elements. Everything that comes from results goes through `escapeText`. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

export type Attributes = Readonly<Record<string, string | number>>;

const DECIMALS = 100;

/** @param content markup; numbers among the attributes are rounded to two decimals */
export function element(name: string, attributes: Attributes, content = ""): string {
  const text = Object.entries(attributes)
    .map(([key, value]) => {
      const shown = typeof value === "number" ? Math.round(value * DECIMALS) / DECIMALS : escapeText(value);
      return ` ${key}="${shown}"`;
    })
    .join("");
  return content === "" ? `<${name}${text}/>` : `<${name}${text}>${content}</${name}>`;
}

export function textElement(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escapeText(text));
}

/** A picture that stands alone. */
export function picture(width: number, height: number, title: string, content: string): string {
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "font-family": "system-ui, sans-serif",
      "font-size": 12,
      fill: "#222",
    },
    element("title", {}, escapeText(title)) +
      element("rect", { width, height, fill: "#fff" }) +
      textElement(12, 20, title, { "font-size": 14, "font-weight": "bold" }) +
      content,
  );
}
