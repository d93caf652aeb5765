/**
 * The layers of ARCHITECTURE.md as rules. Each rule carries the sentence a person reads when it is broken.
 *
 * A layer is a folder of src/. `LAYERS` names, for each, the folders it may import besides itself; whatever is not
 * named is forbidden. A new folder must be entered here: the rule `known-folders` refuses folders without an entry.
 */

const ARITHMETIC = ["errors", "field", "hash", "poly"];
const MESSAGES = [...ARITHMETIC, "transcript", "masking"];
const CLAIMS = [...MESSAGES, "claims", "code", "kernels"];
const ARGUMENTS = [...CLAIMS, "products", "commitment", "sumcheck", "lookup"];
const MODELS = ["tensor", "data", "graph", "formats", "program", "quant"];

const LAYERS = {
  errors: {
    uses: [],
    because: "errors are the ground floor: every layer throws them, so they import nothing",
  },
  bytes: {
    uses: ["errors"],
    because: "readers and writers of bytes are shared by every file format and know none of them",
  },
  field: {
    uses: ["errors"],
    because: "the field is arithmetic alone; whatever else it needed would belong to a layer above",
  },
  hash: {
    uses: ["errors", "field"],
    because: "hashing stands on the field (canonical bytes) and on nothing later in the chain",
  },
  poly: {
    uses: ["errors", "field"],
    because: "polynomials stand on the field; they know neither transcripts nor commitments",
  },
  transcript: {
    uses: ARITHMETIC,
    because: "the transcript absorbs field elements and hashes; it must not know who speaks to it",
  },
  masking: {
    uses: [...ARITHMETIC, "transcript"],
    because: "masking hides the messages of whatever protocol speaks; it knows none of those protocols",
  },
  code: {
    uses: [...ARITHMETIC, "transcript"],
    because: "the code encodes rows; commitments are built on it, never under it",
  },
  kernels: {
    uses: ["errors", "field", "code"],
    because: "kernels take and return typed arrays; they see no transcript, no claim and no model",
  },
  claims: {
    uses: MESSAGES,
    because:
      "the plan and its claims are public data that every argument speaks about, so they use none of them",
  },
  products: {
    uses: CLAIMS,
    because: "the product check ends in linear claims that its caller discharges",
  },
  commitment: {
    uses: CLAIMS,
    because: "a commitment answers claims about rows of numbers, not about sumchecks, lookups or operators",
  },
  sumcheck: {
    uses: CLAIMS,
    because:
      "a sumcheck ends in claims that its caller discharges; commitments stand beside it, not under it",
  },
  lookup: {
    uses: [...CLAIMS, "products", "commitment", "sumcheck"],
    because: "a lookup argument reduces to sumchecks and openings; it does not know which operator asked",
  },
  tensor: {
    uses: ["errors"],
    because: "dtype, shape and strides come before graphs, programs and proofs",
  },
  graph: {
    uses: ["errors", "tensor"],
    because: "a graph is real-valued and knows no file format, no quantisation and no proof",
  },
  formats: {
    uses: ["errors", "tensor", "graph"],
    because: "an importer turns a file into a Graph and stops there; it must not see integers or proofs",
  },
  data: {
    uses: ["errors", "tensor"],
    because: "a data file becomes tensors; what a model makes of them is the caller's business",
  },
  program: {
    uses: ["errors", "bytes", "tensor", "hash"],
    because: "the Program is the contract that quantisation and proofs share, so it depends on neither",
  },
  quant: {
    uses: ["errors", "tensor", "graph", "program"],
    because: "quantisation lowers a Graph to a Program; file formats and proofs are not its business",
  },
  train: {
    uses: ["errors", "tensor", "data", "graph", "formats", "quant"],
    because:
      "training ends in a Graph or the text of a classical model; the file system, keys and proofs are others' business",
  },
  prune: {
    uses: ["errors", "tensor", "train"],
    because: "pruning changes networks that can be trained; what that saves is counted by others",
  },
  relations: {
    uses: [...ARGUMENTS, "tensor", "program"],
    because: "a relation turns one operator of a Program into claims, wherever the Program came from",
  },
  engine: {
    uses: [...ARGUMENTS, "bytes", "tensor", "program", "relations"],
    because: "the engine proves Programs; graphs, files and quantisation stay outside what is trusted",
  },
  backends: {
    uses: [...ARGUMENTS, "bytes", "tensor", "program", "relations", "engine"],
    because: "a backend offers an engine behind ProofBackend; it takes a Program, never a model file",
  },
  files: {
    uses: ["errors", "bytes", "hash", ...MODELS, "train", "engine", "backends"],
    because: "the file layer reads and writes what the layers below define; no proof layer may reach it",
  },
};

