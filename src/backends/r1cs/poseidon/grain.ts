/**
 * The generator of Poseidon's constants: Grain in self-shrinking mode (Grassi, Khovratovich, Rechberger, Roy, Schofnegger:
 * "Poseidon", appendix F). Nobody chose the constants, anybody can compute them.
 */
import { FIELD_ORDER } from "../scalarField.ts";

const STATE_BITS = 80;
const TAPS = [62, 51, 38, 23, 13, 0];
const WARM_UP = 160;
const FIELD_BITS = 254;

export interface PoseidonShape {
  /** Number of field elements of the state. */
  readonly width: number;
  readonly fullRounds: number;
  readonly partialRounds: number;
}

function initialState({ width, fullRounds, partialRounds }: PoseidonShape): Uint8Array {
  // A prime field; the S-box x^alpha; bits of the field; width; rounds; then ones.
  const fields = [
    [1, 2],
    [0, 4],
    [FIELD_BITS, 12],
    [width, 12],
    [fullRounds, 10],
    [partialRounds, 10],
  ];
  const state = new Uint8Array(STATE_BITS).fill(1);
  let at = 0;
  for (const [value, count] of fields) {
    for (let bit = count - 1; bit >= 0; bit--) state[at++] = (value >> bit) & 1;
  }
  return state;
}

export class Grain {
  /** A ring: the oldest bit stands at `start`. */
  private readonly state: Uint8Array;
  private start = 0;

  constructor(shape: PoseidonShape) {
    this.state = initialState(shape);
    for (let i = 0; i < WARM_UP; i++) this.step();
  }

  /** The next residue, others being passed over. */
  element(): bigint {
    for (;;) {
      const value = this.number();
      if (value < FIELD_ORDER) return value;
    }
  }

  /** The next 254 bits, highest first; may be above the field's order. */
  number(): bigint {
    let digits = "0b";
    for (let i = 0; i < FIELD_BITS; i++) digits += this.bit();
    return BigInt(digits);
  }

  private bit(): number {
    for (;;) {
      const keeps = this.step();
      const bit = this.step();
      if (keeps === 1) return bit;
    }
  }

  private step(): number {
    const { state, start } = this;
    let bit = 0;
    for (const tap of TAPS) bit ^= state[(start + tap) % STATE_BITS];
    state[start] = bit;
    this.start = (start + 1) % STATE_BITS;
    return bit;
  }
}
