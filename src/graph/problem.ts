/** What keeps an imported graph from being run. Problems are gathered first and thrown together by `checkGraph`. */

/** In the order in which they are reported: the first kind that occurs names the error. */
export const PROBLEM_CODES = [
  "model.noInput",
  "model.outputIndependent",
  "model.missingTensor",
  "model.duplicateTensor",
  "model.cyclic",
  "model.unsupportedOperator",
  "model.badAttribute",
  "model.badTree",
  "model.nonFiniteWeight",
  "model.dynamicShape",
  "model.shapeMismatch",
  "model.mixesSamples",
  "model.tooLarge",
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface GraphProblem {
  readonly code: ProblemCode;
  /** Name of the node or tensor at fault. */
  readonly where: string;
  /** The operator, when a node is at fault. */
  readonly operator?: string;
  /** What is wrong and, where there is a remedy, what to do; a sentence without its subject. */
  readonly reason: string;
  /** For `model.dynamicShape`: the tensor whose elements would have to be known beforehand. */
  readonly tensor?: string;
}
