import type { Ext } from "../../field/ext.ts";
import { extWords } from "../extLayout.ts";
import { storeLeafTable } from "../leafTable.ts";
import { randomBelow, randomElements, randomExt, randomWords, type Twin } from "./twin.ts";

type Each = (title: string, values: readonly number[], body: (value: number) => void) => void;

/** The kernels of the fractional sums; `halves` are lengths to try. */
export function describeFractions(each: Each, twinOf: () => Twin, halves: readonly number[]): void {
  each("leafFractionSum and extFromBase", halves, (half) => {
    const twin = twinOf();
    const p = twin.array(randomElements(2 * half));
    const q = twin.array(randomExt(2 * half));
    const sumP = twin.array(new Uint32Array(extWords(half)));
    const sumQ = twin.array(new Uint32Array(extWords(half)));
    twin.call((k, ptr) => k.leafFractionSum(ptr(sumP), ptr(sumQ), ptr(p), ptr(q), half));
    twin.expectSameExt(sumP, half);
    twin.expectSameExt(sumQ, half);
    const wide = twin.array(randomWords(extWords(half)));
    twin.call((k, ptr) => k.extFromBase(ptr(wide), ptr(p) + 4 * half, half));
    twin.expectSameExt(wide, half);
  });

  each("lookupLeaves", [0, 1, 4, 7, 10, 11, 15], (bits) => {
    const twin = twinOf();
    const element = (): Ext => [...randomElements(4)] as unknown as Ext;
    // Sections of falling size, each with padding along up to three axes.
    let offset = 0;
    const sections = [bits, bits, bits - 2, 2, 1, 1, 0, 0, 0].flatMap((own, i) => {
      if (own < 0 || own > bits) return [];
      const size = 2 ** own;
      const at = offset;
      offset += size;
      const strides = [0, Math.floor(own / 2), own].slice(0, own < 2 ? 1 : 1 + (i % 3));
      const levels = strides.map((shift, k) => {
        const next = strides[k + 1] ?? own;
        return {
          stride: 2 ** shift,
          length: Math.max(1, 2 ** (next - shift) - randomBelow(2 ** (next - shift))),
        };
      });
      const columns = Array.from({ length: 1 + (i % 4) }, () => twin.array(randomElements(size)));
      const counts = i % 3 === 1 ? twin.array(randomElements(size)) : null;
      return [{ offset: at, size, constant: element(), columns, counts, levels: levels.reverse() }];
    });
    const rest = { dummy: offset, delta: element(), factors: [0, 1, 2, 3].map(element) };
    const total = Math.max(4, 2 ** Math.ceil(Math.log2(offset + 1)));
    const ranges = [
      [0, total],
      [0, 2],
      [total / 4, total / 2],
      [total - 4, 4],
    ];
    for (const [start, count] of ranges) {
      if (start % 4 !== 0) continue;
      const p = twin.array(randomWords(count));
      const q = twin.array(randomExt(count));
      twin.call((k, ptr) => {
        const own = sections.map(({ columns, counts, ...section }) => ({
          ...section,
          columns: columns.map(ptr),
          multiplicities: counts === null ? 0 : ptr(counts),
        }));
        k.lookupLeaves(ptr(p), ptr(q), start, count, storeLeafTable(k, { sections: own, ...rest }));
      });
      twin.expectSameWords(p);
      twin.expectSameExt(q, count);
    }
  });

  each("fractionRound and fractionFoldRound", halves, (half) => {
    const twin = twinOf();
    // One block that is longer than needed, one that fits, and several.
    const blocks = [half + 3, half, 4, 8, 256, half / 2].filter(
      (length) => length >= Math.max(1, half) || (length % 4 === 0 && half % length === 0),
    );
    for (const lowLength of blocks) {
      twin.scope(() => {
        const low = twin.array(randomExt(lowLength));
        const high = twin.array(randomElements(4 * Math.max(1, Math.ceil(half / lowLength))));
        const [a, b, c, d] = [0, 1, 2, 3].map(() => twin.array(randomExt(4 * half)));
        const r = twin.array(randomElements(4));
        const out = twin.array(randomWords(8));
        twin.call((k, ptr) =>
          k.fractionRound(ptr(out), ptr(high), ptr(low), lowLength, ptr(a), ptr(b), ptr(c), ptr(d), half),
        );
        twin.expectSameWords(out);
        twin.call((k, ptr) =>
          k.fractionFoldRound(
            ptr(out),
            ptr(high),
            ptr(low),
            lowLength,
            ptr(a),
            ptr(b),
            ptr(c),
            ptr(d),
            half,
            ptr(r),
          ),
        );
        twin.expectSameWords(out);
        for (const table of [a, b, c, d]) twin.expectSameExt(table, 2 * half);
      });
    }
  });
}