/** Files directly in src/ (the entry points) and src/cli see every layer; nothing sees them. */
const TOP = ["cli", "server", "bench", "report"];

const TESTS = ["[.](test|bench)[.]ts$", "/testing/"];
const NODE_ALLOWED = [
  "^src/(cli|server|bench|report|files)/",
  "^src/(kernels|backends)/.*[nN]ode[^/]*[.]ts$",
];
const VERIFIER = ["^src/verify[.]ts$", "/verif(y|ier|ication)[^/]*[.]ts$", "/verifier/"];
const PROVER = ["/prove[^/]*[.]ts$", "/prover/", "^src/kernels/"];

const layerRules = Object.entries(LAYERS).map(([layer, { uses, because }]) => ({
  name: `layer-${layer}`,
  severity: "error",
  comment: `src/${layer} may import ${uses.length === 0 ? "nothing of src" : `only ${uses.join(", ")}`}: ${because}.`,
  from: { path: `^src/${layer}/`, pathNot: TESTS },
  to: { path: "^src/", pathNot: `^src/(${[layer, ...uses].join("|")})/` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: "known-folders",
      severity: "error",
      comment:
        "Every folder of src is a layer with its own rule: enter the new folder in LAYERS and say what it may import.",
      from: { path: "^src/[^/]+/", pathNot: `^src/(${[...Object.keys(LAYERS), ...TOP].join("|")})/` },
      to: {},
    },
    {
      name: "no-cycles",
      severity: "error",
      comment:
        "Two files that import each other are one concept in two files, or two concepts that need a third: split or merge them.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "nothing-imports-the-command-line",
      severity: "error",
      comment:
        "The command line is one user of the library among others: what it needs and others need belongs in a layer below.",
      from: { pathNot: "^(src/cli/|test/)" },
      to: { path: "^src/cli/" },
    },
    {
      name: "cli-without-server",
      severity: "error",
      comment:
        "The command line runs without the server and its dependencies: share through a layer below instead.",
      from: { path: "^src/cli/" },
      to: { path: "^src/server/" },
    },
    {
      name: "nothing-imports-the-entry-points",
      severity: "error",
      comment:
        "src/index.ts and src/verify.ts are the package's doors: inside the house, import the file that defines the thing.",
      from: { path: "^src/", pathNot: [...TESTS, "^src/cli/"] },
      to: { path: "^src/(index|verify)[.]ts$" },
    },
    {
      name: "verifier-is-alone",
      severity: "error",
      comment:
        "The verifier must be right in any browser by itself: it imports neither a prover nor a kernel (a caller may hand it a faster hash).",
      from: { path: VERIFIER, pathNot: TESTS },
      to: { path: PROVER },
    },
    {
      name: "verifier-reaches-no-prover",
      severity: "error",
      comment:
        "The verifier bundle reaches a prover, a kernel or Node through another file: move what both sides need into a file of its own.",
      from: { path: "^src/verify[.]ts$" },
      to: { path: [...PROVER, "^src/(files|formats|quant|graph|cli)/"], reachable: true },
    },
    {
      name: "node-only-at-the-edge",
      severity: "error",
      comment:
        "Only the command line, src/files and files named for Node in kernels and backends may import node:*; everything else runs in a browser unchanged.",
      from: { path: "^src/", pathNot: [...NODE_ALLOWED, ...TESTS] },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-development-packages",
      severity: "error",
      comment:
        "What users install are the runtime dependencies: shipped code may not import a development package.",
      from: { path: "^src/", pathNot: TESTS },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm-peer", "type-only"] },
    },
    {
      name: "no-unlisted-packages",
      severity: "error",
      comment:
        "A package that package.json does not list may be gone tomorrow: add it to dependencies or do without.",
      from: { path: "^src/" },
      to: {
        dependencyTypes: ["npm-no-pkg", "npm-unknown", "undetermined"],
        dependencyTypesNot: ["npm-peer"],
        pathNot: "/generated/",
      },
    },
    {
      name: "tests-stay-tests",
      severity: "error",
      comment: "Shipped code may not import a test or a testing helper: it is not part of the package.",
      from: { path: "^src/", pathNot: TESTS },
      to: { path: [...TESTS, "^test/"] },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    moduleSystems: ["es6", "cjs"],
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
