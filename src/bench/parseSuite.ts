/** Text of a suite file → Suite; everything that is wrong is said at once. */
import { BACKEND_NAMES } from "../backends/proofBackend.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { settingProblems } from "./settingChecks.ts";
import {
  SUITE_FORMAT,
  SUITE_VERSION,
  type Suite,
  type SuiteModel,
  type SuitePublished,
  type SuiteSettings,
} from "./suite.ts";

type Json = Readonly<Record<string, unknown>>;

const SUITE_FIELDS = ["format", "version", "name", "title", "description", "axis"];
const LIST_FIELDS = ["models", "backends", "settings", "defaults", "published"];
const REQUIRED_MODEL_FIELDS = ["name", "file", "data"];
const MODEL_FIELDS = [...REQUIRED_MODEL_FIELDS, "x", "labels", "calibrate", "remedy"];

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unknownFields(record: Json, known: readonly string[], place: string): string[] {
  return Object.keys(record)
    .filter((name) => !known.includes(name))
    .map((name) => `${place}: there is no field "${name}" (there are ${known.join(", ")})`);
}

function records(value: unknown, place: string, problems: string[]): Json[] {
  if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) return value;
  problems.push(`${place}: expected a list of objects, at least one`);
  return [];
}

function modelProblems(model: Json, index: number): string[] {
  const place = `models[${index}]${typeof model.name === "string" ? ` "${model.name}"` : ""}`;
  const texts = MODEL_FIELDS.filter((name) => name !== "x").flatMap((name) => {
    const value = model[name];
    const isMissing = value === undefined && !REQUIRED_MODEL_FIELDS.includes(name);
    return isMissing || (typeof value === "string" && value !== "")
      ? []
      : [`${place}: ${name}: expected text`];
  });
  const x = model.x === undefined || Number.isFinite(model.x) ? [] : [`${place}: x: expected a number`];
  return [...unknownFields(model, MODEL_FIELDS, place), ...texts, ...x];
}

function duplicates(list: readonly Json[], place: string): string[] {
  const names = list.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => `${place}: the name "${String(name)}" stands there twice`);
}

function backendProblems(value: unknown, place: string): string[] {
  if (!Array.isArray(value) || value.length === 0)
    return [`${place}: expected a list of names, at least one`];
  return value
    .filter((name) => !(BACKEND_NAMES as readonly string[]).includes(name))
    .map(
      (name) =>
        `${place}: there is no backend ${JSON.stringify(name)} (there are ${BACKEND_NAMES.join(", ")})`,
    );
}

function publishedProblems(published: unknown, models: readonly Json[]): string[] {
  if (published === undefined) return [];
  if (!isRecord(published) || typeof published.file !== "string" || !isRecord(published.models))
    return ["published: expected { file, models }"];
  const known = models.map(({ name }) => name);
  return [
    ...unknownFields(published, ["file", "models"], "published"),
    ...Object.values(published.models)
      .filter((name) => !known.includes(name))
      .map((name) => `published: there is no model ${JSON.stringify(name)} in this suite`),
  ];
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TensorproofError("suite.invalid", `"${where}" is no JSON: ${(cause as Error).message}`, {
      where,
      cause,
    });
  }
}

function requireVersion(suite: unknown, where: string): Json {
  if (!isRecord(suite) || suite.format !== SUITE_FORMAT)
    throw new TensorproofError(
      "suite.invalid",
      `"${where}" is no suite: expected an object with "format": "${SUITE_FORMAT}"`,
      { where },
    );
  if (suite.version !== SUITE_VERSION)
    throw new TensorproofError(
      "suite.version",
      `"${where}" is a suite of version ${JSON.stringify(suite.version)}; this release reads version ${SUITE_VERSION}`,
      { where },
    );
  return suite;
}

/** @throws TensorproofError `suite.invalid` with all problems in its message and `details`, `suite.version` */
export function parseSuite(source: string, where: string): Suite {
  const suite = requireVersion(parseJson(source, where), where);
  const problems = unknownFields(suite, [...SUITE_FIELDS, ...LIST_FIELDS], "the suite");
  for (const name of ["name", "title", "description"])
    if (typeof suite[name] !== "string" || suite[name] === "") problems.push(`${name}: expected text`);
  const models = records(suite.models, "models", problems);
  const settings = records(suite.settings ?? [{ name: "default" }], "settings", problems);
  const defaults = suite.defaults ?? {};
  if (!isRecord(defaults)) problems.push("defaults: expected an object");
  else problems.push(...settingProblems(defaults, "defaults"));
  problems.push(...backendProblems(suite.backends, "backends"));
  models.forEach((model, index) => {
    problems.push(...modelProblems(model, index));
  });
  settings.forEach((entry, index) => {
    const place = `settings[${index}]`;
    if (entry.name === undefined) problems.push(`${place}: name: expected text`);
    problems.push(...settingProblems(entry, place));
    if (entry.backends !== undefined) problems.push(...backendProblems(entry.backends, `${place}.backends`));
  });
  problems.push(...duplicates(models, "models"), ...duplicates(settings, "settings"));
  problems.push(...publishedProblems(suite.published, models));
  if (problems.length > 0)
    throw new TensorproofError("suite.invalid", `"${where}": ${problems.join("; ")}`, {
      where,
      details: problems,
    });
  return {
    name: suite.name as string,
    title: suite.title as string,
    description: suite.description as string,
    axis: typeof suite.axis === "string" ? suite.axis : null,
    // Checked above, field by field.
    models: models as unknown as SuiteModel[],
    backends: suite.backends as string[],
    settings: settings.map((entry) => ({ ...(defaults as object), ...entry }) as unknown as SuiteSettings),
    published: (suite.published as SuitePublished | undefined) ?? null,
  };
}
