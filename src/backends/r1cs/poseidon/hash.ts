/** Poseidon of 16 field elements, and of any number of them as a chain: three constraints per S-box. */
import { type Circuit, multiply } from "../circuit.ts";
import { POSEIDON_SHAPE, poseidonParameters } from "./parameters.ts";
import { type Form, type SboxForms, sboxForms } from "./sboxForms.ts";

let known: SboxForms | null = null;

function forms(): SboxForms {
  known ??= sboxForms(poseidonParameters(POSEIDON_SHAPE));
  return known;
}

function evaluate<E>(circuit: Circuit<E>, form: Form, sources: readonly E[]): E {
  const terms = form.sources.map((source, i) => ({ factor: form.factors[i], of: sources[source] }));
  return circuit.sum(terms, form.constant);
}

/** The fifth power. */
function sbox<E>(circuit: Circuit<E>, input: E): E {
  const square = multiply(circuit, input, input);
  return multiply(circuit, input, multiply(circuit, square, square));
}

/** The hash of exactly 16 elements: 612 constraints. */
export function poseidon<E>(circuit: Circuit<E>, inputs: readonly E[]): E {
  const { numInputs, sboxes, hash } = forms();
  if (inputs.length !== numInputs)
    throw new RangeError(`expected ${numInputs} elements, got ${inputs.length}`);
  const sources = [...inputs];
  for (const form of sboxes) sources.push(sbox(circuit, evaluate(circuit, form, sources)));
  return evaluate(circuit, hash, sources);
}

/**
 * The hash of a chain: what came before and 15 further elements at a time, the last ones filled up with 0. Binding for lists
 * of one length, which every circuit fixes; hiding where the first element is a random salt.
 */
export function poseidonChain<E>(circuit: Circuit<E>, elements: readonly E[]): E {
  const step = POSEIDON_SHAPE.width - 2;
  let [state] = elements;
  for (let at = 1; at === 1 || at < elements.length; at += step) {
    const block = elements.slice(at, at + step);
    while (block.length < step) block.push(circuit.constant(0n));
    state = poseidon(circuit, [state, ...block]);
  }
  return state;
}
