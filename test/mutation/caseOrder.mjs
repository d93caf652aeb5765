/** In which order cases judge a mutant: those first that are likely to tell it, and cheap. */
import { REMOVED, WEAKENED } from "./mutants.mjs";

const RECENT = 6;

export class CaseOrder {
  #cases;
  #reach;
  #costs;
  #byPart = new Map();
  #recent = new Map();

  /** `costs`: milliseconds of each case. */
  constructor(cases, reach, costs) {
    this.#cases = cases;
    this.#reach = reach;
    this.#costs = costs;
  }

  /** Indices of the cases that reach the mutant. */
  of({ path, kind, start, code }) {
    const part = this.#reach.partAt(path, start);
    const all = this.#ofPart(part);
    const members = this.#byPart.get(part).members;
    const isCheck = kind === REMOVED || kind === WEAKENED;
    const refusals = code === null ? [] : all.filter((i) => this.#cases[i].expected.startsWith(code));
    const recent = (this.#recent.get(path) ?? []).filter((i) => members.has(i));
    const isAccepted = (i) => this.#cases[i].expected.startsWith("accepted");
    // Without a check the verifier refuses no more than with it: honest proofs tell nothing, or little.
    const rest = isCheck ? [...all.filter((i) => !isAccepted(i)), ...all.filter(isAccepted)] : all;
    return [...new Set([...refusals.slice(0, 40), ...recent, ...rest])];
  }

  /** Says that this case told a mutant of that source. */
  told(path, index) {
    const others = (this.#recent.get(path) ?? []).filter((other) => other !== index);
    this.#recent.set(path, [index, ...others].slice(0, RECENT));
  }

  /** Cases that reach a part: the cheapest with each answer, then the second of each, and so on. */
  #ofPart(part) {
    const known = this.#byPart.get(part);
    if (known !== undefined) return known.order;
    const indices = part === -1 ? this.#cases.map((_, i) => i) : this.#reach.casesOf(part);
    const groups = new Map();
    const cheapest = [...indices].sort((a, b) => this.#costs[a] - this.#costs[b]);
    const ranked = cheapest.map((index) => {
      const { kind, expected } = this.#cases[index];
      const group = `${kind} ${expected.slice(0, 24)}`;
      const rank = groups.get(group) ?? 0;
      groups.set(group, rank + 1);
      return { index, rank };
    });
    const order = ranked.sort((a, b) => a.rank - b.rank).map(({ index }) => index);
    this.#byPart.set(part, { order, members: new Set(order) });
    return order;
  }
}
