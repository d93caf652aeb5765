/** The scripts and the page that lead through a Circom project. */
import type { Program } from "../../program/program.ts";

const CIRCOM = "circom2@0.2.23";
const SNARKJS = "snarkjs@0.7.6";

const COMPILE = `#!/bin/sh
# circuit.circom -> build/circuit.r1cs and the witness generator build/circuit_js.
set -e
cd "$(dirname "$0")/.."
mkdir -p build
npx --yes ${CIRCOM} circuit.circom --r1cs --wasm --O2 -o build
npx --yes ${SNARKJS} r1cs info build/circuit.r1cs
`;

const KEYS = `#!/bin/sh
# Keys of Groth16 from the powers of tau of a ceremony: scripts/keys.sh powers.ptau
# Add contributions of others before anybody relies on these keys: whoever made them all can forge.
set -e
ptau="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
cd "$(dirname "$0")/.."
npx --yes ${SNARKJS} groth16 setup build/circuit.r1cs "$ptau" build/initial.zkey
npx --yes ${SNARKJS} zkey contribute build/initial.zkey build/circuit.zkey --name="first" -e="$(head -c 64 /dev/urandom | od -An -tx1 | tr -d ' \\n')"
npx --yes ${SNARKJS} zkey export verificationkey build/circuit.zkey build/verification_key.json
`;

const PROVE = `#!/bin/sh
# input.json -> build/proof.json and build/public.json.
set -e
cd "$(dirname "$0")/.."
node build/circuit_js/generate_witness.js build/circuit_js/circuit.wasm input.json build/witness.wtns
npx --yes ${SNARKJS} wtns check build/circuit.r1cs build/witness.wtns
npx --yes ${SNARKJS} groth16 prove build/circuit.zkey build/witness.wtns build/proof.json build/public.json
`;

const VERIFY = `#!/bin/sh
# Whether build/proof.json proves build/public.json.
set -e
cd "$(dirname "$0")/.."
npx --yes ${SNARKJS} groth16 verify build/verification_key.json build/public.json build/proof.json
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

A neural network as a Circom circuit, written by tensorproof. The circuit computes integers, exactly as the integer program
does; every rounding is bound by bits, so that no other output has a proof.

| signal | shape | integers | real value |
|---|---|---|---|
${rows.join("\n")}

\`\`\`sh
sh scripts/compile.sh              # circuit.circom, with circom2
sh scripts/keys.sh powers.ptau     # keys, from the powers of tau of a ceremony
sh scripts/prove.sh                # input.json
sh scripts/verify.sh
\`\`\`

The weights in \`weights.circom\` are constants of the circuit: whoever has the circuit or the proving key can read them.
Negative numbers are field elements: \`public.json\` shows −x as the order of BN254's scalar field minus x.
circom2 and snarkjs are GPL-3.0 and are fetched by the scripts; nothing of them is part of these files.
`;
}

export function projectScripts(
  program: Program,
  inputNames: readonly string[],
  outputNames: readonly string[],
): (readonly [string, string])[] {
  return [
    ["scripts/compile.sh", COMPILE],
    ["scripts/keys.sh", KEYS],
    ["scripts/prove.sh", PROVE],
    ["scripts/verify.sh", VERIFY],
    ["README.md", readme(program, inputNames, outputNames)],
  ];
}
