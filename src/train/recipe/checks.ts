/** Checks of values from JSON that collect everything that is wrong, with the place of each. */

/** Adds what is wrong with a value that stands at `place`. */
export type Check = (value: unknown, place: string, problems: string[]) => void;

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 60);
}

function expecting(what: string, holds: (value: unknown) => boolean): Check {
  return (value, place, problems) => {
    if (!holds(value)) problems.push(`${place}: expected ${what}, got ${shown(value)}`);
  };
}

export const text: Check = expecting("text", (value) => typeof value === "string" && value !== "");
export const flag: Check = expecting("true or false", (value) => typeof value === "boolean");

export function whole(lowest: number, highest: number): Check {
  return expecting(
    `a whole number from ${lowest} to ${highest}`,
    (value) => Number.isInteger(value) && (value as number) >= lowest && (value as number) <= highest,
  );
}

/** With `open` at one end where the bound itself is refused. */
export function real(
  lowest: number,
  highest: number,
  open: "none" | "low" | "high" | "both" = "none",
): Check {
  const above = open === "low" || open === "both" ? `more than ${lowest}` : `at least ${lowest}`;
  const below = open === "high" || open === "both" ? `less than ${highest}` : `at most ${highest}`;
  return expecting(`a number, ${above} and ${below}`, (value) => {
    if (!Number.isFinite(value)) return false;
    const x = value as number;
    const isAbove = open === "low" || open === "both" ? x > lowest : x >= lowest;
    return isAbove && (open === "high" || open === "both" ? x < highest : x <= highest);
  });
}

export function oneOf(...choices: readonly string[]): Check {
  return expecting(choices.map((choice) => `"${choice}"`).join(" or "), (value) =>
    choices.includes(value as string),
  );
}

export function listOf(check: Check, least = 1, most: number = 2 ** 16): Check {
  return (value, place, problems) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      problems.push(`${place}: expected a list of ${least} to ${most} entries, got ${shown(value)}`);
      return;
    }
    value.forEach((entry, at) => {
      check(entry, `${place}[${at}]`, problems);
    });
  };
}

/** The first that finds nothing wrong; else what the last finds. */
export function either(...checks: readonly Check[]): Check {
  return (value, place, problems) => {
    let found: string[] = [];
    for (const check of checks) {
      found = [];
      check(value, place, found);
      if (found.length === 0) return;
    }
    problems.push(...found);
  };
}

export interface Fields {
  readonly required: Readonly<Record<string, Check>>;
  readonly optional?: Readonly<Record<string, Check>>;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with these fields and no others. */
export function record({ required, optional = {} }: Fields): Check {
  return (value, place, problems) => {
    if (!isRecord(value)) {
      problems.push(`${place}: expected an object, got ${shown(value)}`);
      return;
    }
    const checks = { ...required, ...optional };
    for (const name of Object.keys(required))
      if (!Object.hasOwn(value, name)) problems.push(`${place}: "${name}" is missing`);
    for (const [name, entry] of Object.entries(value)) {
      if (Object.hasOwn(checks, name)) checks[name](entry, `${place}.${name}`, problems);
      else problems.push(`${place}: there is no field "${name}"${suggestion(name, Object.keys(checks))}`);
    }
  };
}

/** An object whose field `tag` says which fields it has. */
export function tagged(tag: string, kinds: Readonly<Record<string, Fields>>): Check {
  return (value, place, problems) => {
    const kind = isRecord(value) ? value[tag] : undefined;
    if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
      const names = Object.keys(kinds);
      const hint = typeof kind === "string" ? suggestion(kind, names) : "";
      problems.push(`${place}.${tag}: expected ${names.join(", ")}; got ${shown(kind)}${hint}`);
      return;
    }
    const { required, optional = {} } = kinds[kind];
    record({ required: { [tag]: text, ...required }, optional })(value, place, problems);
  };
}

function suggestion(name: string, known: readonly string[]): string {
  const ranked = known.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const [nearest] = ranked;
  if (nearest !== undefined && nearest.distance <= Math.max(2, name.length / 3))
    return ` (did you mean "${nearest.candidate}"?)`;
  return ` (there are ${known.join(", ")})`;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row[b.length];
}
