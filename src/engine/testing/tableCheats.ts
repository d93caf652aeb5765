/** Cheats on which table is asked: everything else of the proof, multiplicities included, fits the table of the cheat. */
import type { Requantise } from "../../program/program.ts";
import { type Cheat, cheatsOn, computing, type Deviate, indexWhere, tamper, valuesOf } from "./cheat.ts";
import type { CheatRequest } from "./cheatingProver.ts";

const activated = cheatsOn("activated");

const INPUT = "input 0";
const RECTIFIED = "requantise 1";
const ABSOLUTE = "requantise 2";

/** Looks the rows of one section up in the table of another's, under its tag. */
function inTableOf(own: string, other: string): NonNullable<CheatRequest["plan"]> {
  return (inference) => {
    const { sections } = inference.plan;
    const tag = sections.find(({ name }) => name === other)?.tag;
    if (tag === undefined || !sections.some((section) => section.name === own && section.tag !== tag))
      throw new RangeError(`"${own}" and "${other}" are no sections with tables of their own`);
    const changed = sections.map((section) => (section.name === own ? { ...section, tag } : section));
    return { ...inference, plan: { ...inference.plan, sections: changed } };
  };
}

/** The function of another operator, and its table. */
function functionOf(own: string, other: string): Deviate {
  return (honest) => {
    const named = honest.program.operators.find(({ name }) => name === other) as Requantise;
    const values = computing("requantise", own, ({ operator }) => ({
      operator: { ...operator, function: named.function },
    }));
    return { ...values(honest), plan: inTableOf(`${own}: function`, `${other}: function`) };
  };
}

export const TABLE_CHEATS: readonly Cheat[] = [
  activated("requantise", "rectified by the table of the absolute value", functionOf(RECTIFIED, ABSOLUTE)),
  activated("requantise", "absolute value by the table of the rectifier", functionOf(ABSOLUTE, RECTIFIED)),
  activated("requantise", "remainder in the larger range of another operator", (honest) => {
    // z one less, and a remainder of 4 to 7 in place of 0 to 3.
    const element = indexWhere(valuesOf(honest, RECTIFIED), (y) => y > 1 && y < 15);
    const x = valuesOf(honest, INPUT)[element];
    // The stored axes are [4, 6] in rows of 8.
    const cell = 8 * Math.floor(element / 6) + (element % 6);
    return {
      tamper: tamper(RECTIFIED, element, (y) => y - 1),
      cells: (cells) => {
        cells(`${RECTIFIED}: remainder`)[cell] = ((x + 2) & 3) + 4;
      },
      plan: inTableOf(`${RECTIFIED}: remainder`, `${ABSOLUTE}: remainder`),
    };
  }),
];
