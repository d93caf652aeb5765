/** A build in a process of its own that makes one proof whenever it is asked. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./worker.mjs", import.meta.url));

export class ProverProcess {
  constructor(child) {
    this.child = child;
    this.ended = once(child, "exit").then(([code]) => {
      throw new Error(`the prover's process ended with ${code}`);
    });
    // Told to end, it has no more to answer.
    this.ended.catch(() => {});
  }

  /** Compiles the model and sets keys up with that build. */
  static async start(build, { name, data, threads }) {
    const prover = new ProverProcess(fork(SCRIPT, [build, name, data, threads]));
    await prover.answer();
    return prover;
  }

  async sample() {
    this.child.send("prove");
    return this.answer();
  }

  async answer() {
    const [message] = await Promise.race([once(this.child, "message"), this.ended]);
    return message;
  }

  stop() {
    this.child.kill();
  }
}
