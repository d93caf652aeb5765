/**
 * Small plans with several witnesses of one statement: what is public about them is the same, all else differs as far as it
 * can. The values of hidden tensors need no range here; the equations hold.
 */
import { directWires, type ProofPlan } from "../../../claims/plan.ts";
import { DENSE_PLAN, WIRED_PLAN } from "../../../relations/testing/hidingPlans.ts";
import { Coins } from "../simulator/coins.ts";

export interface TrialWitness {
  /** By plan tensor, over real cells. */
  readonly tensors: readonly (readonly number[])[];
  /** Accumulators by layer. */
  readonly layers: readonly (readonly number[])[];
}

export interface TrialPlan {
  readonly name: string;
  readonly plan: ProofPlan;
  readonly witness: (seed: string) => TrialWitness;
}

function small(coins: Coins): number {
  return (coins.word() % 255) - 127;
}

function list(length: number, value: (i: number) => number): number[] {
  return Array.from({ length }, (_, i) => value(i));
}

/**
 * Inputs are zero where weights are not, but for the first two columns, so that hidden values differ and accumulators stay
 * in the table: acc = bit + own weight + bias. `bits`: the first entry of both inputs; the second is 1.
 */
function denseWitness(bits: (coins: Coins) => readonly [number, number]) {
  return (seed: string): TrialWitness => {
    const coins = new Coins(`dense ${seed}`);
    const first = bits(coins);
    const own = list(2, () => small(coins));
    const weight = list(18, (i) => {
      const [row, column] = [Math.floor(i / 9), i % 9];
      return column === 0 ? 1 : column === 1 ? own[row] : column > 4 ? small(coins) : 0;
    });
    const x = list(18, (i) => {
      const [row, column] = [Math.floor(i / 9), i % 9];
      return column === 0 ? first[row] : column === 1 ? 1 : column < 5 ? small(coins) : 0;
    });
    const bias = [4 - own[0], 5 - own[1]];
    const accumulators = [first[0] + 4, first[0] + 5, first[1] + 4, first[1] + 5];
    const multiplicity = [4, 5, 6].map((entry) => accumulators.filter((acc) => acc === entry).length);
    const y = accumulators.map((acc) => acc - 4);
    return { tensors: [weight, bias, x, accumulators, y, multiplicity], layers: [accumulators] };
  };
}

function wiredWitness(seed: string): TrialWitness {
  const coins = new Coins(`wired ${seed}`);
  const weight = list(4, () => small(coins));
  const x = list(6, () => small(coins));
  const accumulators = list(4, (at) => {
    const [o, c] = [Math.floor(at / 2), at % 2];
    return [0, 1].reduce((sum, k) => sum + (3 + x[2 * (o + k) + c]) * weight[2 * c + k], 0);
  });
  const sums = [4 + (coins.word() % 3), 4 + (coins.word() % 3)];
  const middle = small(coins);
  const y = [sums[0] - middle, middle, sums[1] - middle];
  const multiplicity = [4, 5, 6].map((entry) => sums.filter((sum) => sum === entry).length);
  return { tensors: [weight, x, accumulators, y, multiplicity], layers: [accumulators] };
}

function leanWitness(seed: string): TrialWitness {
  const coins = new Coins(`lean ${seed}`);
  const [weight, x] = [list(4, () => small(coins)), list(4, () => small(coins))];
  const bias = list(2, () => small(coins));
  const output = list(4, (at) => {
    const [i, j] = [Math.floor(at / 2), at % 2];
    return x[2 * i] * weight[2 * j] + x[2 * i + 1] * weight[2 * j + 1] + bias[j];
  });
  return { tensors: [weight, x, output, bias], layers: [output] };
}

/** No more than one layer between four trees; the lookup argument has its dummy fraction alone. */
const LEAN_PLAN: ProofPlan = {
  tensors: [
    { name: "weight", axes: [2, 2], holder: "weights" },
    { name: "x", axes: [2, 2], holder: "input" },
    { name: "output", axes: [2, 2], holder: "output" },
    { name: "bias", axes: [2], holder: "advice" },
  ],
  sections: [],
  layers: [
    {
      name: "layer",
      axes: [2, 2, 2],
      numOutputAxes: 2,
      left: { axes: [0, 2], value: tensorExpression(1) },
      right: { axes: [1, 2], value: tensorExpression(0) },
      bias: 3,
    },
  ],
  equalities: [
    {
      name: "output",
      axes: [2, 2],
      value: {
        constant: 0,
        terms: [
          { source: { kind: "layer", layer: 0, axes: [0, 1] }, factor: 1 },
          { ...tensorExpression(2).terms[0], factor: 0x7ffffffe },
        ],
      },
    },
  ],
};

function tensorExpression(tensor: number) {
  const source = { kind: "tensor", tensor, wires: directWires([0, 1]) } as const;
  return { constant: 0, terms: [{ source, factor: 1 }] };
}

/** The tensors of these names are public. */
function publish(plan: ProofPlan, ...names: readonly string[]): ProofPlan {
  const tensors = plan.tensors.map((tensor) =>
    names.includes(tensor.name) ? { ...tensor, holder: "public" as const } : tensor,
  );
  return { ...plan, tensors };
}

/** Each choice counts the table's rows otherwise. */
const BITS = [
  [0, 0],
  [0, 1],
  [1, 1],
] as const;
const anyBits = (coins: Coins): readonly [number, number] => BITS[coins.word() % BITS.length];

export const LEAN: TrialPlan = { name: "lean", plan: LEAN_PLAN, witness: leanWitness };

export const DENSE: TrialPlan = {
  name: "dense, all hidden",
  plan: DENSE_PLAN,
  witness: denseWitness(anyBits),
};

export const DENSE_PUBLIC_OUTPUT: TrialPlan = {
  name: "dense, public output",
  plan: publish(DENSE_PLAN, "output"),
  witness: denseWitness(() => [0, 1]),
};

export const WIRED: TrialPlan = {
  name: "groups, windows and views, all hidden",
  plan: WIRED_PLAN,
  witness: wiredWitness,
};

/** The same weights for every seed; the input differs. */
export const DENSE_PUBLIC_WEIGHTS: TrialPlan = {
  name: "dense, public weights",
  plan: publish(DENSE_PLAN, "weight", "bias"),
  witness: (seed) => {
    const { tensors, layers } = denseWitness(anyBits)(seed);
    const [weight, bias] = denseWitness(anyBits)("weights of everybody").tensors;
    return { tensors: [weight, bias, ...tensors.slice(2)], layers };
  },
};
