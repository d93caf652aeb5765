/**
 * What integer inference costs at best, to compare proving with: the multiply-accumulates of the program at the rate of
 * an int8 inner product in WASM SIMD (operands in the first-level cache, one thread). That is a bound from below, no runtime's
 * measured time: it leaves out rounding, layout and memory, and AVX-512 or AMX would be several times faster.
 */
import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";

const LENGTH = 4096;
const REPEATS = 2000;

/** Million multiply-accumulates per second. */
export async function int8Rate() {
  const { int8Dot } = await compile();
  for (let k = 0; k < REPEATS; k++) int8Dot(0, LENGTH, LENGTH);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 15; round++) {
    const started = performance.now();
    for (let k = 0; k < REPEATS; k++) int8Dot(0, LENGTH, LENGTH);
    least = Math.min(least, performance.now() - started);
  }
  return (LENGTH * REPEATS) / least / 1000;
}

async function compile() {
  let wasm;
  const source = readFileSync(new URL("./int8Dot.ts", import.meta.url), "utf8");
  const { error, stderr } = await asc.main(
    [
      "int8Dot.ts",
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--enable",
      "simd",
      "--initialMemory",
      "1",
      "--outFile",
      "dot.wasm",
    ],
    {
      readFile: (name) => (name === "int8Dot.ts" ? source : null),
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) wasm = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`AssemblyScript: ${error.message}\n${stderr}`);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: { abort() {} } });
  return exports;
}
