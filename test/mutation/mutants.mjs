/**
 * Mutants of one source: each deletes or weakens one thing. Messages of errors, types, declarations and guards against
 * mistakes of the caller (RangeError, TypeError) are left alone, and so is every string, the transcript's labels among them.
 */
import ts from "typescript";

/**
 * @typedef {object} Mutant
 * @property {string} kind what was done
 * @property {number} start first character that is replaced
 * @property {number} end
 * @property {string} text what stands there instead
 * @property {number} line from 1
 * @property {string | null} code under which the check refuses that is removed or weakened
 */

const BOUNDARIES = { "<": "<=", "<=": "<", ">": ">=", ">=": ">", "===": "!==", "!==": "===" };
const ARITHMETIC = new Set(["+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>"]);
/** Functions of two numbers of a field or of scalars that are not known, by the operands that may be left out. */
const FIELD_CALLS = new Set(["add", "sub", "mul", "scale", "plus", "minus", "times"]);
/** Calls whose arguments say what is wrong and where: people read them, nothing is decided by them. */
const REPORTS = new Set(["notCanonical", "refuse", "invalidProgram", "layoutError", "wrapError"]);

/** As a check names it. */
const CODE = /"([a-z]+\.[a-zA-Z]+)"/;
/** Kinds of mutants of checks; the others are named after what was done. */
export const REMOVED = "check removed";
export const WEAKENED = "check weakened";

/** @returns {Mutant[]} in the order of the source, no two alike */
export function mutantsOf(source) {
  const file = ts.createSourceFile("source.ts", source, ts.ScriptTarget.ES2022, true);
  const mutants = [];
  const seen = new Set();
  /** Text of the check around. */
  let check = null;
  const add = (change, node, text) => {
    const kind = check !== null && change !== REMOVED ? WEAKENED : change;
    const removed = ts.isIfStatement(node.parent) ? node.parent : node;
    const code = CODE.exec(check ?? (change === REMOVED ? removed.getText(file) : ""))?.[1] ?? null;
    const start = node.getStart(file);
    const end = node.getEnd();
    const key = `${start} ${end} ${text}`;
    if (seen.has(key) || source.slice(start, end) === text) return;
    seen.add(key);
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    mutants.push({ kind, start, end, text, line, code });
  };
  const visit = (node) => {
    if (ts.isTypeNode(node) || isDeclarationOnly(node)) return;
    if (ts.isIfStatement(node) && isAssertion(node)) return;
    if (ts.isExpressionStatement(node)) mutateStatement(node, add, file);
    else if (ts.isIfStatement(node)) mutateIf(node, add, file);
    else if (ts.isForStatement(node)) mutateFor(node, add);
    else if (ts.isForOfStatement(node)) mutateForOf(node, add, file);
    else if (ts.isContinueStatement(node) || ts.isBreakStatement(node)) mutateJump(node, add);
    else if (ts.isConditionalExpression(node)) mutateChoice(node, add, file);
    else if (ts.isBinaryExpression(node)) mutateBinary(node, add, file);
    else if (ts.isPrefixUnaryExpression(node)) mutateUnary(node, add, file);
    else if (ts.isCallExpression(node)) mutateCall(node, add, file);
    else if (ts.isArrayLiteralExpression(node)) mutateArray(node, add, file);
    else if (ts.isNumericLiteral(node)) mutateNumber(node, add);
    else if (node.kind === ts.SyntaxKind.TrueKeyword) add("true for false", node, "false");
    else if (node.kind === ts.SyntaxKind.FalseKeyword) add("false for true", node, "true");
    if (ts.isThrowStatement(node) || ts.isTemplateExpression(node)) return;
    ts.forEachChild(node, (child) => {
      if (isReport(node, child)) return;
      const outer = check;
      if (isCondition(node, child)) check = node.getText(file);
      visit(child);
      check = outer;
    });
  };
  visit(file);
  return mutants;
}

