/** The verifier's sources: every module that `src/verify.ts` reaches by imports of values. */
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import ts from "typescript";

/** @returns {string[]} paths relative to the root of the repository, in the order of the imports */
export function verifierSources(root, entry = "src/verify.ts") {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const specifier of importedModules(readFileSync(path, "utf8"))) {
      if (specifier.startsWith(".")) visit(resolve(dirname(path), specifier));
    }
  };
  visit(resolve(root, entry));
  return [...found].map((path) => relative(root, path));
}

/** Modules of which a source imports or exports values, not types alone. */
function importedModules(source) {
  const file = ts.createSourceFile("source.ts", source, ts.ScriptTarget.ES2022, true);
  return file.statements.filter(importsValues).map(({ moduleSpecifier }) => moduleSpecifier.text);
}

function importsValues(statement) {
  const isExport = ts.isExportDeclaration(statement);
  if ((!isExport && !ts.isImportDeclaration(statement)) || statement.moduleSpecifier === undefined) {
    return false;
  }
  const clause = isExport ? statement : statement.importClause;
  if (clause?.isTypeOnly) return false;
  const names = isExport ? statement.exportClause : clause?.namedBindings;
  if (names === undefined || names.elements === undefined || clause?.name !== undefined) return true;
  return names.elements.length === 0 || names.elements.some(({ isTypeOnly }) => !isTypeOnly);
}
