/** Kernels that note, for each step of a proof, how long they took and how much work they did. */
import { amountOf } from "./ceilings.mjs";

const NOT_TIMED = new Set(["mark", "release", "dispose", "warmUp"]);

export class Recorder {
  /** @param kernels what the proof is to be made with */
  constructor(kernels) {
    this.base = kernels.mark();
    this.steps = new Map();
    this.kernels = this.wrap(kernels);
    this.inner = kernels;
    this.reset();
    this.step = "load";
  }

  reset() {
    this.step = "start";
    this.steps.clear();
    this.started = performance.now();
    this.startedCpu = cpuMs();
    this.top = this.inner?.mark() ?? 0;
  }

  /** For ProveRequest.onStep. */
  begin(step) {
    this.end();
    this.step = step;
    this.top = this.inner.mark();
  }

  end() {
    const [now, cpu] = [performance.now(), cpuMs()];
    const entry = this.entry();
    entry.ms += now - this.started;
    entry.cpuMs += cpu - this.startedCpu;
    entry.topBytes = Math.max(entry.topBytes, this.top - this.base);
    this.started = now;
    this.startedCpu = cpu;
  }

  entry() {
    let entry = this.steps.get(this.step);
    if (entry === undefined) {
      entry = { ms: 0, cpuMs: 0, topBytes: 0, kernels: new Map() };
      this.steps.set(this.step, entry);
    }
    return entry;
  }

  wrap(kernels) {
    const wrapped = Object.create(kernels);
    for (const name of Object.keys(kernels)) {
      if (typeof kernels[name] !== "function" || NOT_TIMED.has(name)) continue;
      const isAllocation = name.startsWith("alloc");
      wrapped[name] = (...args) => {
        const started = performance.now();
        const result = kernels[name](...args);
        const ms = performance.now() - started;
        if (isAllocation) this.top = Math.max(this.top, kernels.mark());
        this.note(isAllocation ? "clearing memory" : name, ms, isAllocation ? 0 : amountOf(name, args));
        return result;
      };
    }
    return wrapped;
  }

  note(name, ms, amount) {
    const { kernels } = this.entry();
    const entry = kernels.get(name) ?? { ms: 0, calls: 0, amount: 0 };
    entry.ms += ms;
    entry.calls++;
    entry.amount += amount;
    kernels.set(name, entry);
  }
}

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
