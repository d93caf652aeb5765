/** Values that someone claims a proof is about, and what is printed where it is not. */
import type { Statement, StatementValue } from "../engine/statement.ts";
import type { VerificationFailure } from "../errors/proofError.ts";
import type { Samples } from "../quant/compileOptions.ts";
import { elementCount } from "../tensor/shape.ts";
import { EXIT_INVALID, type Reporter } from "./reporter.ts";
import { publicValuesJson, statementJson } from "./results.ts";

export interface Claims {
  readonly input: Samples | null;
  readonly output: Samples | null;
}

/** The first claim that the statement does not bear out; null where there is none. */
export function differingClaim(
  statement: Statement,
  { input, output }: Claims,
  integers: boolean,
): VerificationFailure | null {
  return (
    (output === null ? null : compare("output", statement, output, integers)) ??
    (input === null ? null : compare("input", statement, input, integers))
  );
}

/** @param extra further fields of the JSON answer */
export function refuse(
  reporter: Reporter,
  extra: Readonly<Record<string, unknown>>,
  error: VerificationFailure,
  statement?: Statement,
): void {
  const { code, where } = error;
  const values =
    statement === undefined
      ? { outputs: [], statement: null }
      : {
          outputs: publicValuesJson(statement.outputs, statement.batch),
          statement: statementJson(statement),
        };
  reporter.result(
    { ok: false, ...extra, error: { code, where }, ...values },
    `NOT valid: ${code} (${where})`,
  );
  process.exitCode = EXIT_INVALID;
}

/** Null if the data agrees with the statement's public values, each within half a step of the declared scale. */
function compare(
  kind: "input" | "output",
  statement: Statement,
  samples: Samples,
  integers: boolean,
): VerificationFailure | null {
  const values = kind === "input" ? statement.inputs : statement.outputs;
  const code = `statement.${kind}`;
  if (values.some((value) => value.values === null)) {
    return { code, where: `the proof does not make its ${kind}s public, so they cannot be compared` };
  }
  for (const [i, value] of values.entries()) {
    const place = `${kind} "${value.name}"`;
    const expected = value.values as Int32Array;
    const { data } = samples[i];
    if (data.length !== expected.length) {
      const size = elementCount(value.shape);
      const where = `${place}: ${data.length / size} samples given, the proof has ${statement.batch}`;
      return { code, where };
    }
    const index = data.findIndex((x, j) => !agrees(value, expected[j], x, integers));
    if (index >= 0) return { code, where: `${place}: element ${index} differs` };
  }
  return null;
}

function agrees({ quant }: StatementValue, integer: number, given: number, integers: boolean): boolean {
  if (integers) return given === Math.fround(integer);
  const proven = quant.scale * (integer - quant.zeroPoint);
  // Data files come in single precision.
  return Math.abs(given - proven) <= quant.scale / 2 + Math.abs(proven) * 2 ** -23;
}
