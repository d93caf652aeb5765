/**
 * The vector kernels of the prover, as one interface with two implementations: the plain TypeScript reference, kept for
 * ever, and AssemblyScript compiled to WASM SIMD. Kernels work inside one linear memory and take byte offsets
 * ("pointers", multiples of 64 for arrays); they never see a transcript and hold no state between calls.
 *
 * Field F: p = 2^31 − 1, one element per u32, inputs and outputs canonical (0 ≤ x < p).
 * Field K = F[i][u]/(i²+1, u²−2−i), an element is c0 + c1·i + c2·u + c3·iu. Scalars are 4 consecutive u32.
 * Vectors of K are `ext4` arrays: element j lives in the 64-byte line j>>2, coordinate c at word (j>>2)·16 + 4c + (j&3).
 * An ext4 array of n elements occupies ceil(n/4) lines; lanes beyond n are unspecified on input and ignored.
 * All counts may be 0, 1 or no multiple of 4 unless said otherwise. "half" arrays: x0 = elements [0, half),
 * x1 = elements [half, 2·half): the variable bound first is the most significant index bit.
 *
 * Arguments ending in `Ptr` are pointers; `dst` may equal `src` only where stated.
 */
export interface KernelSet {
  /** The whole linear memory as u32; re-read after every allocation (it may be replaced when memory grows). */
  readonly words: Uint32Array;
  /** Allocates zeroed memory for `numWords` u32, 64-byte aligned; returns its byte offset. Throws `resources.memory` beyond the limit. */
  alloc(numWords: number): number;
  /** The same with unspecified contents, for long arrays that are written in full anyway. */
  allocUnset(numWords: number): number;
  /** Everything allocated after `mark()` is freed by `release(mark)`. */
  mark(): number;
  release(mark: number): void;

  // --- code ---------------------------------------------------------------------------------------------------
  /**
   * Evaluates `rows` polynomials of the circle FFT space on the points of order exactly 2n, n = 2^logN.
   * Row r: coefficients at srcPtr + 4·r·srcStride (`numCoefficients` ≤ n words), codeword (n words) to dstPtr + 4·r·dstStride.
   * Basis, domain order and twiddles are those of src/code; twiddlesPtr points at the table it makes for logN.
   */
  circleEncodeRows(
    dstPtr: number,
    dstStride: number,
    srcPtr: number,
    srcStride: number,
    rows: number,
    numCoefficients: number,
    logN: number,
    twiddlesPtr: number,
  ): void;

  // --- hashing ------------------------------------------------------------------------------------------------
  /**
   * Leaf j of [0, n), n a multiple of 4: BLAKE3 keyed with keyPtr (8 words) of the 64-byte block
   * [label, j, rows, 0, 0, 0, 0, 0, salt_j (8 words)] followed by column j of the matrix (`rows` words, row r at
   * matrixPtr + 4·(r·stride + j)). All words little-endian. Any number of rows (several BLAKE3 chunks). 8 words per leaf to dst.
   */
  merkleLeaves(
    dstPtr: number,
    matrixPtr: number,
    stride: number,
    rows: number,
    n: number,
    saltsPtr: number,
    label: number,
    keyPtr: number,
  ): void;
  /** dst[j] = BLAKE3 keyed with keyPtr of the 64 bytes src[2j] ‖ src[2j+1], for j in [0, count). 8 words per node. */
  merkleNodes(dstPtr: number, srcPtr: number, count: number, keyPtr: number): void;
  /**
   * Smallest nonce in [start, start + count) such that the first word of BLAKE3 keyed with keyPtr of the 64-byte block
   * [state (8 words), nonce, 0 × 7] has its `bits` lowest bits zero; −1 if none. 0 ≤ bits ≤ 30, start + count < 2^31.
   */
  grind(statePtr: number, bits: number, start: number, count: number, keyPtr: number): number;
  /** BLAKE3 extended output keyed with keyPtr of an empty message: words [16·firstBlock, 16·firstBlock + numWords) of the stream. */
  xofWords(dstPtr: number, numWords: number, keyPtr: number, firstBlock: number): void;
  /** In place x = x & p (31 bits) for each word; returns the lowest index whose result equals p (not canonical), −1 if none. */
  maskToField(ptr: number, numWords: number): number;

