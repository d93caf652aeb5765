/**
 * Builds what src/kernels loads (the WASM module, once for an unshared and once for a shared memory, and the worker
 * script) and the matrix product of src/train, each as text inside a TypeScript file, so that loading is synchronous and
 * needs no file at run time.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { build } from "esbuild";
import { blake3Source } from "./blake3Source.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ASSEMBLY = join(ROOT, "assembly");
const GENERATED = join(ROOT, "src/kernels/generated");
const GENERATED_TRAINING = join(ROOT, "src/train/arithmetic/generated");

/** 4 GiB, what one WebAssembly memory can have. */
const MAXIMUM_PAGES = "65536";

async function compile(flags, entry = "index.ts") {
  let wasm;
  const { error, stderr } = await asc.main(
    [
      entry,
      "--baseDir",
      ASSEMBLY,
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--enable",
      "simd",
      "--importMemory",
      "--disableWarning",
      "112",
    ].concat(flags, ["--outFile", "kernels.wasm"]),
    {
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) wasm = contents;
      },
    },
  );
  if (error) throw new Error(`AssemblyScript: ${error.message}\n${stderr}`);
  return Buffer.from(wasm).toString("base64");
}

async function bundleWorker() {
  const result = await build({
    entryPoints: [join(ROOT, "src/kernels/parallel/workerMain.ts")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "neutral",
    target: "es2022",
  });
  return result.outputFiles[0].text;
}

/** Writes `export const <name>: string = …`. */
function emit(name, text, folder = GENERATED) {
  const contents = `// Written by scripts/buildKernels.mjs.\nexport const ${name}: string =\n  ${JSON.stringify(text)};\n`;
  writeFileSync(join(folder, `${name}.ts`), contents);
}

mkdirSync(GENERATED, { recursive: true });
mkdirSync(GENERATED_TRAINING, { recursive: true });
mkdirSync(join(ASSEMBLY, "generated"), { recursive: true });
writeFileSync(join(ASSEMBLY, "generated/compress.ts"), blake3Source());
emit("unsharedModule", await compile([]));
emit(
  "sharedModule",
  await compile(["--enable", "threads", "--sharedMemory", "--maximumMemory", MAXIMUM_PAGES]),
);
emit("productModule", await compile([], "training/product.ts"), GENERATED_TRAINING);
emit("workerScript", await bundleWorker());
