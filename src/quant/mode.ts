import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Graph } from "../graph/graph.ts";
import type { CompileOptions } from "./compileOptions.ts";
import { isQuantised } from "./exact/compileExact.ts";

/** How reals become integers: by powers of two, or as the quantised model itself computes. */
export type QuantisationMode = "pow2" | "exact-int8";

/** What only one of the modes can be told. */
const OPTIONS_OF: Readonly<Record<QuantisationMode, readonly (keyof CompileOptions)[]>> = {
  pow2: ["calibration", "inputRange", "bits", "activationBits", "maxError", "fractionBits"],
  "exact-int8": ["rounding"],
};

function badOption(where: string, message: string): TensorproofError {
  return new TensorproofError("options.invalid", `option ${where}: ${message}`, { where });
}

/**
 * The mode to compile in: the one asked for, else "pow2", except that a quantised model has to be asked about. Its
 * integers are what its users know, and a proof of something near them must not pass for a proof of them.
 *
 * @throws TensorproofError `options.invalid`, `model.modeNeeded`
 */
export function modeFor(graph: Graph, options: CompileOptions): QuantisationMode {
  const { mode } = options;
  if (mode !== undefined && !Object.hasOwn(OPTIONS_OF, mode))
    throw badOption("mode", `expected "pow2" or "exact-int8", got "${mode}"`);
  if (mode === undefined && isQuantised(graph)) {
    throw new TensorproofError(
      "model.modeNeeded",
      `model "${graph.name}" is quantised: choose mode "exact-int8" to prove the very integers that it computes, ` +
        'or mode "pow2" to prove an approximation of the reals behind them',
      { where: graph.name },
    );
  }
  const chosen = mode ?? "pow2";
  const other = chosen === "pow2" ? "exact-int8" : "pow2";
  const foreign = OPTIONS_OF[other].find((name) => options[name] !== undefined);
  if (foreign !== undefined) throw badOption(foreign, `has no meaning in mode "${chosen}"`);
  return chosen;
}
