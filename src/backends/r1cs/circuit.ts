/**
 * What gadgets are written against. One description has two readers: the structure, whose expressions are linear
 * combinations of wires, and the witness, whose expressions are values. Both number wires in the order in which they are
 * asked for, so whatever a gadget decides by must be known to both: ranges, shapes and shifts, never values or lengths.
 */
export interface Term<E> {
  readonly factor: bigint;
  readonly of: E;
}

/** `E`: a linear expression of wires. */
export interface Circuit<E> {
  constant(value: bigint): E;
  /** constant + Σ factor · of. */
  sum(terms: readonly Term<E>[], constant?: bigint): E;
  /** A new wire that nothing constrains yet. `value` gives the honest prover's choice; only the witness calls it. */
  wire(value: (read: (expression: E) => bigint) => bigint): E;
  /** left · right = result. */
  enforce(left: E, right: E, result: E): void;
}

export function add<E>(circuit: Circuit<E>, left: E, right: E): E {
  return circuit.sum([
    { factor: 1n, of: left },
    { factor: 1n, of: right },
  ]);
}

export function subtract<E>(circuit: Circuit<E>, left: E, right: E): E {
  return circuit.sum([
    { factor: 1n, of: left },
    { factor: -1n, of: right },
  ]);
}

/** factor · expression + constant */
export function affine<E>(circuit: Circuit<E>, expression: E, factor: bigint, constant = 0n): E {
  return circuit.sum([{ factor, of: expression }], constant);
}

/** left · right as a new wire: one constraint. */
export function multiply<E>(circuit: Circuit<E>, left: E, right: E): E {
  const product = circuit.wire((read) => read(left) * read(right));
  circuit.enforce(left, right, product);
  return product;
}

/** The expression is 0: one constraint. */
export function enforceZero<E>(circuit: Circuit<E>, expression: E): void {
  circuit.enforce(expression, circuit.constant(1n), circuit.constant(0n));
}

/** A new wire equal to the expression, so that many readers do not each repeat its terms: one constraint. */
export function materialise<E>(circuit: Circuit<E>, expression: E): E {
  const wire = circuit.wire((read) => read(expression));
  enforceZero(circuit, subtract(circuit, expression, wire));
  return wire;
}
