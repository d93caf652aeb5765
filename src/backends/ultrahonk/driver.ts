/**
 * What runs in a Node process of its own, so that it can be ended: Noir's compiler and its witness generator. Arguments:
 * the step and the folder to import packages from; files are read from and written to the process's own folder.
 */
export const DRIVER: string = `
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
const fail = (error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
};
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
const [step, base] = process.argv.slice(1);
const packages = createRequire(base);
if (step === "compile") {
  const { compile, createFileManager } = packages("@noir-lang/noir_wasm");
  const quiet = () => {};
  const { program } = await compile(createFileManager(process.cwd()), process.cwd(), quiet, quiet);
  const { abi, bytecode, noir_version, hash } = program;
  writeFileSync("program.json", JSON.stringify({ noir_version, hash, abi, bytecode }));
} else {
  const { Noir } = packages("@noir-lang/noir_js");
  const inputs = JSON.parse(readFileSync("inputs.json", "utf8"));
  const noir = new Noir({ debug_symbols: "", file_map: {}, ...JSON.parse(readFileSync("program.json", "utf8")) });
  const { witness, returnValue } = await noir.execute(inputs);
  writeFileSync("witness.gz", witness);
  writeFileSync("outputs.json", JSON.stringify(returnValue ?? null));
}
`;
