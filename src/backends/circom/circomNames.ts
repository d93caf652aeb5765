/** Identifiers of Circom from names of tensors and constants, each its own. */
const RESERVED = new Set([
  "signal",
  "input",
  "output",
  "public",
  "template",
  "component",
  "parallel",
  "custom",
  "var",
  "function",
  "return",
  "if",
  "else",
  "for",
  "while",
  "do",
  "log",
  "assert",
  "include",
  "pragma",
  "main",
  "bus",
]);

export class CircomNames {
  private readonly taken = new Set<string>(RESERVED);

  /** Letters, digits and underscores of the name, with a number where another has the same. */
  of(name: string): string {
    const cleaned = name.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
    const word = /^[A-Za-z]/.test(cleaned) ? cleaned : `t_${cleaned}`;
    let unique = word;
    for (let number = 2; this.taken.has(unique); number++) unique = `${word}_${number}`;
    this.taken.add(unique);
    return unique;
  }
}
