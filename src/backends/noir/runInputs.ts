/** Arguments of `main` for one run, as `Prover.toml` and noir_js name them. */
import type { Visibilities } from "../../relations/visibility.ts";
import type { RunValues } from "../r1cs/buildCircuit.ts";
import { COMMITTED, isCommitted } from "../r1cs/publicSignals.ts";
import { residue } from "../r1cs/scalarField.ts";
import { COMMITMENT_NAMES, DIGEST, SALT_NAMES, WEIGHTS } from "./mainFunction.ts";
import type { NoirProject } from "./noirProject.ts";

/** Field elements as decimal numbers. */
export type NoirValue = string | readonly string[] | Readonly<Record<string, readonly string[]>>;

export function fieldElements(values: ArrayLike<number>): string[] {
  return Array.from(values, (value) => residue(BigInt(value)).toString());
}

/** Arguments of a package that binds a statement; its public values that follow inputs are computed by `main`. */
export function runInputs(
  { plan, names }: NoirProject,
  visibilities: Visibilities,
  { signals, salts, inputs }: RunValues,
): Readonly<Record<string, NoirValue>> {
  const { program, hidesWeights } = plan;
  const values: Record<string, NoirValue> = { [DIGEST]: signals[0].toString() };
  COMMITTED.filter((what) => isCommitted(visibilities, what)).forEach((what, i) => {
    values[COMMITMENT_NAMES[what]] = signals[1 + i].toString();
    values[SALT_NAMES[what]] = salts[what].toString();
  });
  program.inputs.forEach((id, i) => {
    values[names.tensors[id]] = fieldElements(inputs[i]);
  });
  if (hidesWeights)
    values[WEIGHTS] = Object.fromEntries(
      program.constants.map(({ data }, id) => [names.constants[id], fieldElements(data)]),
    );
  return values;
}
