/** A suite's file, with paths that hold wherever the bench is started. */
import { dirname, resolve } from "node:path";
import { readBytes } from "../files/readBytes.ts";
import { parseSuite } from "./parseSuite.ts";
import type { Suite, SuiteModel } from "./suite.ts";

/** @throws TensorproofError `file.*`, `suite.*` */
export function readSuite(path: string): Suite {
  const suite = parseSuite(new TextDecoder().decode(readBytes(path)), path);
  const folder = dirname(resolve(path));
  const absolute = (file: string): string => resolve(folder, file);
  const optional = <K extends "labels" | "calibrate">(model: SuiteModel, name: K): Partial<SuiteModel> =>
    model[name] === undefined ? {} : { [name]: absolute(model[name]) };
  return {
    ...suite,
    models: suite.models.map((model) => ({
      ...model,
      file: absolute(model.file),
      data: absolute(model.data),
      ...optional(model, "labels"),
      ...optional(model, "calibrate"),
    })),
    settings: suite.settings.map((settings) =>
      settings.ptau === undefined ? settings : { ...settings, ptau: absolute(settings.ptau) },
    ),
    published: suite.published === null ? null : { ...suite.published, file: absolute(suite.published.file) },
  };
}
