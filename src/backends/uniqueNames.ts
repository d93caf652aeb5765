/** Identifiers of a generated language from names of tensors and constants, each its own. */
export class UniqueNames {
  private readonly taken: Set<string>;

  /** @param reserved words that are no identifiers */
  constructor(reserved: readonly string[]) {
    this.taken = new Set(reserved);
  }

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
