/**
 * Refusals: docs/spec/01-notation-field-encodings.md, 1.6.
 *
 * The reference verifier throws a Refusal at the first check that fails. Only the code is specified; `where` is for people.
 */
export class Refusal extends Error {
  readonly code: string;
  readonly where: string;

  constructor(code: string, where: string) {
    super(`${code}: ${where}`);
    this.name = "Refusal";
    this.code = code;
    this.where = where;
  }
}

export function refuse(code: string, where: string): never {
  throw new Refusal(code, where);
}

/** Refuses with the code unless the rule holds. */
export function must(rule: boolean, code: string, where: string): void {
  if (!rule) refuse(code, where);
}
