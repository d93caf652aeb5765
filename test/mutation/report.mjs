/** What a run of mutants found, as JSON and as a page. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REMOVED, WEAKENED } from "./mutants.mjs";

const isCheck = ({ kind }) => kind === REMOVED || kind === WEAKENED;
const EXPLANATIONS = new URL("./survivors.json", import.meta.url);

/** Whether an explanation is about this mutant: by what the source says there and `within` its line, because lines move. */
function explains({ path, original, text, within = "" }, mutant) {
  const isPath = path.endsWith("/") ? mutant.path.startsWith(path) : mutant.path === path;
  return (
    isPath &&
    (original === undefined || original === mutant.original) &&
    (text === undefined || text === mutant.text) &&
    mutant.sourceLine.includes(within)
  );
}

/** Writes the results; returns how many survivors nobody has explained. */
export function writeReport(mutants, results, { out, root, cases, isComplete }, log) {
  const explanations = existsSync(EXPLANATIONS) ? JSON.parse(readFileSync(EXPLANATIONS, "utf8")) : [];
  const survivors = results
    .filter(({ by }) => by === null)
    .map((mutant) => ({ ...mutant, reason: explanations.find((e) => explains(e, mutant))?.reason ?? null }));
  const unexplained = survivors.filter(({ reason }) => reason === null);
  const killed = results.length - survivors.length;
  writeFileSync(
    join(out, "mutation.json"),
    JSON.stringify({ mutants: mutants.length, judged: results.length, killed, survivors }, null, 1),
  );
  const page = reportPage(mutants, results, survivors, cases);
  writeFileSync(join(out, "mutation.md"), page);
  if (isComplete) writeFileSync(join(root, "docs", "mutation.md"), page);
  for (const { path, line, kind, original, text } of unexplained) {
    log(`${path}:${line} ${kind}: ${oneLine(original)} → ${oneLine(text)}`);
  }
  log(
    `${killed} of ${results.length} mutants killed, ${survivors.length} survive, ${unexplained.length} unexplained`,
  );
  return unexplained.length;
}

function oneLine(text) {
  const line = text.replace(/\s+/g, " ");
  return line.length > 90 ? `${line.slice(0, 87)}…` : line;
}

const percent = (part, all) => (all === 0 ? "" : `${((100 * part) / all).toFixed(2)} %`);

/** Rows of a table: how many mutants of each group there are, were judged and survive. */
function countRows(mutants, results, groupOf) {
  const groups = new Map();
  const countsOf = (mutant) => {
    const counts = groups.get(groupOf(mutant)) ?? { all: 0, judged: 0, survivors: 0 };
    groups.set(groupOf(mutant), counts);
    return counts;
  };
  for (const mutant of mutants) countsOf(mutant).all++;
  for (const result of results) {
    countsOf(result).judged++;
    if (result.by === null) countsOf(result).survivors++;
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([group, { all, judged, survivors }]) =>
        `| ${group} | ${all} | ${judged} | ${survivors} | ${percent(judged - survivors, judged)} |`,
    );
}

const LEFT = `All else is judged in an order drawn at random and was not finished: its score is that of a sample, and its
survivors that nobody has looked into are no more than candidates for missing tests.
`;

/** Checks, removed and weakened, are one thing; what is computed otherwise is another. */
function summaryRows(mutants, results, survivors) {
  const row = (name, count) => `| ${name} | ${count(isCheck)} | ${count((mutant) => !isCheck(mutant))} |`;
  const counting = (list) => (of) => list.filter(of).length;
  const killed = results.filter(({ by }) => by !== null);
  return [
    row("mutants", counting(mutants)),
    row("judged", counting(results)),
    row("killed by the cases", counting(killed.filter(({ stage }) => stage === "cases"))),
    row("killed by unit tests", counting(killed.filter(({ stage }) => stage !== "cases"))),
    row("survivors", counting(survivors)),
    row("of these explained", counting(survivors.filter(({ reason }) => reason !== null))),
    row("score", (of) => percent(killed.filter(of).length, results.filter(of).length)),
  ];
}

function reportPage(mutants, results, survivors, cases) {
  const head = (group) => [`| ${group} | mutants | judged | survivors | score |`, "|---|---|---|---|---|"];
  const left = mutants.length - results.length;
  const lines = [
    "# Mutation of the verifier",
    "",
    `Written by \`npm run mutation\` on ${new Date().toISOString().slice(0, 10)}. Every source that \`src/verify.ts\` reaches is changed in one place at a`,
    "time. *Check removed*: a check refuses nothing. *Check weakened*: what a check looks at has a comparison moved, a",
    "condition, a term or an entry left out. The other kinds change what is computed. A mutant is killed when a case of",
    `\`test/mutation/killCases.ts\` (${cases} proofs, certificates, keys and programs, valid and not) is answered otherwise,`,
    "or when a unit test near the source fails. Error messages and transcript labels are not mutated. A survivor of",
    "the other kinds was tried for a second and a half with the cases that reach it, and as long with unit tests: not",
    "always with all of them.",
    "",
    "| | checks | all else |",
    "|---|---|---|",
    ...summaryRows(mutants, results, survivors),
    "",
    ...(left > 0 ? [LEFT] : []),
    "## By kind",
    "",
    ...head("kind"),
    ...countRows(mutants, results, ({ kind }) => kind),
    "",
    "## By folder",
    "",
    ...head("folder"),
    ...countRows(mutants, results, ({ path }) => path.split("/").slice(0, 2).join("/")),
    "",
    "## Survivors",
    "",
    "Grouped by why no test tells them from the verifier.",
    "",
    ...survivorLines(survivors),
  ];
  return `${lines.join("\n")}\n`;
}

function survivorLines(survivors) {
  const reasons = new Map();
  for (const mutant of survivors) {
    const reason = mutant.reason ?? (isCheck(mutant) ? "Not explained" : "Of a sample, not looked into yet");
    reasons.set(reason, [...(reasons.get(reason) ?? []), mutant]);
  }
  const code = (text) => `\`${oneLine(text).replaceAll("`", "'").replaceAll("|", "\\|")}\``;
  return [...reasons].flatMap(([reason, mutants]) => [
    `### ${reason}`,
    "",
    ...mutants.map(
      ({ path, line, original, text }) => `- ${path}:${line}: ${code(original)} → ${code(text)}`,
    ),
    "",
  ]);
}
