/** The scripts and the page that lead through a Noir package. */
import type { Program } from "../../program/program.ts";

const COMPILE = `#!/bin/sh
# src/ -> target/model.json, and its gates.
set -e
cd "$(dirname "$0")/.."
nargo compile
bb gates -b target/model.json -t evm
`;

const PROVE = `#!/bin/sh
# Prover.toml -> target/proof, target/public_inputs and target/vk. The first time, bb fetches Aztec's reference string.
set -e
cd "$(dirname "$0")/.."
nargo execute witness
bb prove -b target/model.json -w target/witness.gz -o target --write_vk -t evm
`;

const VERIFY = `#!/bin/sh
# Whether target/proof proves target/public_inputs.
set -e
cd "$(dirname "$0")/.."
bb verify -p target/proof -k target/vk -i target/public_inputs -t evm
`;

function readme(program: Program, inputNames: readonly string[], outputNames: readonly string[]): string {
  const row = (name: string, id: number): string => {
    const { shape, quant, range } = program.tensors[id];
    return `| \`${name}\` | [${shape}] | ${range.lo} … ${range.hi} | ${quant.scale} · (q − ${quant.zeroPoint}) |`;
  };
  const rows = [
    ...program.inputs.map((id, i) => row(inputNames[i], id)),
    ...program.outputs.map((id, i) => row(outputNames[i], id)),
  ];
  return `# ${program.name.replace(/\s+/g, " ")}

A neural network as a Noir package, written by tensorproof. The circuit computes integers, exactly as the integer program
does; whatever an unconstrained function returns is bound by ranges, so that no other output has a proof.

| array | shape | integers | real value |
|---|---|---|---|
${rows.join("\n")}

\`\`\`sh
sh scripts/compile.sh    # with nargo 1.0.0-beta.26 and bb 5.0.0
sh scripts/prove.sh      # the sample in Prover.toml
sh scripts/verify.sh
\`\`\`

\`main\` returns the outputs, in this order. The weights in \`src/weights.nr\` are constants of the circuit: whoever has it can
read them. A negative number −x is the field element r − x, r the order of BN254's scalar field.
`;
}

export function noirScripts(
  program: Program,
  inputNames: readonly string[],
  outputNames: readonly string[],
): (readonly [string, string])[] {
  return [
    ["scripts/compile.sh", COMPILE],
    ["scripts/prove.sh", PROVE],
    ["scripts/verify.sh", VERIFY],
    ["README.md", readme(program, inputNames, outputNames)],
  ];
}
