/** Which features are inputs of their own: scales are chosen for each input. */

import { INPUT } from "../tabular/draft.ts";
import { type Json, malformedAt } from "../tabular/json.ts";
import type { Form } from "./form.ts";

export interface FeatureInput {
  readonly name: string;
  readonly columns: number;
}

function namesOf(root: Json, numFeatures: number, known: readonly string[] | null): string[] {
  if (known !== null) return [...known];
  if (!root.has("feature_names")) return Array.from({ length: numFeatures }, (_, j) => `x${j}`);
  const field = root.at("feature_names");
  const names = field.list().map((name) => name.text());
  if (names.length === numFeatures && new Set(names).size === numFeatures) return names;
  throw malformedAt(field.path, `expected ${numFeatures} different names`);
}

/** Positions of the features that the list names, by name or position. */
function listed(field: Json, names: readonly string[]): Set<number> {
  const positions = field.list().map((entry) => {
    const at = typeof entry.value === "string" ? names.indexOf(entry.value) : entry.count(0);
    if (at >= 0 && at < names.length) return at;
    throw malformedAt(entry.path, `is none of the model's ${names.length} features`);
  });
  return new Set(positions);
}

/**
 * `separate`: true (of products of features the default) for an input for each feature, or a list of those that are; what stands between them is one input. The
 * order of the features stays, so that columns of a table are taken in order. `known`: their names.
 */
export function featureInputs(
  root: Json,
  { numFeatures, quadratic }: Form,
  known: readonly string[] | null,
): FeatureInput[] {
  const field = root.at("separate");
  // Products of features of different sizes at one scale would have few bits.
  const isOne = field.value === undefined ? quadratic === null : field.value === false;
  if (isOne) return [{ name: INPUT, columns: numFeatures }];
  const names = namesOf(root, numFeatures, known);
  const own =
    field.value === true || field.value === undefined ? new Set(names.keys()) : listed(field, names);
  const inputs: FeatureInput[] = [];
  for (let j = 0; j < numFeatures; ) {
    const start = j++;
    if (own.has(start)) {
      inputs.push({ name: names[start], columns: 1 });
      continue;
    }
    while (j < numFeatures && !own.has(j)) j++;
    const name = j - start === 1 ? names[start] : `${names[start]} to ${names[j - 1]}`;
    inputs.push({ name, columns: j - start });
  }
  return inputs;
}
