/**
 * Measures shared frames, cell by cell. `window.measureShare(cell)` measures one; with `?run` in its address the page goes through all of them by itself and
 * posts the rows to `/done`.
 */
import { CallClient } from '../../src/share/protocol/channel.ts';
import { transferablesOf } from '../../src/share/frames/texture-handle.ts';
import { TRANSPORTS } from '../../src/share/frames/transports/registry.ts';
import { MeasuredEnd, type ShareEndCalls } from './share-end.ts';
import { joinStamps, shareCells, type ShareCell, type ShareFigures, type SharePair, type ShareRow } from './share-figures.ts';

/** Frames of one cell, and the time for them. */
const FRAMES = 150;
const LIMIT_MS = 2500;
const WARM_UP = 5;
/** For everything of one cell. */
const CELL_LIMIT_MS = 30_000;

type Caller = <K extends keyof ShareEndCalls>(
  kind: K,
  request: ShareEndCalls[K]['request'],
  transfer?: Transferable[],
) => Promise<ShareEndCalls[K]['reply']>;

interface End {
  readonly call: Caller;
  /** Of what the end lives in, where that cannot be used again after a failure. */
  dispose(): void;
}

interface Pair {
  readonly producer: End;
  readonly consumer: End;
}

let pair: { readonly kind: SharePair; readonly ends: Pair } | undefined;
let couldPopUp = true;

function callerOf(client: CallClient<ShareEndCalls>): Caller {
  return (kind, request, transfer = []) => client.call(kind, request, { transfer });
}

async function inWorker(): Promise<End> {
  const worker = new Worker(new URL('./share-worker.ts', import.meta.url), { type: 'module' });
  const client = new CallClient<ShareEndCalls>(worker);
  worker.addEventListener('message', ({ data }) => client.settle(data));
  const call = callerOf(client);
  await call('start', {});
  return { call, dispose: () => worker.terminate() };
}

async function inPage(): Promise<End> {
  const end = new MeasuredEnd();
  const call = (async (kind: keyof ShareEndCalls, request: object) => (end[kind] as (request: object) => unknown)(request)) as Caller;
  await end.start();
  return { call, dispose: () => end.end() };
}

/** A popup, or where none opens an iframe. */
async function inWindow(): Promise<End> {
  const popup = couldPopUp ? window.open('share-window.html', '', 'popup,width=300,height=200') : null;
  couldPopUp = popup !== null;
  const frame = popup === null ? document.createElement('iframe') : undefined;
  if (frame !== undefined) {
    frame.src = 'share-window.html';
    document.body.append(frame);
  }
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the window does not answer')), 10_000);
    window.addEventListener('message', function listen({ data }) {
      if ((data as { kind?: string }).kind !== 'end-up') return;
      clearTimeout(timer);
      window.removeEventListener('message', listen);
      resolve();
    });
  });
  const { port1, port2 } = new MessageChannel();
  (popup ?? frame?.contentWindow)?.postMessage(null, '*', [port2]);
  const client = new CallClient<ShareEndCalls>(port1);
  port1.onmessage = ({ data }) => client.settle(data);
  const call = callerOf(client);
  const dispose = (): void => {
    popup?.close();
    frame?.remove();
  };
  await call('start', {});
  return { call, dispose };
}

async function endsOf(kind: SharePair): Promise<Pair> {
  if (pair?.kind === kind) return pair.ends;
  dropPair();
  let ends: Pair;
  if (kind === 'worker to worker') ends = { producer: await inWorker(), consumer: await inWorker() };
  else if (kind === 'within a worker') {
    const worker = await inWorker();
    ends = { producer: worker, consumer: worker };
  } else ends = { producer: await inPage(), consumer: await inWindow() };
  pair = { kind, ends };
  return ends;
}

function dropPair(): void {
  pair?.ends.producer.dispose();
  pair?.ends.consumer.dispose();
  pair = undefined;
}

/** Turns of the event loop in a while, on the page's main thread. */
class TurnCount {
  #channel = new MessageChannel();
  #turns = 0;
  #isOn = true;

