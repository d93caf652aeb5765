/**
 * What each kernel reaches at its best on this machine now: operands in the second-level cache, calls long enough to
 * be optimised, one thread. A step's ceiling is the time that its kernels' work would take at these rates. Measured in the same
 * process as the proof, so that ratios to it compare between machines.
 */
import { library } from "../models/library.mjs";

const { circleTwiddles } = await library("code/circle.js");
const { storeLeafTable } = await library("kernels/leafTable.js");

const P = 2 ** 31 - 1;
const LENGTH = 2 ** 12;
const LOG_N = 12;

/** Work of a call in the kernel's own unit; the arguments are KernelSet's. */
const AMOUNTS = {
  circleEncodeRows: ([, , , , rows, , logN]) => (rows * logN * 2 ** logN) / 2,
  merkleLeaves: ([, , , rows, n]) => n * (1 + Math.ceil(rows / 16)),
  merkleNodes: ([, , count]) => count,
  grind: null,
  xofWords: ([, numWords]) => numWords,
  maskToField: ([, numWords]) => numWords,
  combineRows: ([, , , rows, , length]) => rows * length,
  combineExtRows: ([, , , rows, , length]) => rows * length,
  rowDots: ([, , , rows, , length]) => rows * length,
  dotBaseExt: ([, , , length]) => length,
  dotExt: ([, , , length]) => length,
  extMulAdd: ([, , , , length]) => length,
  eqExpand: ([, , length]) => length,
  extFold: ([, , half]) => half,
  productRound: ([, , , half]) => half,
  lookupLeaves: ([, , , count]) => count,
  fractionSum: (args) => args[4],
  gkrRound: (args) => args[6],
  leafFractionSum: (args) => args[4],
  extFromBase: ([, , length]) => length,
  fractionRound: (args) => args[8],
  fractionFoldRound: (args) => args[8],
};

/** Grinding ends by chance: its work cannot be told from its arguments. */
export function amountOf(name, args) {
  return AMOUNTS[name]?.(args) ?? 0;
}

/** Milliseconds per unit, by kernel. */
export function measureCeilings(kernels) {
  const mark = kernels.mark();
  const array = (numWords) => {
    const ptr = kernels.alloc(numWords);
    for (let k = 0; k < numWords; k++) kernels.words[ptr / 4 + k] = Math.floor(Math.random() * P);
    return ptr;
  };
  const table = () => array(4 * LENGTH);
  const [a, b, c, d, e, f] = Array.from({ length: 6 }, table);
  const out = array(16);
  const scalar = array(8);
  const n = 2 ** LOG_N;
  const twiddles = kernels.alloc(n);
  kernels.words.set(circleTwiddles(LOG_N), twiddles / 4);
  const rows = array(16 * n);
  const symbols = array(16 * (n + 16));
  const half = LENGTH / 2;
  const base = array(LENGTH);
  const numerators = array(LENGTH);
  const ONE = [1, 0, 0, 0];
  const section = {
    offset: 0,
    size: LENGTH,
    constant: ONE,
    columns: [base],
    multiplicities: 0,
    levels: [{ stride: 1, length: LENGTH }],
  };
  const leaves = storeLeafTable(kernels, {
    sections: [section],
    dummy: LENGTH,
    delta: ONE,
    factors: [ONE, ONE, ONE, ONE],
  });
  const calls = {
    circleEncodeRows: [symbols, n + 16, rows, n, 16, n / 4, LOG_N, twiddles],
    merkleLeaves: [a, symbols, n + 16, 16, 1024, b, 1, scalar],
    merkleNodes: [a, b, 1024, scalar],
    xofWords: [a, 4 * LENGTH, scalar, 0],
    maskToField: [a, 4 * LENGTH],
    combineRows: [a, rows, 1040, 32, b, 1024],
    combineExtRows: [a, b, 256, 16, c, 256],
    rowDots: [a, rows, 512, 64, b, 512],
    dotBaseExt: [out, base, a, LENGTH],
    dotExt: [out, a, b, LENGTH],
    extMulAdd: [a, b, c, scalar, LENGTH],
    eqExpand: [a, b, half, scalar],
    extFold: [a, b, half, scalar],
    productRound: [out, a, b, half],
    lookupLeaves: [numerators, a, 0, LENGTH, leaves],
    fractionSum: [a, b, c, d, half],
    gkrRound: [out, e, a, b, c, d, half],
    leafFractionSum: [a, b, base, c, half],
    extFromBase: [a, base, LENGTH],
    fractionRound: [out, f, e, 512, a, b, c, d, half],
    fractionFoldRound: [out, f, e, 512, a, b, c, d, half / 2, scalar],
  };
  const ceilings = {};
  for (const [name, args] of Object.entries(calls)) {
    ceilings[name] = leastMs(() => kernels[name](...args)) / amountOf(name, args);
  }
  kernels.release(mark);
  return ceilings;
}

/** The least of many: what others do on the machine only ever adds. */
function leastMs(run) {
  for (let k = 0; k < 20; k++) run();
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 60; k++) {
    const started = performance.now();
    run();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}
