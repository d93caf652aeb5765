/** One polygon for each system over several scores: outside is best. */
import { lineRadial } from "d3-shape";
import { element, picture, textElement } from "../svg.ts";

export interface RadarSystem {
  readonly name: string;
  readonly colour: string;
  /** 0 to 1, one for each axis. */
  readonly scores: readonly number[];
}

const WIDTH = 720;
const HEIGHT = 400;
const CENTRE = { x: 300, y: 215 };
const RADIUS = 130;
const RINGS = [0.25, 0.5, 0.75, 1];
const FEWEST_AXES = 3;

/** Null with fewer than three axes or without systems. */
export function radarChart(
  title: string,
  axes: readonly string[],
  systems: readonly RadarSystem[],
): string | null {
  if (axes.length < FEWEST_AXES || systems.length === 0) return null;
  const angle = (index: number): number => (2 * Math.PI * index) / axes.length;
  const polygon = (scores: readonly number[]): string => {
    const corners = [...scores, scores[0]].map((score, index): [number, number] => [
      angle(index),
      score * RADIUS,
    ]);
    return lineRadial()(corners) ?? "";
  };
  const rings = RINGS.map((ring) =>
    element("path", { d: polygon(axes.map(() => ring)), fill: "none", stroke: "#ddd" }),
  );
  const labels = axes.map((label, index) => {
    const x = Math.sin(angle(index)) * (RADIUS + 14);
    const anchor = Math.abs(x) < 10 ? "middle" : x > 0 ? "start" : "end";
    return textElement(x, -Math.cos(angle(index)) * (RADIUS + 14) + 4, label, { "text-anchor": anchor });
  });
  const shapes = systems.map(({ scores, colour }) =>
    element("path", {
      d: polygon(scores),
      fill: colour,
      "fill-opacity": 0.12,
      stroke: colour,
      "stroke-width": 2,
    }),
  );
  const legend = systems.map(
    ({ name, colour }, index) =>
      element("rect", { x: 560, y: 50 + index * 20, width: 12, height: 12, fill: colour }) +
      textElement(578, 61 + index * 20, name),
  );
  const centred = [...rings, ...labels, ...shapes].join("");
  return picture(
    WIDTH,
    HEIGHT,
    title,
    element("g", { transform: `translate(${CENTRE.x} ${CENTRE.y})` }, centred) + legend.join(""),
  );
}
