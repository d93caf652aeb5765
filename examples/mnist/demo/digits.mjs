/** The ten test digits that the demo can prove, and their picture in a terminal. */
import { readFileSync } from "node:fs";

const SIDE = 28;
const SHADES = [" ", "░", "▒", "▓", "█"];

/** @returns {{ digit: number, testIndex: number, pixels: number[] }} pixels row by row, 0 (black) to 255 */
export function loadDigit(digit) {
  const { digits } = JSON.parse(readFileSync(new URL("../digits.json", import.meta.url), "utf8"));
  const found = digits.find((entry) => entry.digit === digit);
  if (!found) throw new Error(`there is no digit ${digit} in digits.json: choose one from 0 to 9`);
  return found;
}

/** Two characters a pixel, because terminal cells are about twice as high as wide; empty margins are cut. */
export function drawDigit(pixels) {
  const rows = Array.from({ length: SIDE }, (_, row) => pixels.slice(row * SIDE, (row + 1) * SIDE));
  const lit = rows.map((row) => row.some((value) => value > 0));
  const shown = rows.slice(lit.indexOf(true), lit.lastIndexOf(true) + 1);
  const shade = (value) => SHADES[Math.ceil((value / 255) * (SHADES.length - 1))].repeat(2);
  return shown.map((row) => row.map(shade).join("").trimEnd()).join("\n");
}

/** The network's input: brightness from 0 to 1. */
export function networkInput(pixels) {
  return { input_data: [pixels.map((value) => value / 255)] };
}
