/** Colours that people with any colour vision tell apart (Okabe and Ito, Color Universal Design, 2008). */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/** A colour for each name, by its place in the list. */
export function coloursOf(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name, index) => [name, COLOURS[index % COLOURS.length]]));
}