  // --- linear combinations --------------------------------------------------------------------------------------
  /** dst[x] = Σ_r coefficient_r · M[r][x] for x in [0, length): M over F (row stride in words), coefficients in K (4 words each), dst ext4. Several times faster where |M| < 2048. */
  combineRows(
    dstPtr: number,
    matrixPtr: number,
    stride: number,
    rows: number,
    coefficientsPtr: number,
    length: number,
  ): void;
  /** The same for M over K: ext4 rows, row stride in elements, a multiple of 4; dst distinct from the matrix. */
  combineExtRows(
    dstPtr: number,
    matrixPtr: number,
    stride: number,
    rows: number,
    coefficientsPtr: number,
    length: number,
  ): void;
  /** dst[r] = Σ_x M[r][x] · ext[x] for r in [0, rows), x in [0, length): M over F (row stride in words), ext and dst ext4. */
  rowDots(
    dstPtr: number,
    matrixPtr: number,
    stride: number,
    rows: number,
    extPtr: number,
    length: number,
  ): void;
  /** out (4 words) = Σ_x base[x] · ext[x], base over F, ext ext4. */
  dotBaseExt(outPtr: number, basePtr: number, extPtr: number, length: number): void;
  /** out (4 words) = Σ_x f[x] · g[x], both ext4. */
  dotExt(outPtr: number, fPtr: number, gPtr: number, length: number): void;
  /** dst[x] = f[x] + scalar · g[x], all ext4; dst may equal f. */
  extMulAdd(dstPtr: number, fPtr: number, gPtr: number, scalarPtr: number, length: number): void;

  // --- multilinear tables ---------------------------------------------------------------------------------------
  /**
   * dst (ext4, 2·length) = [(1 − r)·src ‖ r·src]: prepends a variable with coordinate r as the most significant index
   * bit. dst may equal src. r: 4 words.
   */
  eqExpand(dstPtr: number, srcPtr: number, length: number, rPtr: number): void;
  /** dst[x] = src0[x] + r·(src1[x] − src0[x]) for x in [0, half), ext4; dst may equal src. */
  extFold(dstPtr: number, srcPtr: number, half: number, rPtr: number): void;
  /** out (8 words) = [Σ f0·g0, Σ (f1−f0)·(g1−g0)] over x in [0, half). */
  productRound(outPtr: number, fPtr: number, gPtr: number, half: number): void;

  // --- LogUp ------------------------------------------------------------------------------------------------------
  /**
   * Leaves [start, start + count) as a table (leafTable.ts) describes them: numerators over F to p, denominators as ext4
   * to q. start is a multiple of 4. Whole lines are written.
   */
  lookupLeaves(pPtr: number, qPtr: number, start: number, count: number, tablePtr: number): void;
  /** Fractions added pairwise: dstP = p0·q1 + p1·q0, dstQ = q0·q1 over x in [0, half). ext4; destinations distinct from sources. */
  fractionSum(dstPPtr: number, dstQPtr: number, pPtr: number, qPtr: number, half: number): void;
  /**
   * One round of Σ_x eq[x]·(a[x]·b[x] + c[x]·d[x]) over tables a, b, c, d of length 2·half and eq of length half:
   * out (8 words) = [value at X = 0, coefficient of X² ("value at infinity")].
   */
  gkrRound(
    outPtr: number,
    eqPtr: number,
    aPtr: number,
    bPtr: number,
    cPtr: number,
    dPtr: number,
    half: number,
  ): void;
  /** fractionSum for numerators over F: p has 2·half words. */
  leafFractionSum(dstPPtr: number, dstQPtr: number, pPtr: number, qPtr: number, half: number): void;
  /** dst[x] = src[x], elements of F as ext4; srcPtr a multiple of 4. */
  extFromBase(dstPtr: number, srcPtr: number, length: number): void;
  /**
   * gkrRound for eq[x] = high[x div lowLength]·low[x mod lowLength]: high are scalars (4 words each), low is ext4 of
   * lowLength elements. Either half ≤ lowLength, or lowLength is a multiple of 4 that divides half.
   */
  fractionRound(
    outPtr: number,
    highPtr: number,
    lowPtr: number,
    lowLength: number,
    aPtr: number,
    bPtr: number,
    cPtr: number,
    dPtr: number,
    half: number,
  ): void;
  /** The same after tables a, b, c, d of length 4·half have been folded in place, as extFold does with r. */
  fractionFoldRound(
    outPtr: number,
    highPtr: number,
    lowPtr: number,
    lowLength: number,
    aPtr: number,
    bPtr: number,
    cPtr: number,
    dPtr: number,
    half: number,
    rPtr: number,
  ): void;
}
