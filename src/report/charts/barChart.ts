/** Horizontal bars on a logarithmic scale, as systems differ by orders of magnitude. */
import { scaleLog } from "d3-scale";
import { element, picture, textElement } from "../svg.ts";

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly colour: string;
  /** Published elsewhere: hollow. */
  readonly published?: boolean;
}

const WIDTH = 800;
const LEFT = 260;
const RIGHT = 600;
const TOP = 40;
const STEP = 22;
const BAR = 15;

/** Null where there is no bar. Values that are not positive have no place on the scale and are left out. */
export function barChart(
  title: string,
  bars: readonly Bar[],
  format: (value: number) => string,
): string | null {
  const drawn = bars.filter(({ value }) => value > 0);
  if (drawn.length === 0) return null;
  const values = drawn.map(({ value }) => value);
  const scale = scaleLog()
    .domain([Math.min(...values) / 2, Math.max(...values)])
    .range([LEFT, RIGHT]);
  const content = drawn.map(({ label, value, colour, published }, index) => {
    const y = TOP + index * STEP;
    const style =
      published === true ? { fill: "#fff", stroke: colour, "stroke-dasharray": "3 2" } : { fill: colour };
    const text = published === true ? `${format(value)}, published elsewhere` : format(value);
    return (
      textElement(LEFT - 8, y + BAR - 3, label, { "text-anchor": "end", "font-size": 11 }) +
      element("rect", { x: LEFT, y, width: scale(value) - LEFT, height: BAR, ...style }) +
      textElement(scale(value) + 6, y + BAR - 3, text, { "font-size": 11 })
    );
  });
  return picture(WIDTH, TOP + drawn.length * STEP + 16, title, content.join(""));
}
