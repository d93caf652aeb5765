/** Series of points over two axes, each logarithmic or linear, with fitted exponents in the legend. */
import { scaleLinear, scaleLog } from "d3-scale";
import { area, line } from "d3-shape";
import { type Point, powerFit } from "../powerFit.ts";
import { element, picture, textElement } from "../svg.ts";

export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
  /** A fitted curve, drawn dashed; points are then not joined. */
  readonly curve?: readonly Point[];
  /** Around the curve. */
  readonly band?: readonly BandPoint[];
  /** Published elsewhere: hollow points, no line, no fit. */
  readonly published?: boolean;
  /** A second line of the same colour. */
  readonly dashed?: boolean;
  /** Points without a line: neighbours have nothing to do with one another. */
  readonly scattered?: boolean;
}

export interface BandPoint {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

export interface Axis {
  readonly label: string;
  /** Logarithmic where all values are positive; "linear" asks for the other. */
  readonly kind?: "linear";
  readonly format: (value: number) => string;
}

interface Scale {
  (value: number): number;
  ticks(count: number): number[];
}

const WIDTH = 800;
const HEIGHT = 380;
const FRAME = { left: 80, right: 490, top: 56, bottom: 320 };
const TICKS = 6;
const LEGEND_STEP = 18;

function scaleOf(values: readonly number[], { kind }: Axis, range: [number, number]): Scale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (kind !== "linear" && low > 0) {
    const domain = low === high ? [low / 2, high * 2] : [low / 1.15, high * 1.15];
    return scaleLog().domain(domain).range(range);
  }
  const pad = low === high ? Math.abs(low) * 0.05 || 1 : (high - low) * 0.05;
  return scaleLinear()
    .domain([low - pad, high + pad])
    .range(range);
}

/** A logarithmic scale offers up to nine ticks a decade: too many labels once there are several. */
function ticksOf(scale: Scale): number[] {
  const ticks = scale.ticks(TICKS);
  if (ticks.length <= 2 * TICKS) return ticks;
  const decades = ticks.filter((tick) => Number.isInteger(Math.log10(tick)));
  return decades.length >= 2 ? decades : ticks.filter((_, index) => index % 3 === 0);
}

function axes(x: Scale, y: Scale, xAxis: Axis, yAxis: Axis): string {
  const { left, right, top, bottom } = FRAME;
  const grid = { stroke: "#ddd" };
  const vertical = ticksOf(x).map(
    (tick) =>
      element("line", { x1: x(tick), x2: x(tick), y1: top, y2: bottom, ...grid }) +
      textElement(x(tick), bottom + 16, xAxis.format(tick), { "text-anchor": "middle" }),
  );
  const horizontal = ticksOf(y).map(
    (tick) =>
      element("line", { x1: left, x2: right, y1: y(tick), y2: y(tick), ...grid }) +
      textElement(left - 6, y(tick) + 4, yAxis.format(tick), { "text-anchor": "end" }),
  );
  const labels =
    textElement((left + right) / 2, bottom + 40, xAxis.label, { "text-anchor": "middle" }) +
    textElement(14, top - 8, yAxis.label);
  return [...vertical, ...horizontal, labels].join("");
}

function byX<P extends { readonly x: number }>(points: readonly P[]): P[] {
  return [...points].sort((a, b) => a.x - b.x);
}

function drawBand({ band = [], colour }: Series, x: Scale, y: Scale): string {
  const shape = area<BandPoint>(
    (point) => x(point.x),
    (point) => y(point.low),
    (point) => y(point.high),
  )(byX(band));
  return shape === null ? "" : element("path", { d: shape, fill: colour, "fill-opacity": 0.15 });
}

function drawSeries(
  { points, colour, published, curve, dashed, scattered }: Series,
  x: Scale,
  y: Scale,
): string {
  const sorted = byX(points);
  const path = line<Point>(
    (point) => x(point.x),
    (point) => y(point.y),
  )(curve === undefined ? sorted : byX(curve));
  const dash = curve === undefined && dashed !== true ? {} : { "stroke-dasharray": "5 3" };
  const stroke =
    published === true || scattered === true || path === null
      ? ""
      : element("path", { d: path, fill: "none", stroke: colour, "stroke-width": 2, ...dash });
  const fill = published === true ? "#fff" : colour;
  const dots = sorted.map((point) =>
    element("circle", { cx: x(point.x), cy: y(point.y), r: 4, fill, stroke: colour, "stroke-width": 1.5 }),
  );
  return stroke + dots.join("");
}

function legend(series: readonly Series[], withFit: boolean): string {
  return series
    .map(({ name, colour, points, published }, index) => {
      const at = FRAME.top + 10 + index * LEGEND_STEP;
      const fit = withFit && published !== true ? powerFit(points) : null;
      const exponent = fit === null ? "" : `: ∝ x^${fit.exponent.toFixed(2)} (R² ${fit.r2.toFixed(2)})`;
      const fill = published === true ? "#fff" : colour;
      return (
        element("circle", { cx: FRAME.right + 16, cy: at - 4, r: 4, fill, stroke: colour }) +
        textElement(
          FRAME.right + 26,
          at,
          `${name}${published === true ? ", published elsewhere" : exponent}`,
          {
            "font-size": 11,
          },
        )
      );
    })
    .join("");
}

/** Null where there is no point. */
export function linePlot(
  title: string,
  series: readonly Series[],
  xAxis: Axis,
  yAxis: Axis,
  { withFit = true }: { readonly withFit?: boolean } = {},
): string | null {
  const filled = series.filter(({ points }) => points.length > 0);
  const points = filled.flatMap(({ points: own, curve = [], band = [] }) => [
    ...own,
    ...curve,
    ...band.flatMap(({ x, low, high }) => [
      { x, y: low },
      { x, y: high },
    ]),
  ]);
  if (points.length === 0) return null;
  const x = scaleOf(
    points.map((point) => point.x),
    xAxis,
    [FRAME.left, FRAME.right],
  );
  const y = scaleOf(
    points.map((point) => point.y),
    yAxis,
    [FRAME.bottom, FRAME.top],
  );
  const bands = filled.map((entry) => drawBand(entry, x, y));
  const drawn = [...bands, ...filled.map((entry) => drawSeries(entry, x, y))].join("");
  return picture(WIDTH, HEIGHT, title, axes(x, y, xAxis, yAxis) + drawn + legend(filled, withFit));
}
