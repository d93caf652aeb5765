/** The exports of the kernel module: ranges of work, in whole lines; src/kernels/wasm cuts them and adds up the parts. */
export { circleEncodeRows } from "./circle";
export { combineExtRows } from "./combineExtRows";
export { combineRows } from "./combineRows";
export { dotBaseExt, dotExt } from "./dots";
export { fractionFoldRound, fractionRound } from "./fractionRound";
export { fractionSum } from "./fractions";
export { gkrRound } from "./gkrRound";
export { grind, maskToField, merkleNodes, xofWords } from "./hashing";
export { merkleLeaves } from "./leaves";
export { extFromBase, leafFractionSum } from "./leafFractions";
export { lookupLeaves } from "./lookupLeaves";
export { extMove } from "./moves";
export { productRound } from "./productRound";
export { rowDots } from "./rowDots";
export { eqExpand, extFold, extMulAdd } from "./scale";
export { setScratch } from "./scratch";
