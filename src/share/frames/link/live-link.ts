/**
 * What all links share: an envelope around messages, so that the link's own are told apart, and the watch over the other end.
 *
 * How an end learns that the other is gone, fastest first:
 *
 * 1. `close` and the leaving of a page (`pagehide`) say so in a message.
 * 2. A Web Lock (see `liveness-lock.ts`) of the other end is freed: about 5 ms after a worker is terminated, 70 ms after a window is shut. A busy, hidden
 *    or blocked end is never taken for dead.
 * 3. Without locks (opaque origins, insecure contexts, other storage keys): a ping every 150 ms. Six in a row without any message back mean the loss of a
 *    worker, 0.9 s after its last sign; for a window, which says when it leaves unless it crashes, it takes 21 (3.2 s). Pings are answered by the message
 *    handler, which is not throttled in hidden windows as timers are; a throttled timer here (1 Hz) counts for three pings, so that the loss of a worker is
 *    noticed after two of its ticks. A long task of this thread is no silence of the other. An end whose thread is blocked for longer than that is taken
 *    for dead: nothing on the web tells the two apart.
 *
 * The watch begins with the other end's first message: a port that nobody has opened yet may lie in a handle for as long as it takes.
 */
import type { Link } from './link.ts';
import { holdLivenessLock, watchLivenessLock } from './liveness-lock.ts';

export interface LinkOptions {
  /** Whether Web Locks are used where they work. Default true; without, heartbeats are tested. */
  readonly usesLocks?: boolean;
}

/** What carries the messages. */
export interface Wire {
  readonly canTransfer: boolean;
  post(envelope: LinkEnvelope, transfer: Transferable[]): void;
  close(): void;
}

export type LinkEnvelope =
  /** `isWindow`: it says so when it leaves. */
  | { readonly kind: 'link-open'; readonly isWindow: boolean }
  | { readonly kind: 'link-lock'; readonly name: string }
  | { readonly kind: 'link-ping' }
  | { readonly kind: 'link-pong' }
  | { readonly kind: 'link-close' }
  | { readonly kind: 'link-message'; readonly message: unknown };

const PING_MS = 150;
/** A worker is terminated without a word. */
const MISSED_PINGS = 5;
/** Only a crash keeps a window from saying that it leaves; its long tasks are far more common. */
const MISSED_PINGS_OF_WINDOW = 20;
/** What one late tick may count for: two ticks of a throttled timer are a loss, one is not. */
const PINGS_PER_TICK = 3;
/** Messages that were sent before the end died may arrive after its lock is freed. */
const LAST_MESSAGES_MS = 50;

export class LiveLink implements Link {
  readonly canTransfer: boolean;
  #wire: Wire;
  #kept: unknown[] = [];
  #listener: ((message: unknown) => void) | undefined;
  #onUnreadable: (() => void)[] = [];
  #onLost: (() => void)[] = [];
  #state: 'open' | 'lost' | 'closed' = 'open';
  #end = new AbortController();
  #usesLocks: boolean;
  #heardCount = 0;
  #isWatched = false;
  #missedPings = 0;
  #mostMissedPings = MISSED_PINGS;
  #pingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(wire: Wire, { usesLocks = true }: LinkOptions) {
    this.#wire = wire;
    this.canTransfer = wire.canTransfer;
    this.#usesLocks = usesLocks;
    const isWindow = 'document' in globalThis;
    this.#send({ kind: 'link-open', isWindow });
    if (usesLocks) holdLivenessLock((name) => this.#send({ kind: 'link-lock', name }), this.#end.signal);
    // A page that may come back from the cache of pages has lost its connections all the same: the other end cannot wait for it.
    if (isWindow) globalThis.addEventListener('pagehide', () => this.#leave(), { signal: this.#end.signal });
  }

  post(message: unknown, transfer: Transferable[] = []): void {
    this.#send({ kind: 'link-message', message }, transfer);
  }

  listen(listener: (message: unknown) => void): void {
    this.#listener = listener;
    for (const message of this.#kept.splice(0)) listener(message);
  }

  onUnreadable(listener: () => void): void {
    this.#onUnreadable.push(listener);
  }

  onLost(listener: () => void): void {
    if (this.#state === 'lost') {
      queueMicrotask(() => {
        if (this.#state === 'lost') listener();
      });
    } else this.#onLost.push(listener);
  }

  close(): void {
    if (this.#state === 'open') {
      this.#send({ kind: 'link-close' });
      this.#stop();
    }
    this.#state = 'closed';
    this.#kept = [];
    this.#listener = undefined;
  }

  /** The wire brought something. */
  receive(envelope: unknown): void {
    if (this.#state !== 'open' || typeof envelope !== 'object' || envelope === null) return;
    const { kind, name, message, isWindow } = envelope as Readonly<Record<string, unknown>>;
    this.#hear();
    if (kind === 'link-message') {
      if (this.#listener === undefined) this.#kept.push(message);
      else this.#listener(message);
    } else if (kind === 'link-open') this.#mostMissedPings = isWindow === true ? MISSED_PINGS_OF_WINDOW : MISSED_PINGS;
    else if (kind === 'link-ping') this.#send({ kind: 'link-pong' });
    else if (kind === 'link-close') this.lose();
    else if (kind === 'link-lock' && typeof name === 'string' && this.#usesLocks) this.#watch(name);
  }

  receiveUnreadable(): void {
    if (this.#state !== 'open') return;
    this.#hear();
    for (const listener of this.#onUnreadable) listener();
  }

  /** The other end is known to be gone. */
  lose(): void {
    if (this.#state !== 'open') return;
    this.#state = 'lost';
    this.#stop();
    for (const listener of this.#onLost.splice(0)) listener();
  }

  #send(envelope: LinkEnvelope, transfer: Transferable[] = []): void {
    if (this.#state === 'open') this.#wire.post(envelope, transfer);
  }

  #leave(): void {
    this.#send({ kind: 'link-close' });
    this.lose();
  }

  #stop(): void {
    clearTimeout(this.#pingTimer);
    this.#end.abort();
    this.#wire.close();
  }

  #hear(): void {
    this.#missedPings = 0;
    this.#heardCount += 1;
    if (this.#heardCount === 1) this.#ping();
  }

  #ping(): void {
    const begin = performance.now();
    const heard = this.#heardCount;
    this.#pingTimer = setTimeout(() => {
      const pings = Math.max(Math.round((performance.now() - begin) / PING_MS), 1);
      if (pings === 1) this.#judge(1);
      else this.#judgeLate(Math.min(pings, PINGS_PER_TICK), heard);
    }, PING_MS);
    this.#send({ kind: 'link-ping' });
  }

  /**
   * The timer was late: throttled, or this thread was busy, and then answers may wait behind it. They come before a message that is sent now.
   *
   * @param heard how many messages had come when the timer was set
   */
  #judgeLate(pings: number, heard: number): void {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = () => {
      port2.close();
      this.#judge(this.#heardCount === heard ? pings : 0);
    };
    port1.postMessage(undefined);
  }

  #judge(pings: number): void {
    if (this.#isWatched || this.#state !== 'open') return;
    this.#missedPings += pings;
    if (this.#missedPings > this.#mostMissedPings) this.lose();
    else this.#ping();
  }

  #watch(name: string): void {
    watchLivenessLock(
      name,
      () => {
        this.#isWatched = true;
      },
      () => setTimeout(() => this.lose(), LAST_MESSAGES_MS),
      this.#end.signal,
    );
  }
}
