/** Every way to cheat in one place of one proof, with the check that must refuse it. */
import type { Cheat } from "./cheat.ts";
import { DATA_DRIVEN_CHEATS } from "./dataDrivenCheats.ts";
import { DENSE_CHEATS } from "./denseCheats.ts";
import { DIVIDE_CHEATS } from "./divideCheats.ts";
import { ELEMENTWISE_CHEATS } from "./elementwiseCheats.ts";
import { LAYER_CHEATS } from "./layerCheats.ts";
import { TABLE_CHEATS } from "./tableCheats.ts";
import { WIRING_CHEATS } from "./wiringCheats.ts";

export const CHEATS: readonly Cheat[] = [
  ...DENSE_CHEATS,
  ...LAYER_CHEATS,
  ...ELEMENTWISE_CHEATS,
  ...DIVIDE_CHEATS,
  ...DATA_DRIVEN_CHEATS,
  ...WIRING_CHEATS,
  ...TABLE_CHEATS,
];
