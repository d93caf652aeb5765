import { blake3 } from "@noble/hashes/blake3.js";
import { P } from "../../field/m31.ts";
import type { KernelSet } from "../kernelSet.ts";
import type { WordMemory } from "./wordMemory.ts";

type HashKernels = Pick<KernelSet, "merkleLeaves" | "merkleNodes" | "grind" | "xofWords" | "maskToField">;

const HASH_WORDS = 8;
const BLOCK_WORDS = 16;

export function hashKernels(memory: WordMemory): HashKernels {
  const readKey = (keyPtr: number): Uint8Array =>
    bytesOf(memory.words.slice(keyPtr / 4, keyPtr / 4 + HASH_WORDS));

  return {
    merkleLeaves(dstPtr, matrixPtr, stride, rows, n, saltsPtr, label, keyPtr) {
      const words = memory.words;
      const key = readKey(keyPtr);
      for (let j = 0; j < n; j++) {
        const message = new Uint32Array(BLOCK_WORDS + rows);
        message.set([label, j, rows]);
        const salt = saltsPtr / 4 + HASH_WORDS * j;
        message.set(words.subarray(salt, salt + HASH_WORDS), 8);
        for (let r = 0; r < rows; r++) message[BLOCK_WORDS + r] = words[matrixPtr / 4 + r * stride + j];
        words.set(hash(key, message), dstPtr / 4 + HASH_WORDS * j);
      }
    },

    merkleNodes(dstPtr, srcPtr, count, keyPtr) {
      const words = memory.words;
      const key = readKey(keyPtr);
      for (let j = 0; j < count; j++) {
        const children = srcPtr / 4 + BLOCK_WORDS * j;
        words.set(hash(key, words.slice(children, children + BLOCK_WORDS)), dstPtr / 4 + HASH_WORDS * j);
      }
    },

    grind(statePtr, bits, start, count, keyPtr) {
      const key = readKey(keyPtr);
      const block = new Uint32Array(BLOCK_WORDS);
      block.set(memory.words.subarray(statePtr / 4, statePtr / 4 + HASH_WORDS));
      for (let nonce = start; nonce < start + count; nonce++) {
        block[HASH_WORDS] = nonce;
        if (hash(key, block)[0] % 2 ** bits === 0) return nonce;
      }
      return -1;
    },

    xofWords(dstPtr, numWords, keyPtr, firstBlock) {
      const skipped = BLOCK_WORDS * firstBlock;
      const stream = blake3(new Uint8Array(0), { key: readKey(keyPtr), dkLen: 4 * (skipped + numWords) });
      memory.words.set(new Uint32Array(stream.slice(4 * skipped).buffer), dstPtr / 4);
    },

    maskToField(ptr, numWords) {
      const words = memory.words.subarray(ptr / 4, ptr / 4 + numWords);
      for (let j = 0; j < numWords; j++) words[j] &= P;
      return words.indexOf(P);
    },
  };
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function hash(key: Uint8Array, message: Uint32Array): Uint32Array {
  return new Uint32Array(blake3(bytesOf(message), { key }).slice().buffer);
}
