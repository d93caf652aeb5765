/**
 * AssemblyScript source of the BLAKE3 compression function on four messages at once, with its seven rounds unrolled:
 * the message order of each round is then a constant, and no table is read. BLAKE3 specification, section 2.2.
 */
const IV = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a];
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
const ROUNDS = 7;
const COLUMNS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
];
const DIAGONALS = [
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

const word = (k) => `v128.load(block, ${16 * k})`;

/** Four independent quarter-rounds, step by step side by side, so that their latencies overlap. */
function quarterRounds(lanes, messages) {
  const steps = [
    ([a, b], m) => `v${a} = i32x4.add(i32x4.add(v${a}, v${b}), ${word(m[0])});`,
    ([a, , , d]) => `v${d} = rotate16(v128.xor(v${d}, v${a}));`,
    ([, , c, d]) => `v${c} = i32x4.add(v${c}, v${d});`,
    ([, b, c]) => `v${b} = rotate12(v128.xor(v${b}, v${c}));`,
    ([a, b], m) => `v${a} = i32x4.add(i32x4.add(v${a}, v${b}), ${word(m[1])});`,
    ([a, , , d]) => `v${d} = rotate8(v128.xor(v${d}, v${a}));`,
    ([, , c, d]) => `v${c} = i32x4.add(v${c}, v${d});`,
    ([, b, c]) => `v${b} = rotate7(v128.xor(v${b}, v${c}));`,
  ];
  return steps.flatMap((step) => lanes.map((lane, k) => `  ${step(lane, messages.slice(2 * k, 2 * k + 2))}`));
}

/** `wide`: also write the upper eight output words, which only extended output needs. */
function compression(name, wide) {
  const lines = [
    `export function ${name}(out: usize, cv: usize, block: usize, counter: v128, length: u32, flags: u32): void {`,
  ];
  for (let k = 0; k < 8; k++) lines.push(`  let v${k} = v128.load(cv, ${16 * k});`);
  IV.forEach((value, k) => {
    lines.push(`  let v${8 + k} = i32x4.splat(${value | 0});`);
  });
  lines.push("  let v12 = counter;", "  let v13 = i32x4.splat(0);");
  lines.push("  let v14 = i32x4.splat(length);", "  let v15 = i32x4.splat(flags);");
  let order = PERMUTATION.map((_, k) => k);
  for (let round = 0; round < ROUNDS; round++) {
    lines.push(...quarterRounds(COLUMNS, order.slice(0, 8)), ...quarterRounds(DIAGONALS, order.slice(8)));
    order = PERMUTATION.map((k) => order[k]);
  }
  if (wide) {
    for (let k = 0; k < 8; k++) {
      lines.push(`  v128.store(out, v128.xor(v${8 + k}, v128.load(cv, ${16 * k})), ${128 + 16 * k});`);
    }
  }
  for (let k = 0; k < 8; k++) lines.push(`  v128.store(out, v128.xor(v${k}, v${8 + k}), ${16 * k});`);
  lines.push("}");
  return lines.join("\n");
}

export function blake3Source() {
  return [
    "// Written by scripts/blake3Source.mjs.",
    'import { rotate7, rotate8, rotate12, rotate16 } from "../rotate";',
    compression("compress4", false),
    compression("compress4Wide", true),
    "",
  ].join("\n");
}
