/** What a program costs on each backend, as far as that can be told without proving it. */
import { compileR1cs, type R1csPart } from "../backends/r1cs/r1csCircuit.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Program } from "../program/program.ts";
import { multiplyAccumulates } from "../quant/costModel.ts";
import { DEFAULT_VISIBILITIES } from "../relations/visibility.ts";
import { type Estimate, estimateProof } from "./estimate.ts";

export interface R1csCost {
  readonly constraints: number;
  /** Entries of the three matrices: what a Groth16 prover multiplies by. */
  readonly terms: number;
  /** What each operator adds, inputs, weights and outputs with their ranges apart. */
  readonly parts: readonly R1csPart[];
}

/** Why there is no figure. */
export interface NotCounted {
  readonly reason: string;
}

export interface ProgramCosts {
  readonly multiplyAccumulates: number;
  readonly weights: number;
  readonly nonZeroWeights: number;
  /** Of the native engine, weights and input hidden: exact sizes, forecast times. */
  readonly native: Pick<Estimate, "loadMs" | "witnessMs" | "proveMs" | "peakBytes" | "proofBytes">;
  /** Of our R1CS, which groth16, plonk and fflonk prove: counted. */
  readonly r1cs: {
    readonly constantWeights: R1csCost | NotCounted;
    readonly hiddenWeights: R1csCost | NotCounted;
  };
}

/** The circuit is held in memory while it is counted. */
const MAX_COUNTED = 2 ** 22;

export interface CostOptions {
  /** Counting circuits with hidden weights takes a constraint for each multiply-accumulate. Default true. */
  readonly countHidden?: boolean;
}

export function programCosts(program: Program, { countHidden = true }: CostOptions = {}): ProgramCosts {
  const products = program.operators.reduce(
    (sum, operator) => sum + multiplyAccumulates(program, operator),
    0,
  );
  const count = (weights: "public" | "private"): R1csCost | NotCounted => {
    if (products > MAX_COUNTED)
      return { reason: `${products} multiply-accumulates; circuits of up to ${MAX_COUNTED} are counted` };
    try {
      const { size, parts } = compileR1cs(program, { ...DEFAULT_VISIBILITIES, weights }, 1);
      return { constraints: size.constraints, terms: size.terms, parts };
    } catch (error) {
      if (error instanceof TensorproofError) return { reason: error.message };
      throw error;
    }
  };
  const { loadMs, witnessMs, proveMs, peakBytes, proofBytes } = estimateProof(program);
  const values = program.constants.map(({ data }) => data);
  return {
    multiplyAccumulates: products,
    weights: values.reduce((sum, data) => sum + data.length, 0),
    nonZeroWeights: values.reduce((sum, data) => sum + data.filter((x) => x !== 0).length, 0),
    native: { loadMs, witnessMs, proveMs, peakBytes, proofBytes },
    r1cs: {
      constantWeights: count("public"),
      hiddenWeights: countHidden ? count("private") : { reason: "not asked for" },
    },
  };
}
