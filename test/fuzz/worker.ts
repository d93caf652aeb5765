/** Runs every n-th case of a campaign in a thread; the case and when it began stand where the main thread sees them. */
import { parentPort, workerData } from "node:worker_threads";
import { emptyTally, runCase } from "./campaign.ts";
import { makeTarget } from "./targets/targets.ts";

export interface WorkerTask {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** Whether the reference verifier judges each case as well. */
  readonly second: boolean;
  /** The number of the case at hand; −1 while there is none. */
  readonly current: Float64Array;
}

const REPORT_EVERY = 1000;

async function work({ target: name, seed, from, to, step, second, current }: WorkerTask): Promise<void> {
  const target = await makeTarget(name);
  let tally = emptyTally();
  const report = (next: number): void => {
    parentPort?.postMessage({ ...tally, outcomes: [...tally.outcomes], next });
    tally = emptyTally();
  };
  let sinceReport = 0;
  for (let index = from; index < to; index += step) {
    current[0] = index;
    current[1]++;
    await runCase(target, seed, index, tally, second);
    // The library that reads HDF5 does not outlive every hostile file: the main thread starts another worker.
    if (tally.outcomes.has("format.damagedLibrary")) {
      report(index);
      parentPort?.postMessage({ restartFrom: index });
      return;
    }
    if (++sinceReport === REPORT_EVERY || tally.findings.length > 0) {
      report(index + step);
      sinceReport = 0;
    }
  }
  current[0] = -1;
  report(to);
}

await work(workerData as WorkerTask);
