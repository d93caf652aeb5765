/** What each setting of a suite may be. */

/** Says what is wrong with a value: "expected …", or null where nothing is. */
type Check = (value: unknown) => string | null;

function wholeNumber(lowest: number, highest: number): Check {
  return (value) =>
    Number.isInteger(value) && (value as number) >= lowest && (value as number) <= highest
      ? null
      : `expected a whole number from ${lowest} to ${highest}`;
}

function oneOf(...choices: readonly string[]): Check {
  return (value) => (choices.includes(value as string) ? null : `expected ${choices.join(" or ")}`);
}

const text: Check = (value) => (typeof value === "string" && value !== "" ? null : "expected text");

const finite: Check = (value) => (Number.isFinite(value) ? null : "expected a number");

const positive: Check = (value) =>
  Number.isFinite(value) && (value as number) > 0 ? null : "expected more than 0";

const share: Check = (value) =>
  Number.isFinite(value) && (value as number) > 0 && (value as number) < 1
    ? null
    : "expected between 0 and 1";

const range: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1]
    ? null
    : "expected [lowest, highest]";

const names: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "string")
    ? null
    : "expected a list of names";

const visibility: Check = (value) => {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = isRecord ? Object.entries(value) : [];
  const isGood = entries.every(
    ([part, who]) =>
      ["input", "weights", "output"].includes(part) && ["public", "committed", "private"].includes(who),
  );
  return isRecord && isGood ? null : "expected input, weights, output, each public, committed or private";
};

const CHECKS: Readonly<Record<string, Check>> = {
  name: text,
  x: finite,
  backends: names,
  bits: wholeNumber(4, 16),
  activationBits: wholeNumber(4, 14),
  maxError: share,
  fractionBits: wholeNumber(0, 12),
  head: oneOf("scores", "probabilities", "argmax", "outputs"),
  mode: oneOf("pow2", "exact-int8"),
  rounding: oneOf("tflite-double", "tflite-single"),
  inputRange: range,
  visibility,
  batch: wholeNumber(1, 2 ** 20),
  threads: wholeNumber(1, 1024),
  ptau: text,
  target: oneOf("resources", "accuracy"),
  accuracySamples: wholeNumber(1, 2 ** 20),
  warmUps: wholeNumber(1, 1000),
  repetitions: wholeNumber(1, 1000),
  timeLimitSeconds: positive,
  memoryLimitMegabytes: positive,
};

/** All that is wrong with settings; `place` says where they stand. */
export function settingProblems(settings: Readonly<Record<string, unknown>>, place: string): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
    if (check === undefined)
      return [`${place}: there is no setting "${name}" (there are ${Object.keys(CHECKS).join(", ")})`];
    const problem = check(value);
    return problem === null ? [] : [`${place}: ${name}: ${problem}, got ${JSON.stringify(value)}`];
  });
}
