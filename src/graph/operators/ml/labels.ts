/** What classifiers of ONNX-ML make of their scores: a label and, after a transformation, the scores that they put out. */

import { TensorproofError } from "../../../errors/tensorproofError.ts";
import { intTensor } from "../../../tensor/tensor.ts";
import { attribute } from "../../attributes.ts";
import type { Node } from "../../node.ts";
import type { Body } from "../expansion.ts";

export function badAttribute(node: Node, reason: string): TensorproofError {
  return new TensorproofError("model.badAttribute", reason, { where: node.name });
}

/** The attribute's numbers, from a list or (in later versions) a tensor; empty where there are none. */
export function numbersOf(node: Node, name: string): readonly number[] {
  const found = node.attributes.get(name) ?? node.attributes.get(`${name}_as_tensor`);
  if (found === undefined) return [];
  if (found.type === "ints" || found.type === "floats") return found.value;
  if (found.type === "tensor") return Array.from(found.value.data);
  throw badAttribute(node, `attribute "${name}" should be a list of numbers but is ${found.type}`);
}

/** Labels that are integers; null for texts, in whose place stands the position in the list. */
export function labelsOf(node: Node): { readonly count: number; readonly values: readonly number[] | null } {
  for (const name of ["classlabels_strings", "classlabels_string"]) {
    const texts = attribute(node, name, "strings") ?? [];
    if (texts.length > 0) return { count: texts.length, values: null };
  }
  for (const name of ["classlabels_int64s", "classlabels_ints"]) {
    const values = numbersOf(node, name);
    if (values.length > 0) return { count: values.length, values };
  }
  throw badAttribute(node, "has no class labels");
}

const TRANSFORMS = ["NONE", "SOFTMAX", "LOGISTIC"] as const;
export type Transform = (typeof TRANSFORMS)[number];

export function transformOf(node: Node): Transform {
  return transformNamed(node, attribute(node, "post_transform", "string") ?? "NONE");
}

export function transformNamed(node: Node, name: string): Transform {
  const known = TRANSFORMS.find((transform) => transform === name);
  if (known !== undefined) return known;
  throw badAttribute(
    node,
    `the transformation ${name} of scores is not supported; ${TRANSFORMS.join(", ")} are`,
  );
}

export function transformed(body: Body, scores: string, transform: Transform): string {
  if (transform === "SOFTMAX") return body.add("Softmax", [scores], { axis: -1 });
  return transform === "LOGISTIC" ? body.add("Sigmoid", [scores]) : scores;
}

/** The label of the largest score, the first one among equals. */
export function labelOf(body: Body, scores: string, values: readonly number[] | null): string {
  const index = body.add("ArgMax", [scores], { axis: -1, keepdims: 0 });
  if (values === null || values.every((value, i) => value === i)) return index;
  return body.add("Gather", [body.constant(intTensor([values.length], values)), index]);
}
