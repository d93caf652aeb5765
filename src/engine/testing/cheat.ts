/** What a cheat is: one deviation from one honest run, and the check that must refuse it. */
import type { Program, ProgramOperator } from "../../program/program.ts";
import { runOperator } from "../../program/run/operator.ts";
import type { Statement } from "../statement.ts";
import type { CheatRequest, Tamper } from "./cheatingProver.ts";
import type { Cells } from "./cheatingWitness.ts";
import type { VictimName } from "./cheatVictims.ts";

/** What a cheat knows: the honest run of the program that it attacks. */
export interface HonestRun {
  readonly program: Program;
  readonly tensors: readonly Int32Array[];
}

export type Deviate = (honest: HonestRun) => Partial<CheatRequest>;

export interface Cheat {
  readonly name: string;
  /** Operator whose proof it attacks; null for the rest of the statement. */
  readonly operator: ProgramOperator["kind"] | null;
  readonly victim: VictimName;
  readonly code: string;
  readonly deviate: Deviate;
}

/** The code of a proof that fails an equation over committed values: which one, a verifier of their sum cannot tell. */
const EQUATION = "opening.evaluation";

/** Makes the entries of one victim. */
export function cheatsOn(victim: VictimName) {
  return (operator: Cheat["operator"], name: string, deviate: Deviate, code: string = EQUATION): Cheat => ({
    operator,
    name,
    deviate,
    victim,
    code,
  });
}

export function valuesOf({ program, tensors }: HonestRun, name: string): Int32Array {
  const id = program.tensors.findIndex((tensor) => tensor.name === name);
  if (id < 0) throw new RangeError(`no tensor "${name}" among ${program.tensors.map((t) => t.name)}`);
  return tensors[id];
}

/** Index of a value that the attack can move in both directions. */
export function indexWhere(values: Int32Array, isFit: (value: number, index: number) => boolean): number {
  const index = values.findIndex(isFit);
  if (index < 0) throw new Error("the victim's run has no such value");
  return index;
}

export function setCell(
  name: string,
  index: number,
  change: (value: number) => number,
): (cells: Cells) => void {
  return (cells) => {
    const tensor = cells(name);
    tensor[index] = change(tensor[index]);
  };
}

/** Changes one value right after it is computed; whatever is computed from it follows. */
export function tamper(tensor: string, index: number, change: (value: number) => number): Tamper {
  return (name, values) => {
    if (name === tensor) values[index] = change(values[index]);
  };
}

export function claimOutputs(
  change: (values: Int32Array) => Int32Array,
): (statement: Statement) => Statement {
  return (statement) => ({
    ...statement,
    outputs: statement.outputs.map((value) => ({ ...value, values: change(value.values as Int32Array) })),
  });
}

/** One step of a run. */
interface Step<Kind extends ProgramOperator> extends HonestRun {
  readonly operator: Kind;
}

/**
 * Computes one operator otherwise, on honest operands: `edit` says what is another operator, program or operand. Whatever
 * is computed from the result follows.
 */
export function computing<Kind extends ProgramOperator["kind"]>(
  kind: Kind,
  tensor: string,
  edit: (step: Step<Extract<ProgramOperator, { kind: Kind }>>) => Partial<Step<ProgramOperator>>,
): Deviate {
  return ({ program, tensors }) => {
    type Own = Extract<ProgramOperator, { kind: Kind }>;
    const operator = program.operators.find(({ output }) => program.tensors[output].name === tensor);
    if (operator?.kind !== kind) throw new RangeError(`"${tensor}" is no result of ${kind}`);
    const step = { program, tensors, operator };
    const other = { ...step, ...edit({ ...step, operator: operator as Own }) };
    const computed = runOperator(other.program, other.operator, other.tensors, 1);
    if (computed.join() === tensors[operator.output].join()) throw new Error(`no other result of ${tensor}`);
    return {
      tamper: (name, values) => {
        if (name === tensor) values.set(computed);
      },
    };
  };
}
