/** "Which one should I use": a form, and a script that answers from the data of this report. */
import { isMeasured, type Results } from "../bench/results.ts";
import { type AdvisedSystem, advise } from "./advise.ts";
import type { Comparison } from "./comparison.ts";
import { METRICS } from "./metrics.ts";
import { element, escapeText } from "./svg.ts";

const MEGABYTE = 2 ** 20;

export function advisedSystems({ backends, rows }: Results, { ratios }: Comparison): AdvisedSystem[] {
  return Object.entries(backends).map(([name, capabilities]) => {
    const peaks = rows
      .filter(isMeasured)
      .flatMap((row) => (row.backend === name ? row.figures.proverPeakBytes : []));
    const own = METRICS.flatMap(({ id }) => {
      const ratio = ratios.get(id)?.get(name);
      return ratio === undefined ? [] : [[id, ratio] as const];
    });
    const { hidesWeights, onChain, trustedSetup, postQuantum } = capabilities;
    return {
      ...{ name, hidesWeights, onChain, trustedSetup, postQuantum },
      peakMegabytes: peaks.length === 0 ? null : Math.max(...peaks) / MEGABYTE,
      ratios: Object.fromEntries(own),
    };
  });
}

/** JSON that may stand inside a script: "</script>" must not occur in it. */
function embedded(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}

const ANSWER_SCRIPT = `
const form = document.getElementById("needs"), answer = document.getElementById("advice");
function update() {
  const on = (name) => form.elements[name].checked, memory = form.elements.memory.value;
  const { fitting, excluded } = advise(systems, {
    hideWeights: on("hideWeights"), onChain: on("onChain"), noTrustedSetup: on("noTrustedSetup"),
    postQuantum: on("postQuantum"), memoryMegabytes: memory === "" ? null : Number(memory),
    first: form.elements.first.value });
  answer.replaceChildren();
  const say = (text) => { const p = document.createElement("p"); p.textContent = text; answer.append(p); };
  say(fitting.length === 0 ? "None of the systems here fits." : "Fits, the best first: " + fitting.map((name) => {
    const ratio = systems.find((system) => system.name === name).ratios[form.elements.first.value];
    return ratio === undefined ? name + " (not compared)" : name + " (" + Number(ratio.toPrecision(3)) + " × the best)";
  }).join(", "));
  for (const { name, reasons } of excluded) say(name + ": " + reasons.join("; "));
}
form.addEventListener("input", update);
update();`;

export function advisorSection(results: Results, comparison: Comparison): string {
  const box = (name: string, question: string): string =>
    element("label", {}, `${element("input", { type: "checkbox", name })} ${escapeText(question)}`);
  const options = METRICS.map(({ id, label }) => element("option", { value: id }, label)).join("");
  const form = [
    box("hideWeights", "The weights must stay hidden"),
    box("onChain", "A contract on chain must verify"),
    box("noTrustedSetup", "Nobody shall have to be trusted with a setup"),
    box("postQuantum", "It shall hold against quantum computers"),
    element(
      "label",
      {},
      `Memory of the prover, at most ${element("input", { type: "number", name: "memory", min: 1 })} MiB`,
    ),
    element("label", {}, `What matters most ${element("select", { name: "first" }, options)}`),
  ];
  const script = `const systems = ${embedded(advisedSystems(results, comparison))};\nconst advise = ${advise.toString()};${ANSWER_SCRIPT}`;
  const basis = `Answers come from capabilities of the systems and the geometric mean over ${comparison.numCommon} measurements that all of them have.`;
  return (
    element("p", {}, escapeText(basis)) +
    element("form", { id: "needs" }, form.join("")) +
    `<div id="advice" aria-live="polite"></div><script type="module">${script}</script>`
  );
}
