/** How fast this machine is, next to the one that the unit costs were measured on. Takes a tenth of a second. */
import { createKernels } from "../../kernels/createKernels.ts";
import { extWords } from "../../kernels/extLayout.ts";

/** Of the reference machine: one call of the kernel below. */
const REFERENCE_MS = 0.044;
const LENGTH = 2 ** 13;
/** Long enough for the engine to replace its baseline code, which is half as fast, whatever else keeps it busy. */
const DURATION_MS = 100;

/** 1 on the reference machine, 2 on one twice as fast. */
export function measureSpeed(): number {
  const kernels = createKernels({ threads: 1 });
  const tables = Array.from({ length: 4 }, () => kernels.alloc(extWords(LENGTH)));
  for (const table of tables) kernels.words.fill(0x1234567, table / 4, table / 4 + extWords(LENGTH));
  const [p, q, a, b] = tables;
  let least = Number.POSITIVE_INFINITY;
  const end = performance.now() + DURATION_MS;
  while (performance.now() < end) {
    const started = performance.now();
    kernels.fractionSum(p, q, a, b, LENGTH / 2);
    // Whatever else the machine does only adds to a time.
    least = Math.min(least, performance.now() - started);
  }
  kernels.dispose();
  return REFERENCE_MS / least;
}
