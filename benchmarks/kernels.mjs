/**
 * Throughput of each vector kernel, beside the rate that the feasibility study reached for the same work on one core
 * (4-lane WASM SIMD, Zen 4). Usage: node benchmarks/kernels.mjs [--threads N] [--only NAME]
 */
import { parseArgs } from "node:util";
import { build } from "esbuild";

const { values: options } = parseArgs({
  options: { threads: { type: "string", default: "1" }, only: { type: "string", default: "" } },
});
const ROUNDS = 15;
const P = 2 ** 31 - 1;

/** The kernels, straight from the sources. */
async function loadSources() {
  const entry = `export { createKernels } from "./src/kernels/createKernels.ts";
export { storeLeafTable } from "./src/kernels/leafTable.ts";
export { circleTwiddles } from "./src/code/circle.ts";`;
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

const { createKernels, circleTwiddles, storeLeafTable } = await loadSources();
const kernels = createKernels({ threads: Number(options.threads) });

function array(numWords, fill = () => Math.floor(Math.random() * P)) {
  const ptr = kernels.alloc(numWords);
  const words = kernels.words.subarray(ptr / 4, ptr / 4 + numWords);
  for (let k = 0; k < numWords; k++) words[k] = fill();
  return ptr;
}

/** `run` does `amount` units of work (in millions or MB per call when divided by 10^6). */
function measure(name, size, amount, unit, ceiling, run) {
  const times = [];
  for (let k = 0; k < 5; k++) run();
  const repeats = Math.max(1, Math.ceil(2 / timed(run, 1)));
  for (let k = 0; k < ROUNDS; k++) times.push(timed(run, repeats));
  times.sort((a, b) => a - b);
  const rate = (ms) => (amount / ms / 1000).toFixed(0).padStart(7);
  console.log(
    `${name.padEnd(20)}${size.padEnd(24)}${rate(times[ROUNDS >> 1])}${rate(times[0])}  ${unit.padEnd(18)}${ceiling}`,
  );
}

/** Milliseconds of one call. */
function timed(run, repeats) {
  const start = performance.now();
  for (let k = 0; k < repeats; k++) run();
  return (performance.now() - start) / repeats;
}

const benchmarks = {
  circleEncodeRows() {
    for (const [logN, rows, share] of [
      [12, 64, 1],
      [13, 64, 0.26],
      [13, 64, 1],
      [15, 64, 0.26],
      [16, 16, 1],
    ]) {
      const n = 2 ** logN;
      const count = Math.floor(n * share);
      const stride = n + 16;
      const twiddles = kernels.alloc(n);
      kernels.words.set(circleTwiddles(logN), twiddles / 4);
      const source = array(rows * n);
      const target = kernels.alloc(rows * stride);
      measure(
        "circleEncodeRows",
        `${rows} × 2^${logN}, k = ${count}`,
        (rows * n * logN) / 2,
        "M butterflies/s",
        "1940-2460",
        () => kernels.circleEncodeRows(target, stride, source, n, rows, count, logN, twiddles),
      );
    }
  },
  merkleLeaves() {
    for (const [rows, n] of [
      [16, 8192],
      [240, 8192],
      [1000, 8192],
    ]) {
      for (const stride of [n, n + 16]) {
        const matrix = array(rows * stride);
        const salts = array(8 * n);
        const key = array(8);
        const target = kernels.alloc(8 * n);
        measure(
          "merkleLeaves",
          `${rows} × ${n}, stride ${stride}`,
          n * (64 + 4 * rows),
          "MB/s",
          "2120-2160",
          () => kernels.merkleLeaves(target, matrix, stride, rows, n, salts, 1, key),
        );
      }
    }
  },
  merkleNodes() {
    const source = array(16 * 8192);
    const key = array(8);
    const target = kernels.alloc(8 * 8192);
    measure("merkleNodes", "8192", 8192 * 64, "MB/s", "2010", () =>
      kernels.merkleNodes(target, source, 8192, key),
    );
  },
  grind() {
    const state = array(8);
    const key = array(8);
    measure("grind", "2^16 nonces", 65536 * 1000, "k nonces/s", "31 400", () =>
      kernels.grind(state, 30, 0, 65536, key),
    );
  },
  xofWords() {
    const key = array(8);
    const target = kernels.alloc(2 ** 18);
    measure("xofWords", "1 MiB", 2 ** 20, "MB/s", "2010", () => kernels.xofWords(target, 2 ** 18, key, 0));
  },
  maskToField() {
    const target = array(2 ** 16);
    measure("maskToField", "256 KiB", 2 ** 18, "MB/s", "", () => kernels.maskToField(target, 2 ** 16));
  },
  combineRows() {
    for (const [rows, length, stride] of [
      [128, 2048, 2064],
      [1024, 2048, 2048],
      [1024, 2048, 2064],
    ]) {
      const matrix = array(rows * stride);
      const coefficients = array(4 * rows);
      const target = kernels.alloc(4 * length);
      measure(
        "combineRows",
        `${rows} × ${length}, stride ${stride}`,
        rows * length,
        "M entries/s",
        "270-1390",
        () => kernels.combineRows(target, matrix, stride, rows, coefficients, length),
      );
    }
  },
  combineRowsOfSmallIntegers() {
    for (const [rows, length, stride] of [
      [512, 1024, 1024],
      [4096, 2048, 2048],
      [4096, 2048, 2080],
    ]) {
      const matrix = array(rows * stride, () => 254);
      const coefficients = array(4 * rows);
      const target = kernels.alloc(4 * length);
      measure(
        "combineRows, small integers",
        `${rows} × ${length}, stride ${stride}`,
        rows * length,
        "M entries/s",
        "4440",
        () => kernels.combineRows(target, matrix, stride, rows, coefficients, length),
      );
    }
  },
};

for (const [label, n] of [
  ["2^13", 2 ** 13],
  ["2^20", 2 ** 20],
]) {
  Object.assign(benchmarks, {
    [`tables ${label}`]() {
      const out = kernels.alloc(8);
      const scalar = array(4);
      const base = array(n);
      const [a, b, c, d, e] = Array.from({ length: 5 }, () => array(4 * n));
      const target = kernels.alloc(4 * n);
      const target2 = kernels.alloc(4 * n);
      for (const length of [16, 256]) {
        measure("rowDots", `${label}, rows of ${length}`, n, "M terms/s", "", () =>
          kernels.rowDots(target, base, length, n / length, a, length),
        );
      }
      measure("dotBaseExt", label, n, "M terms/s", "", () => kernels.dotBaseExt(out, base, a, n));
      measure("dotExt", label, n, "M terms/s", "190-242", () => kernels.dotExt(out, a, b, n));
      measure("extMulAdd", label, n, "M elements/s", "190-242", () =>
        kernels.extMulAdd(target, a, b, scalar, n),
      );
      measure("eqExpand", label, n / 2, "M sources/s", "190-242", () =>
        kernels.eqExpand(target, a, n / 2, scalar),
      );
      measure("extFold", label, n / 2, "M outputs/s", "179-218", () =>
        kernels.extFold(target, a, n / 2, scalar),
      );
      measure("productRound", label, n / 2, "M pairs/s", "125-136", () =>
        kernels.productRound(out, a, b, n / 2),
      );
      const one = [1, 0, 0, 0];
      for (const columns of [[base], [base, base, base, base]]) {
        const section = { offset: 0, size: n, constant: one, columns, multiplicities: 0 };
        const table = storeLeafTable(kernels, {
          sections: [{ ...section, levels: [{ stride: 1, length: n }] }],
          dummy: n,
          delta: one,
          factors: [one, one, one, one],
        });
        measure("lookupLeaves", `${label}, columns: ${columns.length}`, n, "M elements/s", "788", () =>
          kernels.lookupLeaves(target2, target, 0, n, table),
        );
      }
      measure("fractionSum", label, n / 2, "M outputs/s", "63-80 (3 mult)", () =>
        kernels.fractionSum(target, target2, a, b, n / 2),
      );
      measure("gkrRound", label, n / 2, "M indices/s", "32-40 (6 mult)", () =>
        kernels.gkrRound(out, e, a, b, c, d, n / 2),
      );
      measure("fractionRound", label, n / 2, "M indices/s", "32-40 (6 mult)", () =>
        kernels.fractionRound(out, base, e, 512, a, b, c, d, n / 2),
      );
      measure("fractionFoldRound", label, n / 4, "M indices/s", "14-17 (14 mult)", () =>
        kernels.fractionFoldRound(out, base, e, 512, a, b, c, d, n / 4, scalar),
      );
      measure("leafFractionSum", label, n / 2, "M outputs/s", "", () =>
        kernels.leafFractionSum(target, target2, base, b, n / 2),
      );
    },
  });
}

console.log(
  `${kernels.threads} thread(s); million units per second: median, best of ${ROUNDS}; one core in the study`,
);
for (const [name, run] of Object.entries(benchmarks)) {
  if (!name.includes(options.only)) continue;
  const mark = kernels.mark();
  run();
  kernels.release(mark);
}
kernels.dispose();
