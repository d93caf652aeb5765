/**
 * Random structures for tests, otherwise distributed than those of src: longer axes, many views, few layers.
 */
import {
  type Declaration,
  type FunctionOnDomain,
  inputsOf,
  type Operation,
  type Program,
  type Range,
} from "./program.ts";
import { largest } from "./programChecks.ts";
import { ruleOf } from "./programRules.ts";
import { Refusal } from "./refusal.ts";

const LENGTHS = [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 24, 33, 96, 100];
const MAX_CELLS = 12_000;
const KINDS: readonly Operation["kind"][] = [
  ...(["matmul", "conv", "combine", "multiply", "divide", "max", "requantise", "rescale", "argmax"] as const),
  ...(["take", "windowSum", "transpose", "concat", "constant", "batchMatMul", "gather", "reshape"] as const),
  ...(["reshape", "reshape", "transpose", "combine", "requantise", "requantise", "max"] as const),
];

/** mulberry32: integers in [0, bound). */
function generator(seed: number): (bound: number) => number {
  let state = seed * 2654435761 + 1;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

class Draft {
  readonly tensors: Declaration[] = [];
  readonly constants: Declaration[] = [];
  readonly operators: (Operation & { name: string })[] = [];
  numInputs = 0;
  readonly below: (bound: number) => number;

  constructor(seed: number) {
    this.below = generator(seed);
  }

  one<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  between(lo: number, hi: number): number {
    return lo + this.below(hi - lo + 1);
  }

  shape(): number[] {
    for (;;) {
      const shape = Array.from({ length: this.between(1, 4) }, () => this.one(LENGTHS));
      if (cells(shape) <= MAX_CELLS) return shape;
    }
  }

  range(): Range {
    const [lo, hi] = this.one([
      [0, 15],
      [-8, 7],
      [0, 255],
      [-128, 127],
      [1, 9],
      [-40000, 40000],
    ] as const);
    return { lo: BigInt(lo), hi: BigInt(hi) };
  }

  /** A tensor, often one of the last. */
  tensor(): number {
    const last = this.tensors.length - 1;
    return this.below(2) === 0 ? Math.max(0, last - this.below(3)) : this.below(this.tensors.length);
  }

  /** Another tensor of the same shape, or the same. */
  like(tensor: number): number {
    const shape = this.tensors[tensor]!.shape.join();
    const ids = [...this.tensors.keys()].filter((id) => this.tensors[id]!.shape.join() === shape);
    return this.one(ids);
  }

  program(): Program {
    const { tensors, constants, operators, numInputs } = this;
    return { name: "random", numInputs, tensors, constants, operators, outputs: [] };
  }

  /** Adds the operator if its rule accepts it. */
  add(operation: Operation, constants: readonly Declaration[], shape?: readonly number[]): boolean {
    const name = `operator ${this.operators.length}`;
    const operator = { name, ...operation };
    const placeholder = shape === undefined ? [] : [{ ...this.tensors[0]!, shape }];
    const before = this.program();
    const program: Program = {
      ...before,
      tensors: [...before.tensors, ...placeholder],
      constants: [...before.constants, ...constants],
      operators: [...before.operators, operator],
    };
    try {
      const derived = ruleOf(program, operator);
      const widest = largest(derived.range);
      if (widest > 2n ** 30n - 1n || cells(derived.shape) > MAX_CELLS) return false;
      const { scale, zeroPoint } = derived.quantisation ?? { scale: 1, zeroPoint: 0 };
      const { range, shape: derivedShape } = derived;
      this.tensors.push({
        name: `tensor ${this.tensors.length}`,
        shape: derivedShape,
        range,
        scale,
        zeroPoint,
      });
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
    this.constants.push(...constants);
    this.operators.push(operator);
    return true;
  }

  constant(shape: readonly number[], index = 0): Declaration {
    const name = `constant ${this.constants.length + index}`;
    return { name, shape, range: { lo: -5n, hi: 5n }, scale: 1, zeroPoint: 0 };
  }
}

function cells(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function randomFunction(draft: Draft, range: Range): { shift: number; fn: FunctionOnDomain } {
  const widest = Math.max(Number(range.hi), -Number(range.lo), 1);
  const shift = Math.min(20, Math.max(0, Math.ceil(Math.log2(widest)) - draft.between(3, 9)));
  const half = BigInt(2 ** Math.max(1, Math.ceil(Math.log2(widest / 2 ** shift + 1)) + 1));
  const domain = { lo: range.lo < 0n ? -half : 0n, hi: half - 1n };
  if (draft.below(3) > 0) {
    return {
      shift,
      fn: {
        domain,
        map: { kind: "clamp", lo: BigInt(draft.between(-9, 0)), hi: BigInt(draft.between(1, 30)) },
      },
    };
  }
  const values = Array.from({ length: Number(domain.hi - domain.lo) + 1 }, () =>
    BigInt(draft.between(-9, 9)),
  );
  return { shift, fn: { domain, map: { kind: "values", values } } };
}

/** Tries to add a random operator of a kind. */
function tryOperator(draft: Draft, kind: Operation["kind"]): boolean {
  const input = draft.tensor();
  const { shape, range } = draft.tensors[input]!;
  const axis = draft.below(Math.max(1, shape.length));
  const length = shape[axis] ?? 1;
  const weight = draft.constants.length;
  switch (kind) {
    case "matmul": {
      const m = draft.between(1, 6);
      const hasBias = draft.below(2) === 0;
      const constants = [draft.constant([m, shape[shape.length - 1] ?? 1]), draft.constant([m], 1)];
      const bias = hasBias ? weight + 1 : undefined;
      return draft.add({ kind, input, weight, bias }, hasBias ? constants : constants.slice(0, 1));
    }
    case "conv": {
      const n = shape.length - 1;
      if (n < 1 || n > 3) return false;
      const channels = shape[n]!;
      const groups = draft.one([1, 1, channels, 2, 3]);
      if (channels % groups !== 0) return false;
      const m = groups * draft.between(1, 3);
      const sizes = Array.from({ length: n }, () => draft.between(1, 3));
      const spatial = sizes.map(() => {
        return {
          stride: draft.between(1, 3),
          dilation: draft.between(1, 2),
          padBegin: draft.below(3),
          padEnd: draft.below(2),
        };
      });
      const constants = [draft.constant([m, ...sizes, channels / groups]), draft.constant([m], 1)];
      return draft.add({ kind, input, weight, bias: weight + 1, spatial, groups }, constants);
    }
    case "combine": {
      const inputs = Array.from({ length: draft.between(1, 3) }, () => draft.like(input));
      const factors = inputs.map(() => draft.one([1n, -1n, 3n, -7n]));
      return draft.add({ kind, inputs, factors, offset: BigInt(draft.between(-3, 3)) }, []);
    }
    case "multiply":
    case "max":
      return draft.add({ kind, left: input, right: draft.like(input) }, []);
    case "divide":
      return draft.add({ kind, numerator: input, denominator: draft.like(input) }, []);
    case "requantise":
      return draft.add({ kind, input, ...randomFunction(draft, range) }, []);
    case "rescale": {
      const count = draft.below(2) === 0 ? 1 : (shape[shape.length - 1] ?? 1);
      const rounding = draft.one([
        "tflite-single",
        "tflite-double",
        "float-half-even",
        "divide-half-away",
      ] as const);
      const multipliers = Array.from({ length: count }, () => {
        if (rounding === "float-half-even")
          return { multiplier: Math.fround(draft.between(1, 999) / 9999), shift: 0 };
        if (rounding === "divide-half-away") return { multiplier: draft.between(1, 999), shift: 0 };
        return { multiplier: 2 ** 30 + draft.below(2 ** 30), shift: draft.between(-12, 0) };
      });
      return draft.add({ kind, input, rounding, zeroPoint: 3n, lo: -20n, hi: 40n, multipliers }, []);
    }
    case "argmax":
      return draft.add({ kind, input }, []);
    case "take": {
      const indices = Array.from({ length: draft.between(1, 8) }, () => draft.between(-1, length - 1));
      const ascending = Array.from({ length }, (_, j) => (draft.below(9) === 0 ? -1 : j));
      const chosen = draft.one([indices, ascending]);
      return draft.add(
        { kind, input, axis, indices: chosen, fill: chosen.includes(-1) ? draft.one([0n, 2n]) : 0n },
        [],
      );
    }
    case "windowSum": {
      const [size, stride] = [draft.between(1, 4), draft.between(1, 3)];
      return draft.add(
        { kind, input, axis, size, stride, padBegin: draft.below(2), padEnd: draft.below(3) },
        [],
      );
    }
    case "transpose": {
      const permutation = shape.map((_, i) => i);
      for (let i = permutation.length - 1; i > 0; i--) {
        const j = draft.below(i + 1);
        [permutation[i], permutation[j]] = [permutation[j]!, permutation[i]!];
      }
      return draft.add({ kind, input, permutation }, []);
    }
    case "concat": {
      const inputs = Array.from({ length: draft.between(1, 3) }, () => draft.like(input));
      return draft.add({ kind, inputs, axis }, []);
    }
    case "constant":
      return draft.add({ kind, constant: weight }, [draft.constant(draft.one([shape, draft.shape()]))]);
    case "batchMatMul":
      return draft.add({ kind, left: input, right: draft.like(input) }, []);
    case "gather": {
      const index = draft.tensor();
      return draft.add({ kind, table: input, index, batchAxes: draft.below(3) }, []);
    }
    case "reshape":
      return draft.add({ kind, input }, [], randomGrouping(draft, shape));
  }
}

/** The same number of elements, factors moved between axes. */
function randomGrouping(draft: Draft, shape: readonly number[]): number[] {
  const factors: number[] = [];
  for (const length of shape) {
    let rest = length;
    for (let factor = 2; rest > 1; factor++) {
      for (; rest % factor === 0; rest /= factor) factors.push(factor);
    }
  }
  const result: number[] = [1];
  for (const factor of factors) {
    if (draft.below(3) > 0 || result.length === 5) result[result.length - 1]! *= factor;
    else result.push(factor);
  }
  return result;
}

/** A valid structure of about `numOperators` operators. */
export function randomStructure(seed: number, numOperators: number): Program {
  const draft = new Draft(seed);
  draft.numInputs = draft.between(1, 2);
  const shape = draft.shape();
  for (let input = 0; input < draft.numInputs; input++) {
    const own = draft.below(2) === 0 ? shape : draft.shape();
    draft.tensors.push({ name: `tensor ${input}`, shape: own, range: draft.range(), scale: 1, zeroPoint: 0 });
  }
  for (let tries = 0; tries < 20 * numOperators && draft.operators.length < numOperators; tries++) {
    tryOperator(draft, draft.one(KINDS));
  }
  const read = new Set(draft.operators.flatMap(inputsOf));
  const unread = [...draft.tensors.keys()].filter((id) => !read.has(id));
  const more = [...draft.tensors.keys()].filter((id) => read.has(id) && draft.below(8) === 0);
  return { ...draft.program(), outputs: [...unread, ...more] };
}
