/**
 * What the unit tests use of vitest, run in this process: tests are collected by loading a file, then run one after the
 * other until the first that fails. The matchers are vitest's own.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from "@vitest/expect";
import { fn, restoreAllMocks, spyOn } from "@vitest/spy";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const expect = (value, message) => chai.expect(value, message);
Object.assign(expect, chai.expect);
Object.assign(expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
globalThis[GLOBAL_EXPECT] = expect;
setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, expect);
expect.extend(expect, customMatchers);

export const vi = { spyOn, fn, restoreAllMocks };

let collected = [];

/** Tests of what `load` defines. */
export function collect(load) {
  collected = [];
  load();
  return collected;
}

export const it = (name, ...rest) => {
  const run = rest.find((argument) => typeof argument === "function");
  collected.push({ name: String(name), run });
};
export const test = it;
export const describe = (_, ...rest) => rest.find((argument) => typeof argument === "function")();
const each =
  (define) =>
  (table) =>
  (name, ...rest) => {
    const run = rest.find((argument) => typeof argument === "function");
    table.forEach((row, i) => {
      define(`${name} #${i}`, () => (Array.isArray(row) ? run(...row) : run(row)));
    });
  };
const skip = () => {};
it.each = each(it);
describe.each = each(describe);
for (const define of [it, describe]) {
  define.skipIf = (condition) => (condition ? Object.assign(skip, { each: () => skip }) : define);
  define.runIf = (condition) => (condition ? define : Object.assign(skip, { each: () => skip }));
  define.skip = Object.assign(skip, { each: () => skip });
}

const unsupported = () => {
  throw new Error("hooks are not supported here");
};
export const beforeAll = unsupported;
export const afterAll = unsupported;
export const beforeEach = unsupported;
export const afterEach = unsupported;
