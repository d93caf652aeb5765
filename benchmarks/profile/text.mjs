/** A profile as text. */
const MEBIBYTE = 2 ** 20;
const KERNELS_SHOWN = 4;

const ms = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0)).padStart(8);
const percent = (share) => `${Math.round(100 * share)} %`.padStart(6);

export function profileText(result) {
  const { machine, steps, verifier, int8 } = result;
  const proving = steps.filter(({ name }) => name !== "load");
  const total = proving.reduce((sum, step) => sum + step.cpuMs, 0);
  const lines = [
    `${result.model}, ${result.threads} thread(s), mean of ${result.runs}; ${machine.cpu}, commit ${machine.commit}, load ${machine.load}`,
    "",
    "step           cpu ms   share   clock  script  kernels at their best  of ceiling  kernel memory",
  ];
  for (const step of steps) {
    lines.push(stepText(step, total));
    for (const { kernel, calls, ms: spent, ceilingMs } of step.kernels.slice(0, KERNELS_SHOWN)) {
      if (spent < 0.02 * step.ms) continue;
      const name = `  ${kernel} × ${calls}`;
      lines.push(
        `${name.padEnd(32)}${ms(spent)}${ms(ceilingMs).padStart(23)}${percent(ceilingMs / spent).padStart(12)}`,
      );
    }
  }
  lines.push(
    "",
    `proof: ${total.toFixed(1)} ms of processor time, ${Math.round(result.proofBytes / 1000)} KB, ` +
      `resident memory at most ${Math.round(result.peakRssBytes / MEBIBYTE)} MiB`,
    `int8 multiply-accumulates alone (${Math.round(int8.rate)} M/s here, WASM SIMD): ${int8.ms.toFixed(3)} ms; ` +
      `proving takes ${Math.round(total / int8.ms)} times that`,
    "",
    "verifier       cpu ms   share",
    ...verifier.steps.map(
      ({ name, cpuMs }) => `${name.padEnd(13)}${ms(cpuMs)}  ${percent(cpuMs / verifier.cpuMs)}`,
    ),
  );
  return lines.join("\n");
}

function stepText({ name, cpuMs, ms: clock, scriptMs, ceilingMs, topBytes }, total) {
  const share = name === "load" ? "".padStart(6) : percent(cpuMs / total);
  const memory = `${Math.round(topBytes / MEBIBYTE)} MiB`.padStart(13);
  return `${name.padEnd(13)}${ms(cpuMs)}  ${share}${ms(clock)}${ms(scriptMs)}${ms(ceilingMs).padStart(23)}${percent(ceilingMs / cpuMs).padStart(12)}${memory}`;
}
