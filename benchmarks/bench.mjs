/**
 * `npm run bench` after `npm run build`: --suite dense (default, native.mjs), models (models/suite.mjs), growth
 * (growth/suite.mjs) or cold (cold.mjs), --profile MODEL (profile/profile.mjs), or --compare RESULTS|COMMIT (compare/compare.mjs). Each file says
 * what else it takes.
 */
const SUITES = {
  dense: "./native.mjs",
  models: "./models/suite.mjs",
  growth: "./growth/suite.mjs",
  cold: "./cold.mjs",
};

const textOf = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : (process.argv[at + 1] ?? "");
};
const suite = textOf("--suite") ?? "dense";

if (textOf("--profile") !== undefined) await import("./profile/profile.mjs");
else if (textOf("--compare") !== undefined) await import("./compare/compare.mjs");
else if (Object.hasOwn(SUITES, suite)) await import(SUITES[suite]);
else {
  console.error(`there is no suite "${suite}": ${Object.keys(SUITES).join(", ")}`);
  process.exitCode = 2;
}
