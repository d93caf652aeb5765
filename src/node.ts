/** What needs a file system: keys on disk, and the file beside them that counts their proofs. */
export type { RenewalCounter, SlotCounter } from "./engine/slots.ts";
export { dataCounterOf, readDataFile, writeDataFile } from "./files/dataFiles.ts";
export { restoredCounterOf, slotCounterOf, writeKeys } from "./files/keyFiles.ts";
