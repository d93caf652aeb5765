/**
 * Products of features as scikit-learn's PolynomialFeatures orders and names them: which features each coefficient
 * multiplies. Up to degree 2.
 */

import { type Json, malformedAt } from "../tabular/json.ts";
import { checkCount, type Form } from "./form.ts";

interface Products {
  readonly numFeatures: number;
  /** Names of the features that are multiplied; null where the file has none. */
  readonly names: readonly string[] | null;
  /** For each coefficient the features of its product: none, one or two. */
  readonly products: readonly (readonly number[])[];
}

const MAX_DEGREE = 2;

function tooHigh(where: string, degree: number): Error {
  return malformedAt(where, `has products of degree ${degree}; up to ${MAX_DEGREE} are supported`);
}

/** "1", "a", "a b", "a^2": what the parts name, each as often as its power says; null for what names something else. */
function factorsOf(name: string, known: ReadonlyMap<string, number>, where: string): number[] | null {
  const whole = known.get(name);
  if (whole !== undefined) return [whole];
  if (name === "1") return [];
  const factors: number[] = [];
  for (const part of name.split(" ")) {
    const [, base, power] = /^(.*?)(?:\^(\d+))?$/s.exec(part) as RegExpExecArray;
    const feature = known.get(base);
    if (feature === undefined) return null;
    const count = power === undefined ? 1 : Number(power);
    if (factors.length + count > MAX_DEGREE) throw tooHigh(where, factors.length + count);
    factors.push(...new Array<number>(count).fill(feature));
  }
  return factors;
}

/** Names without a blank or a power are features; null where all of them are. */
function productsByName(field: Json): Products | null {
  const names = field.list().map((name) => name.text());
  const features = names.filter((name) => name !== "1" && !/[ ^]/.test(name));
  const known = new Map(features.map((name, j) => [name, j]));
  if (known.size !== features.length || features.length === names.length) return null;
  const products = names.map((name) => factorsOf(name, known, field.path));
  // Names with blanks in them, of features that are no products.
  if (products.some((product) => product === null)) return null;
  return { numFeatures: features.length, names: features, products: products as number[][] };
}

function productsByDegree(field: Json, count: number): Products {
  const degree = field.at("degree").count(1);
  if (degree > MAX_DEGREE) throw tooHigh(field.path, degree);
  const isTrue = (key: string, otherwise: boolean): boolean =>
    field.has(key) ? field.at(key).value === true : otherwise;
  const hasBias = isTrue("include_bias", true);
  const hasSquares = !isTrue("interaction_only", false);
  const sizeOf = (n: number): number =>
    Number(hasBias) + n + (degree === 1 ? 0 : (n * (n - 1)) / 2 + (hasSquares ? n : 0));
  let numFeatures = 1;
  while (sizeOf(numFeatures) < count) numFeatures++;
  if (sizeOf(numFeatures) !== count)
    throw malformedAt(field.path, `${count} coefficients are those of no number of features`);
  const products: number[][] = hasBias ? [[]] : [];
  for (let i = 0; i < numFeatures; i++) products.push([i]);
  for (let i = 0; degree === 2 && i < numFeatures; i++)
    for (let j = hasSquares ? i : i + 1; j < numFeatures; j++) products.push([i, j]);
  return { numFeatures, names: null, products };
}

/** What the coefficients multiply; null where that is one feature each. */
export function productsOf(root: Json, count: number): Products | null {
  if (root.has("polynomial")) return productsByDegree(root.at("polynomial"), count);
  if (!root.has("feature_names")) return null;
  const field = root.at("feature_names");
  return field.list().length === count ? productsByName(field) : null;
}

/** The scores whose coefficients multiply these products. */
export function polynomialForm(form: Form, { numFeatures, products }: Products, fileName: string): Form {
  checkCount(fileName, form.weight.length * numFeatures ** 2);
  const quadratic = new Float64Array(form.weight.length * numFeatures ** 2);
  const bias = [...form.bias];
  const weight = form.weight.map((row, m) => {
    const linear = new Array<number>(numFeatures).fill(0);
    row.forEach((value, at) => {
      const [i, j] = products[at];
      if (i === undefined) bias[m] += value;
      else if (j === undefined) linear[i] += value;
      else quadratic[(m * numFeatures + Math.min(i, j)) * numFeatures + Math.max(i, j)] += value;
    });
    return linear;
  });
  return { numFeatures, weight, bias, quadratic, task: form.task };
}
