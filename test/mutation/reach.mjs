/** Which cases reach which part of the verifier's sources: no other case can tell a mutant of that part. */
import ts from "typescript";

/** Name of the array in which a part of a source notes that it was reached. */
const NOTES = "__reachedParts";

/** Parts of sources that are run as a whole: bodies of functions, branches and loops. */
export class Reach {
  /** By path: `{ start, end, id }` of every part, outer ones before inner ones. */
  #parts = new Map();
  #count = 0;
  #cases = [];
  /** What was reached when modules were loaded, where every case depends on it. */
  #loaded = [];

  constructor() {
    globalThis[NOTES] = this.#loaded;
  }

  /** The source with a note at the beginning of each part. */
  instrument(path, source) {
    const file = ts.createSourceFile(path, source, ts.ScriptTarget.ES2022, true);
    const parts = [];
    const insertions = [];
    const visit = (node) => {
      const isBody = isBodyWithoutBlock(node);
      if (isBody || ts.isBlock(node)) {
        const part = { start: node.getStart(file), end: node.getEnd(), id: this.#count++ };
        const note = `${NOTES}[${part.id}] = 1`;
        parts.push(part);
        if (!isBody) insertions.push([part.start + 1, `${note};`]);
        else if (ts.isArrowFunction(node.parent)) {
          insertions.push([part.start, `(${note}, `], [part.end, ")"]);
        } else insertions.push([part.start, `{${note};`], [part.end, "}"]);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    this.#parts.set(path, parts);
    this.#cases.length = this.#count;
    insertions.sort(([a], [b]) => b - a);
    return insertions.reduce((text, [at, what]) => text.slice(0, at) + what + text.slice(at), source);
  }

  /** Notes what `run` reaches as reached by the case of that index. */
  note(index, run) {
    const notes = new Uint8Array(this.#count);
    globalThis[NOTES] = notes;
    run();
    for (let id = 0; id < notes.length; id++) {
      if (notes[id] === 1) {
        this.#cases[id] ??= [];
        this.#cases[id].push(index);
      }
    }
  }

  /** The innermost part around a position; −1 if it is run when its module is loaded. */
  partAt(path, position) {
    const around = this.#parts.get(path)?.filter(({ start, end }) => start <= position && position < end);
    const id = around?.at(-1)?.id ?? -1;
    return this.#loaded[id] === 1 ? -1 : id;
  }

  /** Indices of the cases that reach a part. */
  casesOf(part) {
    return this.#cases[part] ?? [];
  }
}

/** A branch, a loop's body or an arrow function's value that stands without braces. */
function isBodyWithoutBlock(node) {
  const { parent } = node;
  if (parent === undefined || ts.isBlock(node)) return false;
  if (ts.isIfStatement(parent)) return node === parent.thenStatement || node === parent.elseStatement;
  if (ts.isIterationStatement(parent, false)) return node === parent.statement;
  return ts.isArrowFunction(parent) && node === parent.body;
}
