/**
 * SOFTMAX of 8-bit integers as TensorFlow Lite's reference kernel computes it (reference/softmax.h over gemmlowp's
 * fixedpoint.h): what the file's last operator makes of the scores that a proof is about. No part of any proof.
 */

import { roundHalfAway } from "./activationRange.ts";
import { type ByteQuant, byteRange, clampTo } from "./byteQuant.ts";
import { quantiseMultiplier } from "./quantiseMultiplier.ts";

/** Differences to the largest score are fixed-point numbers of 5 integer and 26 fractional bits. */
const DIFFERENCE_INTEGER_BITS = 5;
const DIFFERENCE_FRACTION_BITS = 26;
/** Sums of exponentials have 12 integer bits. */
const SUM_INTEGER_BITS = 12;
const MAX_INT32 = 2 ** 31 - 1;

/** exp(−2^(k−2)) in 31 fractional bits, for bit k above the quarters of a difference. */
const EXPONENTIALS_OF_POWERS = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];
const EXP_OF_MINUS_EIGHTH = 1895147668;
const THIRD = 715827883;
/** 48/17 and −32/17 in 29 fractional bits: where Newton's iteration for a reciprocal starts. */
const NEWTON_CONSTANT = 1515870810;
const NEWTON_SLOPE = -1010580540;

/** gemmlowp's product of two 32-bit fixed-point numbers, rounded half up. */
function product(a: number, b: number): number {
  return Number((BigInt(a) * BigInt(b) + 2n ** 30n) >> 31n);
}

function divideByPower(x: number, exponent: number): number {
  return roundHalfAway(x / 2 ** exponent);
}

/** exp(a) for −1/4 ≤ a < 0, 31 fractional bits in and out: a Taylor polynomial around −1/8. */
function expNearZero(a: number): number {
  const x = a + 2 ** 28;
  const x2 = product(x, x);
  const x3 = product(x2, x);
  const x4 = product(x2, x2);
  const tail = divideByPower(product(divideByPower(x4, 2) + x3, THIRD) + x2, 1);
  return EXP_OF_MINUS_EIGHTH + product(EXP_OF_MINUS_EIGHTH, x + tail);
}

/** exp(a) for a ≤ 0 of 26 fractional bits, with 31 fractional bits. */
function expOfNegative(a: number): number {
  if (a === 0) return MAX_INT32;
  const quarter = 2 ** (DIFFERENCE_FRACTION_BITS - 2);
  const withinQuarter = (a & (quarter - 1)) - quarter;
  let result = expNearZero(withinQuarter * 2 ** DIFFERENCE_INTEGER_BITS);
  const quarters = (withinQuarter - a) / quarter;
  EXPONENTIALS_OF_POWERS.forEach((factor, bit) => {
    if ((quarters & (1 << bit)) !== 0) result = product(result, factor);
  });
  return result;
}

/** 1 / sum as scale · 2^−exponent, `scale` of 31 fractional bits, by three Newton steps. */
function reciprocal(sum: number): { scale: number; bitsOverUnit: number } {
  const headroom = Math.clz32(sum);
  const aboveOne = sum * 2 ** headroom - 2 ** 31;
  const half = Math.floor((aboveOne + MAX_INT32 + 1) / 2);
  let x = NEWTON_CONSTANT + product(half, NEWTON_SLOPE);
  for (let step = 0; step < 3; step++) x += 4 * product(x, 2 ** 29 - product(half, x));
  return { scale: Math.min(2 * x, MAX_INT32), bitsOverUnit: SUM_INTEGER_BITS - headroom };
}

/** The multiplier of differences and the difference below which an exponential counts as 0. */
function preparedScaling(scale: number): { multiplier: number; shift: number; least: number } {
  const real = Math.min(scale * 2 ** DIFFERENCE_FRACTION_BITS, MAX_INT32);
  const { multiplier, shift } = quantiseMultiplier(real);
  const largest = (2 ** DIFFERENCE_INTEGER_BITS - 1) * 2 ** DIFFERENCE_FRACTION_BITS;
  return { multiplier, shift, least: -Math.floor(largest / 2 ** shift) };
}

function softmaxRow(scores: Int32Array, input: ByteQuant, output: ByteQuant): Int32Array {
  const { multiplier, shift, least } = preparedScaling(input.scale);
  const range = byteRange(output.type);
  const highest = scores.reduce((most, score) => Math.max(most, score), byteRange(input.type).lo);
  const exponentials = Array.from(scores, (score) => {
    const difference = score - highest;
    if (difference < least) return undefined;
    return expOfNegative(product(difference * 2 ** shift, multiplier));
  });
  let sum = 0;
  for (const exponential of exponentials) {
    if (exponential !== undefined) sum += divideByPower(exponential, SUM_INTEGER_BITS);
  }
  const { scale, bitsOverUnit } = reciprocal(sum);
  return Int32Array.from(exponentials, (exponential) => {
    if (exponential === undefined) return range.lo;
    return clampTo(range, divideByPower(product(scale, exponential), bitsOverUnit + 23) + range.lo);
  });
}

/**
 * The stored probabilities of rows of `length` stored scores. The kernel takes an output scale of 1/256 and the lowest
 * integer as zero point for granted.
 */
export function softmaxIntegers(
  scores: Int32Array,
  length: number,
  input: ByteQuant,
  output: ByteQuant,
): Int32Array {
  const result = new Int32Array(scores.length);
  for (let start = 0; start < scores.length; start += length) {
    result.set(softmaxRow(scores.subarray(start, start + length), input, output), start);
  }
  return result;
}