function isDeclarationOnly(node) {
  return (
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}

/** Whether `child` only says what went wrong: arguments of errors, code and place of a check. */
function isReport(parent, child) {
  if (ts.isNewExpression(parent)) return /Error$/.test(parent.expression.getText());
  if (!ts.isCallExpression(parent) || child === parent.expression) return false;
  const name = calledName(parent);
  return REPORTS.has(name) || (name === "check" && child !== parent.arguments[0]);
}

function calledName({ expression }) {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

function mutateStatement(node, add, file) {
  const { expression } = node;
  if (ts.isCallExpression(expression)) {
    const name = calledName(expression);
    if (name === "super") return;
    if (name === "push") {
      const kept = expression.arguments.map((argument) => argument.getText(file)).join(", ");
      add("not collected", node, `void [${kept}];`);
    } else add(name === "check" ? REMOVED : "call removed", node, ";");
  } else if (ts.isBinaryExpression(expression) || ts.isPostfixUnaryExpression(expression)) {
    add("assignment removed", node, ";");
  }
}

/** Guards against mistakes of the caller: no bytes reach them. */
function isAssertion(node) {
  const only = ts.isBlock(node.thenStatement) ? node.thenStatement.statements[0] : node.thenStatement;
  return (
    only !== undefined && ts.isThrowStatement(only) && /^throw new (Range|Type)Error/.test(only.getText())
  );
}

/** A branch that only throws is a check. */
function refuses(statement) {
  const only = ts.isBlock(statement) ? statement.statements[0] : statement;
  if (only === undefined) return false;
  if (ts.isThrowStatement(only)) return true;
  return ts.isExpressionStatement(only) && /^refuse\(/.test(only.getText());
}

function mutateIf(node, add) {
  add(refuses(node.thenStatement) ? REMOVED : "branch never taken", node.expression, "false");
  if (!refuses(node.thenStatement)) add("branch always taken", node.expression, "true");
}

/** Whether `child` is what a check looks at. */
function isCondition(parent, child) {
  if (ts.isIfStatement(parent)) return child === parent.expression && refuses(parent.thenStatement);
  return ts.isCallExpression(parent) && calledName(parent) === "check" && child === parent.arguments[0];
}

function mutateFor(node, add) {
  const [declaration] = node.initializer?.declarations ?? [];
  if (declaration?.initializer?.getText() === "0") {
    add("first iteration skipped", declaration.initializer, "1");
  }
}

function mutateForOf(node, add, file) {
  const list = node.expression.getText(file);
  add("first iteration skipped", node.expression, `[...${list}].slice(1)`);
  add("last iteration skipped", node.expression, `[...${list}].slice(0, -1)`);
}

function mutateJump(node, add) {
  if (!ts.isCaseClause(node.parent) && !ts.isDefaultClause(node.parent)) add("jump removed", node, ";");
}

function mutateChoice(node, add, file) {
  add("always the first", node, `(${node.whenTrue.getText(file)})`);
  add("always the second", node, `(${node.whenFalse.getText(file)})`);
}

function mutateBinary(node, add, file) {
  const left = node.left.getText(file);
  const right = node.right.getText(file);
  const operator = node.operatorToken.getText(file);
  if (operator in BOUNDARIES) {
    add("comparison", node, `${left} ${BOUNDARIES[operator]} ${right}`);
  } else if (operator === "&&" || operator === "||") {
    add("condition left out", node, `(${left})`);
    add("condition left out", node, `(${right})`);
  } else if (operator === "??") {
    add("default left out", node, `(${left})`);
  } else if (ARITHMETIC.has(operator)) {
    add("term left out", node, `(${left})`);
    if (operator === "+" || operator === "*") add("term left out", node, `(${right})`);
  }
}

function mutateUnary(node, add, file) {
  const isSign =
    node.operator === ts.SyntaxKind.MinusToken || node.operator === ts.SyntaxKind.ExclamationToken;
  if (isSign) add("sign left out", node, `(${node.operand.getText(file)})`);
}

function mutateCall(node, add, file) {
  if (ts.isExpressionStatement(node.parent)) return;
  const name = calledName(node);
  const args = node.arguments.map((argument) => argument.getText(file));
  const isMethod = ts.isPropertyAccessExpression(node.expression);
  const receiver = isMethod ? node.expression.expression.getText(file) : "";
  if (name === "every") add(REMOVED, node, "true");
  else if (name === "some") add(REMOVED, node, "false");
  else if (["filter", "slice", "sort", "reverse", "subarray"].includes(name)) {
    add(`no ${name}`, node, `(${receiver})`);
  } else if (["max", "min"].includes(name) && receiver === "Math") {
    for (const arg of node.arguments) {
      if (!ts.isSpreadElement(arg)) add("bound left out", node, `(${arg.getText(file)})`);
    }
  } else if (["floor", "ceil"].includes(name) && receiver === "Math") {
    add("rounding", node, `Math.${name === "floor" ? "ceil" : "floor"}(${args[0]})`);
  } else if (name === "map" || name === "flatMap") {
    add("first entry skipped", node.expression, `${receiver}.slice(1).${name}`);
  } else if (name === "check" || FIELD_CALLS.has(name)) {
    if (isMethod && !/^(f|m31)$/.test(receiver)) add("term left out", node, `(${receiver})`);
    else if (args.length >= 2) {
      add("term left out", node, `(${args[0]})`);
      if (name === "add" || name === "mul") add("term left out", node, `(${args[1]})`);
    }
  }
}

function mutateArray(node, add, file) {
  const elements = node.elements.map((element) => element.getText(file));
  if (elements.length < 2 && !node.elements.some(ts.isSpreadElement)) return;
  // A destructuring pattern is no list of values.
  if (ts.isBinaryExpression(node.parent) && node.parent.left === node) return;
  elements.forEach((_, i) => {
    add("entry left out", node, `[${elements.filter((__, j) => j !== i).join(", ")}]`);
  });
}

/** Limits and sizes: what a constant is made of, and what is compared. */
function mutateNumber(node, add) {
  const { parent } = node;
  const isCompared = ts.isBinaryExpression(parent) && parent.operatorToken.getText() in BOUNDARIES;
  const isLimit = isConstant(node);
  if (isCompared || isLimit) add("another number", node, `${Number(node.text) + 1}`);
}

function isConstant(node) {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isVariableDeclaration(at)) return ts.isSourceFile(at.parent.parent.parent);
    if (ts.isFunctionLike(at) || ts.isClassLike(at)) return false;
  }
  return false;
}
