/** What a run of mutants found, as JSON and as a page. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const EXPLANATIONS = new URL("./survivors.json", import.meta.url);

/** Whether an explanation is about this mutant: by what the source says there, because lines move. */
function explains({ path, original, text }, mutant) {
  const isPath = path.endsWith("/") ? mutant.path.startsWith(path) : mutant.path === path;
  return (
    isPath &&
    (original === undefined || original === mutant.original) &&
    (text === undefined || text === mutant.text)
  );
}

/** Writes the results; returns how many survivors nobody has explained. */
export function writeReport(results, { out, root, cases, isComplete }, log) {
  const explanations = existsSync(EXPLANATIONS) ? JSON.parse(readFileSync(EXPLANATIONS, "utf8")) : [];
  const survivors = results
    .filter(({ by }) => by === null)
    .map((mutant) => ({ ...mutant, reason: explanations.find((e) => explains(e, mutant))?.reason ?? null }));
  const unexplained = survivors.filter(({ reason }) => reason === null);
  const killed = results.length - survivors.length;
  writeFileSync(
    join(out, "mutation.json"),
    JSON.stringify({ mutants: results.length, killed, survivors }, null, 1),
  );
  const page = reportPage(results, survivors, cases);
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

function reportPage(results, survivors, cases) {
  const killed = results.length - survivors.length;
  const byStage = (stage) => results.filter((r) => r.by !== null && r.stage === stage).length;
  const folders = new Map();
  for (const { path, by } of results) {
    const folder = path.split("/").slice(0, 2).join("/");
    const counts = folders.get(folder) ?? { mutants: 0, survivors: 0 };
    counts.mutants++;
    if (by === null) counts.survivors++;
    folders.set(folder, counts);
  }
  const percent = ((100 * killed) / results.length).toFixed(2);
  const lines = [
    "# Mutation of the verifier",
    "",
    "Written by `npm run mutation`. Every source that `src/verify.ts` reaches is changed in one place at a time: a check",
    "removed or weakened, a comparison moved, a call, a term, an entry or an iteration left out. A mutant is killed when a",
    `case of \`test/mutation/killCases.ts\` (${cases} proofs and keys, valid and not) is answered otherwise, or when a unit`,
    "test fails. Error messages and transcript labels are not mutated.",
    "",
    "| | |",
    "|---|---|",
    `| mutants | ${results.length} |`,
    `| killed by the cases | ${byStage("cases")} |`,
    `| killed by unit tests | ${byStage("units")} |`,
    `| survivors | ${survivors.length} |`,
    `| score | ${percent} % |`,
    "",
    "## By folder",
    "",
    "| folder | mutants | survivors |",
    "|---|---|---|",
    ...[...folders].sort().map(([folder, { mutants, survivors: s }]) => `| ${folder} | ${mutants} | ${s} |`),
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
    const reason = mutant.reason ?? "Not explained.";
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
