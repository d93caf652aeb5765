/** The table of a coverage run: how many cases ended how, and why those that were refused were. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const MARKDOWN = "docs/coverage.md";
const JSON_FILE = "docs/coverage.json";

/** Messages that list many nodes are cut. */
const LONGEST_DETAIL = 300;

const TITLES = {
  node: "ONNX backend test suite, single operators",
  ezkl: "EZKL's example networks",
};

function countBy(results, keyOf) {
  const counts = new Map();
  for (const result of results) counts.set(keyOf(result), (counts.get(keyOf(result)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function summary(results) {
  const of = (outcome) => results.filter((result) => result.outcome === outcome).length;
  const float = results.filter((result) => result.float === "pass").length;
  return {
    cases: results.length,
    float,
    proven: of("proven"),
    integers: of("integers"),
    constant: of("constant"),
    refused: of("refused"),
    wrong: of("wrong"),
  };
}

function section(set, results) {
  const s = summary(results);
  const lines = [
    `## ${TITLES[set]}`,
    "",
    "| | cases |",
    "|---|---|",
    `| all | ${s.cases} |`,
    `| float reference agrees with the oracle | ${s.float} |`,
    `| proven and verified, within 1 % of the output's range (integers: equal) | ${s.proven} |`,
    ...(s.integers > 0 ? [`| run as integers within that tolerance | ${s.integers} |`] : []),
    `| constant: no output depends on an input that is left | ${s.constant} |`,
    `| refused | ${s.refused} |`,
    `| wrong or crashed | ${s.wrong} |`,
    "",
    "| refused because | cases |",
    "|---|---|",
    ...countBy(
      results.filter(({ outcome }) => outcome === "refused"),
      ({ reason }) => reason,
    ).map(([reason, count]) => `| ${reason} | ${count} |`),
    "",
  ];
  return lines;
}

function caseTable(results) {
  const percent = (error) => (error === null ? "" : `${(100 * error).toFixed(2)} %`);
  const short = (text) => text.replace(/\s+/g, " ").replaceAll("|", "/").slice(0, 160);
  return [
    "| case | float | outcome | bits | error | constant inputs | |",
    "|---|---|---|---|---|---|---|",
    ...results.map(
      ({ name, float, outcome, bits, error, fixed, reason, detail }) =>
        `| ${name} | ${float} | ${outcome} | ${bits ?? ""} | ${percent(error)} | ${fixed.join(", ")} | ${short([reason, detail].filter(Boolean).join(": "))} |`,
    ),
    "",
  ];
}

function markdown(all) {
  const sets = Object.keys(TITLES).filter((set) => all[set] !== undefined);
  return [
    "# Coverage",
    "",
    "Written by `npm run coverage -- --prove`; not edited by hand. Oracles are the outputs that come with the cases. A case",
    "is proven with everything hidden but its output; an input that decides a shape, or that the operator takes only as a",
    "constant, is part of the program and named as such; a program without constants has no weights to hide. Ranges are",
    "calibrated on the case's own input. Where there is no oracle, it is the float reference. Bits are those of activations.",
    "",
    ...sets.flatMap((set) => section(set, all[set])),
    ...sets.flatMap((set) => [`## Cases: ${TITLES[set]}`, "", ...caseTable(all[set])]),
  ].join("\n");
}

/** Sets that were not run keep what was written last. */
export function writeReport(all, { isComplete, keep }) {
  if (keep !== undefined) writeFileSync(keep, JSON.stringify(all, null, 1));
  if (isComplete) {
    const known = existsSync(JSON_FILE) ? JSON.parse(readFileSync(JSON_FILE, "utf8")) : {};
    const stable = Object.fromEntries(
      Object.entries(all).map(([set, results]) => [
        set,
        results.map(({ milliseconds, detail, ...rest }) => ({
          ...rest,
          detail: detail.slice(0, LONGEST_DETAIL),
        })),
      ]),
    );
    const merged = { ...known, ...stable };
    writeFileSync(JSON_FILE, `${JSON.stringify(merged, null, 1)}\n`);
    writeFileSync(MARKDOWN, markdown(merged));
  }
  const text = Object.entries(all)
    .map(([set, results]) => {
      const reasons = countBy(
        results.filter(({ outcome }) => outcome === "refused"),
        ({ reason }) => reason,
      );
      return `${set}: ${JSON.stringify(summary(results))}\n  refused: ${reasons.map(([reason, count]) => `${reason} ${count}`).join(", ")}`;
    })
    .join("\n");
  const isSound = Object.values(all).every((results) => results.every(({ outcome }) => outcome !== "wrong"));
  return { text, isSound };
}
