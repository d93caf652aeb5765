/** The measurements of a suite, each with the key that its row is found again by. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { Measurement } from "./measureRow.ts";
import { type Suite, type SuiteModel, withDefaults } from "./suite.ts";

export interface KeyedMeasurement extends Measurement {
  readonly key: string;
  readonly x: number | null;
  /** Files of the model that are not there. */
  readonly missing: readonly string[];
}

function filesOf({ file, data, labels, calibrate }: SuiteModel): string[] {
  return [file, data, labels, calibrate].filter((path) => path !== undefined);
}

const KEY_LENGTH = 24;

/** A digest of the model's files, for rows must not survive a change of what they measured. */
function contentOf(model: SuiteModel): string {
  const hash = createHash("sha256");
  for (const path of filesOf(model)) {
    const digest = existsSync(path)
      ? createHash("sha256").update(readFileSync(path)).digest("hex")
      : "missing";
    hash.update(`${digest};`);
  }
  return hash.digest("hex");
}

/** Model after model, so that a suite that is stopped has compared backends on the first ones. */
export function measurementsOf(suite: Suite, version: string): KeyedMeasurement[] {
  return suite.models.flatMap((model) => {
    const content = contentOf(model);
    const missing = filesOf(model).filter((path) => !existsSync(path));
    return suite.settings.flatMap((chosen) => {
      const settings = withDefaults(chosen);
      const { backends: only, ...rest } = settings;
      return suite.backends
        .filter((backend) => only === undefined || only.includes(backend))
        .map((backend) => {
          const described = JSON.stringify([version, suite.name, model.name, content, backend, rest]);
          const key = createHash("sha256").update(described).digest("hex").slice(0, KEY_LENGTH);
          return { key, model, backend, settings, x: model.x ?? settings.x ?? null, missing };
        });
    });
  });
}
