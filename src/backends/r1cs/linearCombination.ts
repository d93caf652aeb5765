/** constant + Σ coefficients[i] · wire wires[i]. A wire may occur more than once; `merged` adds such terms up. */
export interface LinearCombination {
  readonly wires: readonly number[];
  readonly coefficients: readonly bigint[];
  readonly constant: bigint;
}

/** Wire 0 is the constant 1. */
export const ONE_WIRE = 0;

export function constantCombination(constant: bigint): LinearCombination {
  return { wires: [], coefficients: [], constant };
}

/** Terms by wire, ascending, each wire once and none with factor 0; the constant as wire 0. */
export function merged(
  combination: LinearCombination,
  reduce: (value: bigint) => bigint,
): { readonly wires: readonly number[]; readonly coefficients: readonly bigint[] } {
  const { wires, coefficients, constant } = combination;
  const order = wires.map((_, i) => i).sort((a, b) => wires[a] - wires[b]);
  const outWires: number[] = [];
  const outCoefficients: bigint[] = [];
  const push = (wire: number, value: bigint): void => {
    const coefficient = reduce(value);
    if (coefficient === 0n) return;
    outWires.push(wire);
    outCoefficients.push(coefficient);
  };
  push(ONE_WIRE, constant);
  for (let at = 0; at < order.length; ) {
    const wire = wires[order[at]];
    let sum = 0n;
    for (; at < order.length && wires[order[at]] === wire; at++) sum += coefficients[order[at]];
    push(wire, sum);
  }
  return { wires: outWires, coefficients: outCoefficients };
}
