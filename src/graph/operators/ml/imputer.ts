/** Imputer: puts a value in the place of missing ones. */

import { attribute } from "../../attributes.ts";
import { requiredFacts } from "../../operator.ts";
import type { Expand } from "../expansion.ts";
import { badAttribute, numbersOf } from "./labels.ts";

/** NaN is no input of a program: where NaN is what it replaces, nothing is left to do. */
export const imputer: Expand = (body, node, inputs) => {
  const { shape, type } = requiredFacts(node, inputs, 0);
  const isFloat = type === "float32";
  const values = numbersOf(node, isFloat ? "imputed_value_floats" : "imputed_value_int64s");
  if (values.length !== 1 && values.length !== shape.at(-1))
    throw badAttribute(node, `imputes ${values.length} values, but has ${shape.at(-1)} columns`);
  const replaced = isFloat
    ? (attribute(node, "replaced_value_float", "float") ?? Number.NaN)
    : (attribute(node, "replaced_value_int64", "int") ?? 0);
  if (!Number.isNaN(replaced))
    throw badAttribute(
      node,
      `replaces the number ${replaced}; only NaN is supported: impute before the model`,
    );
  return [body.add("Identity", [node.inputs[0]])];
};
