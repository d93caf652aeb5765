import type { RealStep } from "../realProgram.ts";
import type { StepValues } from "../reference/step.ts";
import type { Emission, Emitted } from "./emission.ts";
import {
  emitDivide,
  emitExactContract,
  emitExactFunction,
  emitExactProduct,
  emitExactSum,
  emitPairs,
} from "./exact.ts";
import { emitFixedSum } from "./fixedPoint.ts";
import { emitContract, emitFunction, emitProduct } from "./function.ts";
import { emitSoftmax } from "./softmax.ts";
import { emitSum } from "./sum.ts";
import { emitTrees } from "./trees.ts";
import { emitWideLinear } from "./wideLinear.ts";
import { emitWideQuadratic } from "./wideQuadratic.ts";
import {
  emitConcat,
  emitConstant,
  emitConstantAt,
  emitMax,
  emitMaxPool,
  emitTake,
  emitWindowSum,
} from "./wiring.ts";

/** Steps that compute with the integers themselves; null for those that move or choose them. */
function emitExact(emission: Emission, step: RealStep, name: string): Emitted | null {
  switch (step.kind) {
    case "sum":
      return emitExactSum(emission, step, name);
    case "product":
      return emitExactProduct(emission, step, name);
    case "contract":
      return emitExactContract(emission, step, name);
    case "function":
      return emitExactFunction(emission, step, name);
    case "constant":
      return emitConstantAt(emission, step, 1);
    default:
      return null;
  }
}

/** The operators for one step. `name` is that of its result, `values` are those of the float reference. */
export function emitStep(emission: Emission, step: RealStep, name: string, values: StepValues): Emitted {
  if (step.exact === true) {
    const exact = emitExact(emission, step, name);
    if (exact !== null) return exact;
  }
  switch (step.kind) {
    case "sum": {
      const { fractionBits } = emission.options;
      return fractionBits === null
        ? emitSum(emission, step, name, values)
        : emitFixedSum(emission, step, fractionBits, name, values);
    }
    case "contract":
      return emitContract(emission, step, name, values);
    case "divide":
      return emitDivide(emission, step, name);
    case "pairs":
      return emitPairs(emission, step, name);
    case "product":
      return emitProduct(emission, step, name, values);
    case "function":
      return emitFunction(emission, step, name, values);
    case "maxPool":
      return emitMaxPool(emission, step, name);
    case "max":
      return emitMax(emission, step, name);
    case "windowSum":
      return emitWindowSum(emission, step, name);
    case "take":
      return emitTake(emission, step, name);
    case "concat":
      return emitConcat(emission, step, name);
    case "constant":
      return emitConstant(emission, step);
    case "transpose": {
      const { permutation } = step;
      const { id } = emission.of(step.input);
      return emission.add(
        { kind: "transpose", name: step.name, input: id, permutation },
        { name, scale: null },
      );
    }
    case "reshape": {
      const { id } = emission.of(step.input);
      const { shape } = step;
      return emission.add({ kind: "reshape", name: step.name, input: id }, { name, scale: null, shape });
    }
    case "argmax": {
      const { id } = emission.of(step.input);
      return emission.add({ kind: "argmax", name: step.name, input: id }, { name, scale: 1 });
    }
    case "wideLinear":
      return emitWideLinear(emission, step, name);
    case "wideQuadratic":
      return emitWideQuadratic(emission, step, name);
    case "trees":
      return emitTrees(emission, step, name);
    case "softmax":
      return emitSoftmax(emission, step, name);
    case "channelAffine":
      throw new RangeError(`step "${step.name}" should have been folded`);
  }
}
