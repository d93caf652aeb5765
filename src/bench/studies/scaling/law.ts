/**
 * Laws of growth with two parameters, fitted to measurements by least squares of the logarithms: what is off by 10 % counts the
 * same where it is large and where it is small. Bands by the delta method (Seber and Wild, "Nonlinear Regression", §5.1).
 */
import type { StudyPoint } from "../study.ts";
import { studentT } from "./studentT.ts";

export type LawKind = "power" | "linear" | "quadratic";

interface Form {
  readonly kind: LawKind;
  /** log y and its derivatives by both parameters. */
  readonly at: (x: number, p: Parameters) => { readonly log: number; readonly slope: Parameters };
  readonly start: (points: readonly StudyPoint[]) => Parameters;
  readonly holds: (p: Parameters) => boolean;
  readonly text: (p: Parameters) => string;
}

type Parameters = readonly [number, number];

export interface Law {
  readonly kind: LawKind;
  /** "y = 1.2·x^1.9". */
  readonly text: string;
  /** Standard deviation of log y around the law: 0.1 is about 10 %. */
  readonly residual: number;
  /** Residuals of the laws that were tried, smallest first. */
  readonly tried: readonly { readonly kind: LawKind; readonly residual: number }[];
  /** Smallest and largest x that it was fitted to. */
  readonly measured: { readonly from: number; readonly to: number };
  readonly count: number;
  readonly predict: (x: number) => Prediction;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Prediction {
  readonly y: number;
  /** Where the law itself lies. */
  readonly confidence: Interval;
  /** Where one further measurement lies. */
  readonly prediction: Interval;
}

/** Of all bands. */
export const CONFIDENCE = 0.95;
const FEWEST_SIZES = 3;
const MOST_ROUNDS = 100;

const shown = (value: number): string => `${Number(value.toPrecision(3))}`;

/** y = c + k·x^degree, with c and k as logarithms would have them: both at least 0. */
function polynomial(kind: LawKind, degree: number, name: string): Form {
  return {
    kind,
    at: (x, [c, k]) => {
      const y = c + k * x ** degree;
      return { log: Math.log(y), slope: [1 / y, x ** degree / y] };
    },
    start: (points) =>
      leastSquares(points.map(({ x, y }) => ({ row: [1, x ** degree], value: y, weight: 1 / y ** 2 }))),
    holds: ([c, k]) => c >= 0 && k >= 0 && c + k > 0,
    text: ([c, k]) => `y = ${shown(c)} + ${shown(k)}·${name}`,
  };
}

const FORMS: readonly Form[] = [
  {
    kind: "power",
    at: (x, [a, b]) => ({ log: a + b * Math.log(x), slope: [1, Math.log(x)] }),
    start: (points) =>
      leastSquares(points.map(({ x, y }) => ({ row: [1, Math.log(x)], value: Math.log(y), weight: 1 }))),
    holds: () => true,
    text: ([a, b]) => `y = ${shown(Math.exp(a))}·x^${b.toFixed(2)}`,
  },
  polynomial("linear", 1, "x"),
  polynomial("quadratic", 2, "x²"),
];

interface Equation {
  readonly row: Parameters;
  readonly value: number;
  readonly weight: number;
}

/** Inverse of the 2 × 2 matrix Σ weight · rowᵀ·row, as [aa, ab, bb]. */
function inverse(equations: readonly Equation[]): readonly [number, number, number] {
  let [aa, ab, bb] = [0, 0, 0];
  for (const { row, weight } of equations) {
    aa += weight * row[0] * row[0];
    ab += weight * row[0] * row[1];
    bb += weight * row[1] * row[1];
  }
  const determinant = aa * bb - ab * ab;
  return [bb / determinant, -ab / determinant, aa / determinant];
}

function leastSquares(equations: readonly Equation[]): Parameters {
  const [aa, ab, bb] = inverse(equations);
  let [u, v] = [0, 0];
  for (const { row, value, weight } of equations) {
    u += weight * row[0] * value;
    v += weight * row[1] * value;
  }
  return [aa * u + ab * v, ab * u + bb * v];
}

function residualSum(form: Form, p: Parameters, points: readonly StudyPoint[]): number {
  return points.reduce((sum, { x, y }) => sum + (Math.log(y) - form.at(x, p).log) ** 2, 0);
}

/** Gauss–Newton, with steps that are halved until they improve. Null where the law cannot hold. */
function fitted(form: Form, points: readonly StudyPoint[]): Parameters | null {
  let p = form.start(points);
  if (!p.every(Number.isFinite) || !form.holds(p)) return null;
  let best = residualSum(form, p, points);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const step = leastSquares(
      points.map(({ x, y }) => {
        const { log, slope } = form.at(x, p);
        return { row: slope, value: Math.log(y) - log, weight: 1 };
      }),
    );
    let next: Parameters | null = null;
    for (let share = 1; share > 1e-6 && next === null; share /= 2) {
      const moved: Parameters = [p[0] + share * step[0], p[1] + share * step[1]];
      if (form.holds(moved) && residualSum(form, moved, points) < best) next = moved;
    }
    if (next === null) break;
    p = next;
    const now = residualSum(form, p, points);
    if (best - now <= 1e-12 * best) break;
    best = now;
  }
  return p;
}

function lawOf(form: Form, p: Parameters, points: readonly StudyPoint[]): Omit<Law, "tried"> {
  const degrees = points.length - 2;
  const residual = Math.sqrt(residualSum(form, p, points) / degrees);
  const [aa, ab, bb] = inverse(points.map(({ x }) => ({ row: form.at(x, p).slope, value: 0, weight: 1 })));
  const quantile = studentT(CONFIDENCE, degrees);
  const xs = points.map(({ x }) => x);
  return {
    kind: form.kind,
    text: form.text(p),
    residual,
    count: points.length,
    measured: { from: Math.min(...xs), to: Math.max(...xs) },
    predict: (x) => {
      const { log, slope } = form.at(x, p);
      const leverage = aa * slope[0] ** 2 + 2 * ab * slope[0] * slope[1] + bb * slope[1] ** 2;
      const around = (variance: number): Interval => {
        const half = quantile * residual * Math.sqrt(variance);
        return { low: Math.exp(log - half), high: Math.exp(log + half) };
      };
      return { y: Math.exp(log), confidence: around(leverage), prediction: around(1 + leverage) };
    },
  };
}

/** The law with the smallest residual; null with fewer than three different x, or where a coordinate is not positive. */
export function fitLaw(points: readonly StudyPoint[]): Law | null {
  if (new Set(points.map(({ x }) => x)).size < FEWEST_SIZES) return null;
  if (!points.every(({ x, y }) => x > 0 && y > 0)) return null;
  const laws = FORMS.flatMap((form) => {
    const p = fitted(form, points);
    return p === null ? [] : [lawOf(form, p, points)];
  }).sort((a, b) => a.residual - b.residual);
  const tried = laws.map(({ kind, residual }) => ({ kind, residual }));
  return laws.length === 0 ? null : { ...laws[0], tried };
}
