import { circleTwiddles } from "../code/circle.ts";
import { ONE } from "../field/ext.ts";
import { extWords } from "./extLayout.ts";
import type { KernelSet } from "./kernelSet.ts";
import { storeLeafTable } from "./leafTable.ts";

/**
 * Elements per call. V8 compiles a function anew, with optimisation and in the background, once it has executed about
 * 1.8 MB of its code; a loop over a thousand lines is enough for all of them.
 */
const LENGTH = 8192;
const LOG_N = 9;

/**
 * Runs every kernel on zeros, so that the engine optimises them while the caller does something else (reading a model,
 * say). Takes 4 to 12 ms; without it the first call of a kernel costs up to 3 ms more.
 */
export function warmUp(kernels: KernelSet): void {
  const mark = kernels.mark();
  const table = (): number => kernels.alloc(extWords(LENGTH));
  const [a, b, c, d] = [table(), table(), table(), table()];
  const scalars = kernels.alloc(64);
  const twiddles = kernels.alloc(2 ** LOG_N);
  kernels.words.set(circleTwiddles(LOG_N), twiddles / 4);
  const half = LENGTH / 2;
  kernels.circleEncodeRows(a, 2 ** LOG_N, b, 2 ** LOG_N, 16, 2 ** LOG_N, LOG_N, twiddles);
  kernels.merkleLeaves(a, b, 1024, 16, 512, c, 0, scalars);
  kernels.merkleNodes(a, b, 512, scalars);
  kernels.grind(scalars, 30, 0, 512, scalars);
  kernels.xofWords(a, LENGTH, scalars, 0);
  kernels.maskToField(a, 4 * LENGTH);
  kernels.words.fill(0, a / 4, a / 4 + 4 * LENGTH);
  kernels.combineRows(a, b, 1024, 16, c, 1024);
  kernels.combineExtRows(a, b, 256, 16, c, 256);
  kernels.rowDots(a, b, 64, 256, c, 64);
  kernels.dotBaseExt(scalars, a, b, LENGTH);
  kernels.dotExt(scalars, a, b, LENGTH);
  kernels.extMulAdd(a, b, c, scalars, LENGTH);
  kernels.eqExpand(a, b, half, scalars);
  kernels.extFold(a, b, half, scalars);
  kernels.productRound(scalars, a, b, half);
  for (const columns of [[b], [b, c]]) {
    const levels = [{ stride: 1, length: LENGTH }];
    const section = { offset: 0, size: LENGTH, constant: ONE, columns, multiplicities: 0, levels };
    const factors = [ONE, ONE, ONE, ONE];
    const leaves = storeLeafTable(kernels, { sections: [section], dummy: LENGTH, delta: ONE, factors });
    kernels.lookupLeaves(d, a, 0, LENGTH, leaves);
  }
  kernels.fractionSum(a, b, c, c, half);
  kernels.gkrRound(scalars, a, b, b, c, c, half);
  kernels.leafFractionSum(a, b, c, c, half);
  kernels.extFromBase(a, b, LENGTH);
  kernels.fractionRound(scalars, scalars, a, half, a, b, b, c, half);
  kernels.fractionFoldRound(scalars, scalars, a, half / 2, a, b, b, c, half / 2, scalars);
  kernels.release(mark);
}
