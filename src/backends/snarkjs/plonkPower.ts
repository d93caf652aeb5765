/** How many gates snarkjs makes of our constraints: long combinations are split, which only it knows how. */

import { insecurePtau } from "../ptau/insecurePtau.ts";
import { memoryFile, type Snarkjs } from "./snarkjs.ts";

/** The message in which snarkjs refuses powers of tau as too few. */
const TOO_FEW = /(\d+) > 2\*\*0/;

/** Number of gates, asked for with powers of tau of no size at all. */
export async function countGates(snarkjs: Snarkjs, r1cs: Uint8Array): Promise<number> {
  let gates: number | null = null;
  const listen = (text: string): void => {
    const found = TOO_FEW.exec(text);
    if (found !== null) gates = Number(found[1]);
  };
  const ignore = (): void => {};
  const none = insecurePtau({ power: 0, numPowers: 1, forGroth16: false });
  await snarkjs.plonk.setup(memoryFile(r1cs), memoryFile(none), memoryFile(), {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: listen,
  });
  if (gates === null) throw new Error("snarkjs did not say how many gates the circuit has; is it 0.7.6?");
  return gates;
}
