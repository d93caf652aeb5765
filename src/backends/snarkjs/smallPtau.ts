import { TensorproofError } from "../../errors/tensorproofError.ts";

/** The refusal of powers of tau that a circuit does not fit. */
export function smallPtau(power: number): TensorproofError {
  return new TensorproofError(
    "setup.ptau",
    `the circuit needs prepared powers of tau up to 2^${power} or more; the given file has fewer`,
    { where: "--ptau" },
  );
}
