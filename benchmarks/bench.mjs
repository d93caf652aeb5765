/**
 * `npm run bench` after `npm run build`: --suite dense (default, native.mjs) or models (models/suite.mjs). Each file says
 * what else it takes.
 */
const at = process.argv.indexOf("--suite");
const suite = at < 0 ? "dense" : process.argv[at + 1];

if (suite === "dense") await import("./native.mjs");
else if (suite === "models") await import("./models/suite.mjs");
else {
  console.error(`there is no suite "${suite}": dense or models`);
  process.exitCode = 2;
}
