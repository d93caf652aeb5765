/** Cheats on quotients: whatever the committed y is, one of the three range checks has to fail. */
import { P } from "../../field/m31.ts";
import { type Cheat, cheatsOn, computing, type HonestRun, indexWhere, tamper, valuesOf } from "./cheat.ts";

const divided = cheatsOn("divided");

const NUMERATOR = "input 0";
const DENOMINATOR = "input 1";
const QUOTIENT = "divide 2";
/** The quotients twelvefold. */
const SHOWN = "combine 3";

interface Division {
  readonly element: number;
  readonly n: number;
  readonly d: number;
}

/** The first element whose numerator and denominator are so. */
function divisionWhere(honest: HonestRun, isFit: (n: number, d: number) => boolean): Division {
  const numerators = valuesOf(honest, NUMERATOR);
  const denominators = valuesOf(honest, DENOMINATOR);
  const element = indexWhere(numerators, (n, j) => isFit(n, denominators[j]));
  return { element, n: numerators[element], d: denominators[element] };
}

/** The field element y with n = y·d: both checks of the remainder 0 accept it. */
function fieldQuotient({ n, d }: Division): number {
  for (let k = 0; k < d; k++) if ((n + k * P) % d === 0) return (n + k * P) / d;
  throw new RangeError(`${d} has no inverse`);
}

const otherQuotient = (step: number, isFit: (n: number, d: number) => boolean) => (honest: HonestRun) => ({
  tamper: tamper(QUOTIENT, divisionWhere(honest, isFit).element, (y) => y + step),
});

export const DIVIDE_CHEATS: readonly Cheat[] = [
  divided(
    "divide",
    "one less: the remainder is the denominator or more",
    otherQuotient(-1, (n, d) => n >= d),
  ),
  divided(
    "divide",
    "one more: the remainder is negative",
    otherQuotient(1, (n, d) => n > 0 && n < d),
  ),
  divided(
    "divide",
    "rounded towards 0",
    otherQuotient(1, (n, d) => n < 0 && n % d !== 0),
  ),
  divided(
    "divide",
    "one less where the division is exact",
    otherQuotient(-1, (n, d) => n > 0 && n % d === 0),
  ),
  divided("divide", "a quotient mod p: remainder 0, a product that wraps", (honest) => {
    const division = divisionWhere(honest, (n, d) => d === 12 && n % d !== 0);
    const { element, n } = division;
    return {
      tamper: (name, values) => {
        if (name === QUOTIENT) values[element] = fieldQuotient(division);
        if (name === SHOWN) values[element] = n;
      },
    };
  }),
  divided(
    "divide",
    "operands exchanged",
    computing("divide", QUOTIENT, ({ operator: { numerator, denominator, ...operator }, tensors }) => ({
      operator: { ...operator, numerator: denominator, denominator: numerator },
      tensors: tensors.map((values, id) => (id === numerator ? values.map((n) => n || 1) : values)),
    })),
  ),
];
