/** What speaks for and against each system: computed from its capabilities and rows, never written by hand. */
import type { BackendCapabilities } from "../backends/capabilities.ts";
import type { Results } from "../bench/results.ts";
import type { Comparison } from "./comparison.ts";
import { METRICS } from "./metrics.ts";
import { formatRatio } from "./units.ts";

export interface Assessment {
  readonly system: string;
  readonly trust: string;
  readonly pros: readonly string[];
  readonly cons: readonly string[];
}

interface Remark {
  readonly isPro: boolean;
  readonly text: string;
}

/** From here on a difference is worth a sentence. */
const WORTH_SAYING = 1.5;

function remark(isPro: boolean, pro: string, con: string): Remark {
  return { isPro, text: isPro ? pro : con };
}

function capabilityRemarks(capabilities: BackendCapabilities): Remark[] {
  const { trustedSetup, hidesWeights, hidesInputs, postQuantum, onChain, needsNetwork, licence, peer } =
    capabilities;
  const setup = trustedSetup === "perCircuit" ? "a ceremony for every model" : "a universal ceremony";
  return [
    remark(trustedSetup === "none", "no trusted setup", `needs ${setup}: whoever knows its secret can forge`),
    remark(hidesInputs, "hides inputs", "cannot hide inputs"),
    remark(hidesWeights, "hides weights", "cannot hide weights"),
    remark(postQuantum, "no quantum attack is known", "a large quantum computer could forge"),
    remark(onChain, "a contract on chain can verify it", "no verification on chain at a usual cost"),
    remark(capabilities.arithmetic === "exact", "proves the program bit for bit", "quantises by itself"),
    ...(needsNetwork ? [remark(false, "", "needs the network")] : []),
    ...(licence.startsWith("GPL") ? [remark(false, "", `licence ${licence}`)] : []),
    ...(peer === null ? [remark(true, "part of this package", "")] : []),
  ];
}

function measuredRemarks(system: string, { systems, ratios }: Comparison): Remark[] {
  if (systems.length < 2) return [];
  return METRICS.flatMap(({ id, label, best }): Remark[] => {
    const own = ratios.get(id)?.get(system);
    const others = systems.filter((name) => name !== system).map((name) => ratios.get(id)?.get(name) ?? 1);
    if (own === undefined) return [];
    const next = Math.min(...others) / own;
    if (next >= WORTH_SAYING)
      return [{ isPro: true, text: `${best}: the next needs ${formatRatio(next)} as much` }];
    return own >= WORTH_SAYING
      ? [{ isPro: false, text: `${label} ${formatRatio(own)} that of the best` }]
      : [];
  });
}

/** Failures count against a system, but not what is merely not installed. */
function failureRemarks(system: string, { rows }: Results): Remark[] {
  const own = rows.filter(({ backend }) => backend === system);
  const failures = own.flatMap((row) => (row.outcome === "failed" ? [row.failure.kind] : []));
  return [...new Set(failures)].map((kind) => {
    const count = failures.filter((other) => other === kind).length;
    return { isPro: false, text: `${count} of ${own.length} measurements failed: ${kind}` };
  });
}

export function assessSystems(results: Results, comparison: Comparison): Assessment[] {
  return Object.entries(results.backends).map(([system, capabilities]) => {
    const remarks = [
      ...capabilityRemarks(capabilities),
      ...measuredRemarks(system, comparison),
      ...failureRemarks(system, results),
    ];
    const texts = (isPro: boolean): string[] =>
      remarks.filter((one) => one.isPro === isPro).map(({ text }) => text);
    return { system, trust: capabilities.trust, pros: texts(true), cons: texts(false) };
  });
}
