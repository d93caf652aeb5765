/** Quantisation-aware fine-tuning, and what it gains in the compiled program. */
import type { Graph } from "../../graph/graph.ts";
import { compileGraph } from "../../quant/compileGraph.ts";
import { evaluate } from "../../quant/evaluate.ts";
import { elementCount, type Shape } from "../../tensor/shape.ts";
import { type FloatTensor, floatTensor } from "../../tensor/tensor.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import type { Network } from "../network/network.ts";
import type { Quality } from "../predict.ts";
import { type TrainingOptions, trainNetwork } from "../trainNetwork.ts";
import { type QuantisedBits, removeRoundings, setRoundings } from "./fakeQuantisation.ts";

const CALIBRATION_SAMPLES = 512;
/** Integer inference of more would take longer than the training of small networks; as many as MNIST holds out. */
const MAX_TESTED = 10_000;

/**
 * Goes on training with rounding; scales are chosen anew each epoch. Afterwards nothing is rounded any more, and the weights
 * are the rounded ones: a compiler that finds them on its grid keeps them, and has no mean error of rounding to take back.
 */
export function fineTuneQuantised(
  network: Network,
  data: Samples,
  bits: QuantisedBits,
  options: TrainingOptions,
): void {
  const calibration = firstSamples(data, CALIBRATION_SAMPLES, network.inputShape);
  setRoundings(network, bits, calibration);
  trainNetwork(network, data, {
    ...options,
    onEpoch: (epoch) => {
      setRoundings(network, bits, calibration);
      options.onEpoch?.(epoch);
    },
  });
  for (const parameter of network.parameters) parameter.values.set(parameter.effective);
  removeRoundings(network);
}

export interface IntegerQuality {
  readonly count: number;
  readonly float: Quality;
  readonly integer: Quality;
}

/**
 * Quality of the program that `graph` compiles to with these bits, on the first held-out samples. What lies outside of the
 * range that the program declares is cut off, as its user has to.
 */
export function integerQuality(graph: Graph, bits: QuantisedBits, dataset: Dataset): IntegerQuality {
  const { train, test, inputShape } = dataset;
  const calibration = [tensorOf(firstSamples(train, CALIBRATION_SAMPLES, inputShape), inputShape)];
  const { weightBits, activationBits } = bits;
  const { program } = compileGraph(graph, { calibration, bits: weightBits, activationBits });
  const tested = firstSamples(test, MAX_TESTED, inputShape);
  const { range, quant } = program.tensors[program.inputs[0]];
  const [lo, hi] = [range.lo * quant.scale, range.hi * quant.scale];
  const inputs = tested.inputs.map((x) => Math.min(Math.max(x, lo), hi));
  const samples = [tensorOf({ ...tested, inputs }, inputShape)];
  const { count, float, integer } = evaluate(graph, program, samples, tested.targets);
  return { count, float, integer };
}

function tensorOf({ inputs, count }: Samples, shape: Shape): FloatTensor {
  return floatTensor([count, ...shape], inputs);
}

function firstSamples({ count, inputs, targets }: Samples, most: number, shape: Shape): Samples {
  const taken = Math.min(count, most);
  return {
    count: taken,
    inputs: inputs.subarray(0, taken * elementCount(shape)),
    targets: targets.subarray(0, taken),
  };
}
