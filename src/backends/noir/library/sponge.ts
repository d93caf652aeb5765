/** Commitments inside the circuit: packs of integers absorbed by Poseidon2. */
export const SPONGE: string = `// Commitments: integers packed into field elements and hashed after a random salt.
use std::hash::poseidon2_permutation;

/// Poseidon2 as a sponge of three elements at a time, for a list of known length.
pub struct Sponge {
    state: [Field; 4],
    filled: u32,
}

impl Sponge {
    pub fn new(length: Field) -> Self {
        Sponge { state: [0, 0, 0, length * 18446744073709551616], filled: 0 }
    }

    pub fn absorb(&mut self, element: Field) {
        if self.filled == 3 {
            self.state = poseidon2_permutation(self.state);
            self.filled = 0;
        }
        self.state[self.filled] += element;
        self.filled += 1;
    }

    /// Values from lo to lo + 2^WIDTH - 1, EACH of them to an element. The caller proves that they are.
    pub fn absorb_packed<let WIDTH: u32, let EACH: u32, let N: u32>(&mut self, values: [Field; N], lo: Field) {
        let factor = crate::rounding::power::<WIDTH>();
        for first in 0..(N + EACH - 1) / EACH {
            let mut pack = 0;
            for i in 0..EACH {
                let at = first * EACH + (EACH - 1 - i);
                if at < N {
                    pack = pack * factor + (values[at] - lo);
                }
            }
            self.absorb(pack);
        }
    }

    pub fn finish(self) -> Field {
        poseidon2_permutation(self.state)[0]
    }
}
`;
