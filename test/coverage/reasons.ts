/** The short list of reasons for which a model is refused. The first that fits is the one that counts. */

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly operators: readonly string[];
}

const RANDOM = new Set([
  "RandomNormal",
  "RandomUniform",
  "RandomNormalLike",
  "RandomUniformLike",
  "Multinomial",
  "Bernoulli",
]);
const CONTROL = new Set(["If", "Loop", "Scan", "SequenceMap"]);
const TRAINING = new Set(["Adagrad", "Adam", "Gradient", "Momentum"]);

type Rule = readonly [reason: string, fits: (refusal: Refusal) => boolean];

const RULES: readonly Rule[] = [
  [
    "control flow (graphs within operators)",
    ({ operators, message }) =>
      operators.some((operator) => CONTROL.has(operator)) || /that is a graph/.test(message),
  ],
  ["random", ({ operators }) => operators.some((operator) => RANDOM.has(operator))],
  ["training only", ({ operators }) => operators.some((operator) => TRAINING.has(operator))],
  [
    "strings, sequences, maps, optionals",
    ({ message }) => /not numbers|element type 8\b|no tensor/.test(message),
  ],
  [
    "no output depends on an input",
    ({ code }) => code === "model.outputIndependent" || code === "model.noInput",
  ],
  ["no elements", ({ message }) => /without elements|has no elements/.test(message)],
  ["shape depends on data", ({ code }) => code === "model.dynamicShape"],
  [
    "not finite",
    ({ code, message }) =>
      code === "model.nonFiniteOutput" || /not finite|finite number|Infinity|NaN/.test(message),
  ],
  ["no elements", ({ message }) => /no elements|axis of length 0|\b0 elements/.test(message)],
  ["bits of real numbers", ({ message }) => /bits of (float32|real)|reals of another width/.test(message)],
  ["more than 31 bits", ({ code }) => code === "program.rangeTooLarge"],
  ["error bound not reached", ({ code }) => code === "model.precision"],
  ["operator unknown", ({ message }) => /the operator is not supported/.test(message)],
  ["no integer form", ({ code }) => code === "model.unsupportedOperator"],
];

export function reasonOf(refusal: Refusal): string {
  return RULES.find(([, fits]) => fits(refusal))?.[0] ?? `other (${refusal.code})`;
}
