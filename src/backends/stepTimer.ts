import type { StepTimes } from "./proofBackend.ts";

/** Takes the time of steps that follow one another. */
export class StepTimer {
  private readonly taken: Record<string, number> = {};
  private readonly onStep: (step: string) => void;
  private current: { readonly step: string; readonly since: number } | null = null;

  constructor(onStep: (step: string) => void = () => {}) {
    this.onStep = onStep;
  }

  /** Ends the step before and begins this one. */
  begin(step: string): void {
    this.end();
    this.onStep(step);
    this.current = { step, since: performance.now() };
  }

  /** All steps so far. */
  finish(): StepTimes {
    this.end();
    return { ...this.taken };
  }

  private end(): void {
    if (this.current === null) return;
    const { step, since } = this.current;
    this.taken[step] = (this.taken[step] ?? 0) + performance.now() - since;
    this.current = null;
  }
}