  constructor() {
    this.#channel.port1.onmessage = () => {
      this.#turns++;
      if (this.#isOn) this.#channel.port2.postMessage(null);
    };
    this.#channel.port2.postMessage(null);
  }

  stop(): number {
    this.#isOn = false;
    this.#channel.port1.close();
    return this.#turns;
  }
}

async function turnsPerMs(): Promise<number> {
  const count = new TurnCount();
  const begin = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const ms = performance.now() - begin;
  return count.stop() / ms;
}

async function measure(cell: ShareCell): Promise<ShareFigures> {
  const { producer, consumer } = await endsOf(cell.pair);
  const connecting = performance.now();
  const handle = await producer.call('exportFrames', { cell });
  const transport = await consumer.call('importFrames', { handle }, transferablesOf(handle));
  const connectMs = performance.now() - connecting;
  const run = async (): Promise<ReturnType<typeof joinStamps> & Rest> => {
    const consuming = consumer.call('consume', {});
    const produced = await producer.call('produce', { cell, frames: FRAMES, limitMs: LIMIT_MS });
    await consumer.call('finish', { lastValue: produced.values.at(-1) ?? 0 });
    const consumed = await consuming;
    const { wrongColor } = consumed;
    return {
      ...joinStamps(produced, consumed, WARM_UP),
      copiesSeen: (produced.copies + consumed.copies) / Math.max(1, produced.values.length),
      ...(wrongColor === undefined ? {} : { wrongColor }),
    };
  };
  const figures = await run();
  const isOnMain = cell.pair.startsWith('window');
  const mainThreadMs = isOnMain ? await mainThreadOf(run) : 0;
  const measured = cell.transport === 'auto' ? await producer.call('measured', {}) : undefined;
  await producer.call('end', {});
  if (consumer !== producer) await consumer.call('end', {});
  return {
    ...figures,
    transport,
    mainThreadMs,
    copiesSaid: TRANSPORTS.find(({ kind }) => kind === transport)?.copies ?? Number.NaN,
    connectMs,
    ...(measured === undefined ? {} : { measured }),
  };
}

type Rest = Pick<ShareFigures, 'copiesSeen' | 'wrongColor'>;

/** In a run of its own, as counting keeps the thread busy: turns that it could not make while frames were shared. */
async function mainThreadOf(run: () => Promise<{ readonly framesPerSecond: number }>): Promise<number> {
  const most = await turnsPerMs();
  const count = new TurnCount();
  const begin = performance.now();
  const { framesPerSecond } = await run();
  const elapsed = performance.now() - begin;
  const lostMs = elapsed - count.stop() / most;
  return Math.max(0, lostMs) / Math.max(1, (framesPerSecond * elapsed) / 1000);
}

async function measureShare(cell: ShareCell): Promise<ShareRow> {
  /** As far as is known by then. */
  const actual = (): ShareCell => (cell.pair === 'window to popup' && !couldPopUp ? { ...cell, pair: 'window to iframe' } : cell);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${CELL_LIMIT_MS / 1000} s`)), CELL_LIMIT_MS);
  });
  try {
    const figures = await Promise.race([measure(actual()), late]);
    return { cell: actual(), figures };
  } catch (error) {
    // Half of a failed cell may still be on its way.
    dropPair();
    return { cell: actual(), failed: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

async function describeAdapter(): Promise<string> {
  const { info } = (await navigator.gpu.requestAdapter()) ?? {};
  return [info?.vendor, info?.architecture, info?.description].filter((word) => word !== undefined && word !== '').join(' ');
}

declare global {
  interface Window {
    isReady: boolean;
    measureShare(cell: ShareCell): Promise<ShareRow>;
    shareCells(isQuick: boolean): readonly ShareCell[];
    describeAdapter(): Promise<string>;
  }
}

Object.assign(window, { measureShare, shareCells, describeAdapter, isReady: true });

if (new URLSearchParams(location.search).has('run')) {
  const rows: ShareRow[] = [];
  try {
    for (const cell of shareCells(false)) {
      const row = await measureShare(cell);
      rows.push(row);
      console.log(JSON.stringify(row));
    }
  } finally {
    await fetch('/done', { method: 'POST', body: JSON.stringify({ adapter: await describeAdapter(), rows }) });
  }
}
