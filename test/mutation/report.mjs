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

function reportPage(mutants, results, survivors, cases) {
  const killed = results.length - survivors.length;
  const byStage = (stage) => results.filter((r) => r.by !== null && r.stage === stage).length;
  const head = (group) => [`| ${group} | mutants | judged | survivors | score |`, "|---|---|---|---|---|"];
  const left = mutants.length - results.length;
  const lines = [
    "# Mutation of the verifier",
    "",
    `Written by \`npm run mutation\` on ${new Date().toISOString().slice(0, 10)}. Every source that \`src/verify.ts\` reaches is changed in one place at a`,
    "time. *Check removed*: a check refuses nothing. *Check weakened*: what a check looks at has a comparison moved, a",
    "condition, a term or an entry left out. The other kinds change what is computed. A mutant is killed when a case of",
    `\`test/mutation/killCases.ts\` (${cases} proofs, certificates, keys and programs, valid and not) is answered otherwise,`,
    "or when a unit test that imports the source fails. Error messages and transcript labels are not mutated. A survivor of",
    "the other kinds was tried for a second and a half with the cases that reach it, and as long with unit tests: not",
    "always with all of them.",
    "",
    "| | |",
    "|---|---|",
    `| mutants | ${mutants.length} |`,
    `| not judged in this run | ${left} |`,
    `| killed by the cases | ${byStage("cases")} |`,
    `| killed by unit tests | ${byStage("units")} |`,
    `| survivors | ${survivors.length} |`,
    `| score of those judged | ${percent(killed, results.length)} |`,
    "",
    ...(left > 0
      ? ["Of kinds that were not judged completely the score is that of a random sample.", ""]
      : []),
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
