/**
 * The scalars of the interactive part, without anything to say: every masked scalar and every scalar in clear is uniform,
 * the root of the lookup argument uniform among the values other than zero.
 */

import type { Ext } from "../../../field/ext.ts";
import { type ExtVector, toExtVector } from "../../../field/extVector.ts";
import { LABEL_ROOT } from "../../../lookup/verifier.ts";
import { HiddenScalar } from "../../../masking/hiddenScalar.ts";
import { type MessageReader, RESERVED_PADS } from "../../../masking/messages.ts";
import type { Transcript } from "../../../transcript/transcript.ts";
import type { Coins } from "./coins.ts";

export class SimulatedMessages implements MessageReader {
  private readonly transcript: Transcript;
  private readonly coins: Coins;
  private readonly sent: Ext[] = [];
  private nextPad: number = RESERVED_PADS;

  constructor(transcript: Transcript, coins: Coins) {
    this.transcript = transcript;
    this.coins = coins;
  }

  hidden(label: string): HiddenScalar {
    return HiddenScalar.masked(this.clear(label), this.nextPad++);
  }

  clear(label: string): Ext {
    const value = label === LABEL_ROOT ? this.coins.nonZeroExt() : this.coins.ext();
    this.transcript.absorbExts(label, [value]);
    this.sent.push(value);
    return value;
  }

  challenge(label: string): Ext {
    return this.transcript.challengeExt(label);
  }

  scalars(): ExtVector {
    return toExtVector(this.sent);
  }
}
