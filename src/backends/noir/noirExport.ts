/** A Noir package for readers and Noir's own tools: outputs are what `main` returns, inputs are private unless asked otherwise. */
import type { Program } from "../../program/program.ts";
import { noirProject } from "./noirProject.ts";
import { noirScripts } from "./noirScripts.ts";
import { fieldElements } from "./runInputs.ts";

export interface NoirPackage {
  /** Text by path inside the package. */
  readonly files: ReadonlyMap<string, string>;
  /** By input of the program: the parameter of `main`. */
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
}

/** @throws TensorproofError `program.*`, `backend.unsupported` */
export function noirExport(
  program: Program,
  { input }: { readonly input: "public" | "private" },
): NoirPackage {
  const visibilities = { input, weights: "public", output: "public" } as const;
  const { files, names } = noirProject(program, { visibilities, batch: 1, bindsStatement: false });
  const inputNames = program.inputs.map((id) => names.tensors[id]);
  const outputNames = names.outputs;
  return {
    files: new Map([...files, ...noirScripts(program, inputNames, outputNames)]),
    inputNames,
    outputNames,
  };
}

/** The text of `Prover.toml` for one sample. @param inputs by input of the program */
export function noirInput(
  { inputNames }: Pick<NoirPackage, "inputNames">,
  inputs: readonly Int32Array[],
): string {
  const lines = inputNames.map((name, i) => {
    const values = fieldElements(inputs[i]).map((value) => `"${value}"`);
    return `${name} = [${values.join(", ")}]\n`;
  });
  return lines.join("");
}
