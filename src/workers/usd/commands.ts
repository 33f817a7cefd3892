/**
 * The order of work. One write runs at a time, first come first served; reads run at once, between two steps of a write.
 * A cancel overtakes: a waiting call is dropped, a running one is aborted. A coalesced write replaces an equal one that waits
 * directly before it (its callers get the newer answer), a preempting write aborts and drops everything before it.
 */
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import { CANCELLED, errorInfoOf } from './error-info.ts';

export interface CommandOutput {
  reply(call: number, reply: unknown): void;
  fail(call: number, error: ErrorInfo): void;
  /** A write failed after it had replied. */
  failedLate(error: ErrorInfo): void;
}

export interface RunningWrite {
  readonly signal: AbortSignal;
  /** Answers the callers before the work is over. What the work returns is ignored then. */
  readonly reply: (value: unknown) => void;
}

export interface WriteOptions {
  /** For messages, e.g. `Opening scene.usdz`. */
  readonly doing: string;
  readonly kind: string;
  readonly isCoalesced?: boolean;
  readonly isPreempting?: boolean;
}

interface Write extends WriteOptions {
  calls: number[];
  run: (write: RunningWrite) => Promise<unknown>;
  readonly controller: AbortController;
}

export class CommandQueue {
  #waiting: Write[] = [];
  #running: Write | undefined;
  #output: CommandOutput;

  constructor(output: CommandOutput) {
    this.#output = output;
  }

  write(call: number, options: WriteOptions, run: (write: RunningWrite) => Promise<unknown>): void {
    if (options.isPreempting === true) {
      for (const write of this.#waiting) this.#fail(write, CANCELLED);
      this.#waiting = [];
      this.#running?.controller.abort();
    }
    const last = this.#waiting.at(-1);
    if (options.isCoalesced === true && last?.kind === options.kind) {
      last.calls.push(call);
      last.run = run;
    } else this.#waiting.push({ ...options, calls: [call], run, controller: new AbortController() });
    void this.#pump();
  }

  read(call: number, doing: string, run: () => unknown): void {
    void (async () => {
      try {
        this.#output.reply(call, await run());
      } catch (error) {
        this.#output.fail(call, errorInfoOf(error, doing));
      }
    })();
  }

  cancel(call: number): void {
    const index = this.#waiting.findIndex((write) => write.calls.includes(call));
    const write = this.#waiting[index];
    if (write !== undefined) {
      write.calls = write.calls.filter((other) => other !== call);
      if (write.calls.length === 0) this.#waiting.splice(index, 1);
      this.#output.fail(call, CANCELLED);
    } else if (this.#running?.calls.includes(call) === true) this.#running.controller.abort();
  }

  /** Drops what waits and aborts what runs. */
  dispose(): void {
    this.#waiting = [];
    this.#running?.controller.abort();
  }

  async #pump(): Promise<void> {
    if (this.#running !== undefined) return;
    for (let write = this.#waiting.shift(); write !== undefined; write = this.#waiting.shift()) {
      this.#running = write;
      await this.#run(write);
      this.#running = undefined;
    }
  }

  async #run(write: Write): Promise<void> {
    let hasReplied = false;
    const reply = (value: unknown): void => {
      if (hasReplied) return;
      hasReplied = true;
      for (const call of write.calls) this.#output.reply(call, value);
    };
    try {
      reply(await write.run({ signal: write.controller.signal, reply }));
    } catch (error) {
      const info = errorInfoOf(error, write.doing);
      if (!hasReplied) this.#fail(write, info);
      else if (info.code !== 'cancelled') this.#output.failedLate(info);
    }
  }

  #fail(write: Write, error: ErrorInfo): void {
    for (const call of write.calls) this.#output.fail(call, error);
  }
}
