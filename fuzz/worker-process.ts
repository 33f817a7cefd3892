import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import type { WorkerReply, WorkerRequest, WorkerSettings } from './messages.ts';

/** Looks for a process that stands still, so often. */
const WATCH_MS = 1000;

/** How a request ended: with a reply, or because the process died or stood still at one input. */
export type Ending = { readonly kind: 'reply'; readonly reply: WorkerReply } | { readonly kind: 'dead' | 'hung'; readonly index: number };

/** A process that works, and the watch over it. It is gone after any ending but a reply. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #progress: string;
  readonly #ready: Promise<Ending>;

  constructor(script: string, settings: WorkerSettings, onExit: () => void) {
    this.#progress = settings.progress;
    this.#child = fork(script, [], { execArgv: ['--max-old-space-size=512'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.on('exit', onExit);
    this.#ready = this.#exchange({ kind: 'start', settings }, 120_000);
  }

  /** Resolves with the number of seeds once the process can work. */
  async started(): Promise<number> {
    const ending = await this.#ready;
    if (ending.kind === 'reply' && ending.reply.kind === 'ready') return ending.reply.seedCount;
    throw new Error('a worker process did not start');
  }

  /** @param hangMs how long one input may take by the clock */
  async ask(request: WorkerRequest, hangMs: number): Promise<Ending> {
    await this.started();
    return this.#exchange(request, hangMs);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #exchange(request: WorkerRequest, hangMs: number): Promise<Ending> {
    const child = this.#child;
    return new Promise((resolve) => {
      let [index, since] = [this.#index(), performance.now()];
      const end = (ending: Ending): void => {
        clearInterval(watch);
        child.off('message', onMessage);
        child.off('exit', onExit);
        resolve(ending);
      };
      const onMessage = (reply: WorkerReply): void => end({ kind: 'reply', reply });
      const onExit = (): void => end({ kind: 'dead', index: this.#index() });
      const watch = setInterval(() => {
        const now = this.#index();
        if (now !== index) [index, since] = [now, performance.now()];
        else if (performance.now() - since > hangMs) {
          this.stop();
          end({ kind: 'hung', index });
        }
      }, WATCH_MS);
      child.on('message', onMessage);
      child.on('exit', onExit);
      if (child.connected) child.send(request);
      else end({ kind: 'dead', index });
    });
  }

  #index(): number {
    const value = new Float64Array(1);
    try {
      const file = openSync(this.#progress, 'r');
      readSync(file, new Uint8Array(value.buffer), 0, 8, 0);
      closeSync(file);
    } catch {
      return -1; // not written yet
    }
    return value[0]!;
  }
}
