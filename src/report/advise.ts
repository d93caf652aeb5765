/** Which system fits a reader's needs. The page embeds this very function as text, so it may use nothing from outside. */

export interface AdvisedSystem {
  readonly name: string;
  readonly hidesWeights: boolean;
  readonly onChain: boolean;
  readonly trustedSetup: string;
  readonly postQuantum: boolean;
  /** Largest memory of the prover in any measured row, in MiB; null: none measured. */
  readonly peakMegabytes: number | null;
  /** How many times the best system's value, by metric; without an entry it was not compared. */
  readonly ratios: Readonly<Record<string, number>>;
}

export interface Needs {
  readonly hideWeights: boolean;
  readonly onChain: boolean;
  readonly noTrustedSetup: boolean;
  readonly postQuantum: boolean;
  /** Null: no limit. */
  readonly memoryMegabytes: number | null;
  /** The metric that fitting systems are ordered by. */
  readonly first: string;
}

export interface Advice {
  /** The best first. */
  readonly fitting: readonly string[];
  readonly excluded: readonly { readonly name: string; readonly reasons: readonly string[] }[];
}

export function advise(systems: readonly AdvisedSystem[], needs: Needs): Advice {
  const judged = systems.map((system) => {
    const reasons: string[] = [];
    if (needs.hideWeights && !system.hidesWeights) reasons.push("cannot hide weights");
    if (needs.onChain && !system.onChain) reasons.push("cannot be verified on chain at a usual cost");
    if (needs.noTrustedSetup && system.trustedSetup !== "none") reasons.push("needs a trusted setup");
    if (needs.postQuantum && !system.postQuantum) reasons.push("falls to a large quantum computer");
    if (needs.memoryMegabytes !== null) {
      if (system.peakMegabytes === null) reasons.push("its memory was not measured");
      else if (system.peakMegabytes > needs.memoryMegabytes)
        reasons.push(`needed up to ${Math.ceil(system.peakMegabytes)} MiB in these measurements`);
    }
    return { name: system.name, reasons, ratio: system.ratios[needs.first] ?? Number.POSITIVE_INFINITY };
  });
  const fitting = judged
    .filter(({ reasons }) => reasons.length === 0)
    .sort((a, b) => (a.ratio < b.ratio ? -1 : 1));
  const excluded = judged.filter(({ reasons }) => reasons.length > 0);
  return {
    fitting: fitting.map(({ name }) => name),
    excluded: excluded.map(({ name, reasons }) => ({ name, reasons })),
  };
}
