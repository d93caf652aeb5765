/** What a proof system is, in words and as --json shows it. */
import type { BackendCapabilities } from "../../backends/capabilities.ts";
import type { ProofBackend } from "../../backends/proofBackend.ts";
import type { Reporter } from "../reporter.ts";
import type { TensorJson } from "../results.ts";

const SETUPS: Readonly<Record<BackendCapabilities["trustedSetup"], string>> = {
  none: "no trusted setup",
  universal: "a trusted setup that serves all circuits",
  perCircuit: "a trusted setup for every circuit",
};

export function capabilitiesText(name: string, capabilities: BackendCapabilities): string {
  const { trustedSetup, zeroKnowledge, hidesInputs, hidesWeights, postQuantum, onChain } = capabilities;
  const parts = (["inputs", "weights"] as const).filter((part) =>
    part === "inputs" ? hidesInputs : hidesWeights,
  );
  return [
    SETUPS[trustedSetup],
    zeroKnowledge && parts.length > 0 ? `can hide ${parts.join(" and ")}` : "hides nothing",
    postQuantum ? "no quantum attack is known" : "a large quantum computer could forge",
    onChain ? "contracts on chain can verify it" : "not verified on chain at a usual cost",
    `${capabilities.securityBits} bits of security if ${capabilities.trust}`,
    capabilities.arithmetic === "exact" ? "proves the program bit for bit" : "quantises the model by itself",
    ...(capabilities.needsNetwork ? ["needs the network"] : []),
    ...(capabilities.peer === null ? [] : [`${capabilities.peer}, licence ${capabilities.licence}`]),
  ].reduce((text, part, at) => (at === 0 ? `${name}: ${part}` : `${text}; ${part}`), "");
}

/** What the reader of anything made or judged with this key must know. */
export function keyWarnings(backend: ProofBackend, verificationKey: Uint8Array): readonly string[] {
  return backend.keyWarnings?.(verificationKey) ?? [];
}

/** Warnings are no progress: they stand in the result, whatever its form. */
export function withWarnings(text: string, warnings: readonly string[]): string {
  return [text, ...warnings.map((warning) => `WARNING: ${warning}`)].join("\n");
}

export function announce(reporter: Reporter, { name, capabilities }: ProofBackend): void {
  reporter.progress(capabilitiesText(name, capabilities));
}

/** Outputs of a backend with an arithmetic of its own have no name in the program. */
export function ownTensor(count: number, index: number, values: Float64Array): Omit<TensorJson, "integers"> {
  return { name: count === 1 ? "output" : `output ${index}`, shape: [values.length], data: [...values] };
}
