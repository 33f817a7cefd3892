/** What is done to a pair of ends, each with its outcome as data; `tests/e2e/share.spec.ts` says what the outcome must be. */
import { RemoteError } from '../../src/share/protocol/channel.ts';
import { ShareError } from '../../src/share/frames/share-error.ts';
import type { ExportOptions } from '../../src/share/frames/share-types.ts';
import type { TextureDescriptorInit } from '../../src/share/frames/texture-descriptor.ts';
import { transferablesOf } from '../../src/share/frames/texture-handle.ts';
import type { TransportKind } from '../../src/share/frames/transports/transport.ts';
import { makeRandom } from '../support/random.ts';
import type { Failure, PixelAccess, PublishReport, TakeReport } from './end-calls.ts';
import { countsLeft, Pair, type PairOptions } from './pair.ts';
import { RealmLedger, type RealmCounts } from './realm-ledger.ts';
import { openEnd, type EndKind, type OpenEnd } from './realms.ts';

const WAIT_MS = 20_000;

export interface Connection {
  readonly pair: PairOptions;
  readonly options: ExportOptions;
  readonly descriptor: TextureDescriptorInit;
}

const ledger = new RealmLedger();

/** Facts of the page that the ends are driven from. */
export function pageFacts(): { isIsolated: boolean } {
  return { isIsolated: crossOriginIsolated };
}

export interface Crossing {
  readonly descriptor: TextureDescriptorInit;
  readonly transport?: TransportKind;
  readonly faults: readonly string[];
  /** Why it did not cross. */
  readonly failure?: Failure;
}

/** One frame after the other, each taken before the next is published. */
export async function crossings(
  { pair: pairOptions, options }: Omit<Connection, 'descriptor'>,
  descriptors: readonly TextureDescriptorInit[],
  written: PixelAccess,
  read: PixelAccess,
): Promise<readonly Crossing[]> {
  return withPair(pairOptions, async (pair) => {
    const done: Crossing[] = [];
    for (const descriptor of descriptors) {
      try {
        const { made, imported, transport } = await pair.connect(descriptor, options);
        const faults: string[] = [];
        for (let value = 1; value <= 3; value++) {
          await pair.producer.call('publish', { name: made, count: 1, access: written, mostDelayMs: 0, seed: value });
          const taken = await take(pair, imported, { untilValue: value, access: read, seed: value });
          faults.push(...taken.faults);
        }
        done.push({ descriptor, transport, faults });
        await pair.releaseAll();
      } catch (error) {
        done.push({ descriptor, faults: [], failure: failureOf(error) });
        await pair.releaseAll();
      }
    }
    return done;
  });
}

export interface Flow extends PublishReport, TakeReport {
  readonly transport: TransportKind;
}

/** Both ends at once, with random pauses. */
export async function flow(
  { pair: pairOptions, options, descriptor }: Connection,
  run: { frames: number; written: PixelAccess; read: PixelAccess; producerDelayMs: number; consumerDelayMs: number; seed: number },
): Promise<Flow> {
  return withPair(pairOptions, async (pair) => {
    const { made, imported, transport } = await pair.connect(descriptor, options);
    const taking = take(pair, imported, { untilValue: run.frames, access: run.read, mostDelayMs: run.consumerDelayMs, seed: run.seed + 1 });
    const published = await pair.producer.call('publish', {
      name: made,
      count: run.frames,
      access: run.written,
      mostDelayMs: run.producerDelayMs,
      seed: run.seed,
    });
    return { transport, ...published, ...(await taking) };
  });
}

/** One producer and several consumers, of which one is slow. */
export async function manyConsumers(
  { options, descriptor, pair: pairOptions }: Connection,
  consumers: readonly EndKind[],
  frames: number,
): Promise<readonly (TakeReport & { transport: TransportKind })[]> {
  const producer = await openEnd(pairOptions.producer, ledger);
  await producer.call('start', { hasDevice: pairOptions.producerHasDevice });
  const ends = await Promise.all(consumers.map((kind) => openEnd(kind, ledger)));
  try {
    await producer.call('make', { name: 'texture', descriptor });
    const transports = await Promise.all(
      ends.map(async (end) => {
        await end.call('start', { hasDevice: pairOptions.consumerHasDevice });
        const handle = await producer.call('exportHandle', { name: 'texture', options });
        await end.call('importHandle', { name: 'texture', handle }, transferablesOf(handle));
        return end.call('ready', { name: 'texture' });
      }),
    );
    const taking = Promise.all(
      ends.map((end, i) =>
        end.call('take', {
          name: 'texture',
          untilValue: frames,
          access: 'pixels',
          mostDelayMs: i === 0 ? 30 : 0,
          seed: i,
          timeoutMs: WAIT_MS,
        }),
      ),
    );
    await producer.call('publish', { name: 'texture', count: frames, access: 'pixels', mostDelayMs: 2, seed: 9 });
    return (await taking).map((report, i) => ({ ...report, transport: transports[i] as TransportKind }));
  } finally {
    for (const end of [...ends, producer]) end.kill();
  }
}

/** Frames before and after a new size. */
export async function resizing({ pair: pairOptions, options, descriptor }: Connection): Promise<readonly TakeReport[]> {
  return withPair(pairOptions, async (pair) => {
    const { made, imported } = await pair.connect(descriptor, options);
    const reports: TakeReport[] = [];
    let value = 0;
    for (const [width, height] of [
      [0, 0],
      [24, 10],
      [7, 33],
      [64, 48],
    ] as const) {
      if (width > 0) await pair.producer.call('resize', { name: made, width, height });
      await pair.producer.call('publish', { name: made, count: 1, access: 'pixels', mostDelayMs: 0, seed: 1 });
      reports.push(await take(pair, imported, { untilValue: ++value, access: 'pixels', seed: 1 }));
    }
    return reports;
  });
}

/** One connection that many frames go through, in passes between which memory is looked at. */
let stream:
  | { readonly pair: Pair; readonly made: string; readonly imported: string; frames: number; before: readonly RealmCounts[] }
  | undefined;

export async function openStream({ pair: pairOptions, options, descriptor }: Connection): Promise<TransportKind> {
  const pair = await Pair.open(pairOptions, ledger);
  const { made, imported, transport } = await pair.connect(descriptor, options);
  stream = { pair, made, imported, frames: 0, before: [] };
  return transport;
}

/**
 * Every frame is taken before the next is published.
 *
 * @returns faults, and what there is more of than after the first pass, in words
 */
export async function streamFrames(count: number, access: PixelAccess): Promise<readonly string[]> {
  if (stream === undefined) throw new Error('no stream is open');
  const { pair, made, imported, frames, before } = stream;
  const taking = take(pair, imported, { untilValue: frames + count, access, seed: frames });
  await pair.producer.call('publish', { name: made, count, access, mostDelayMs: 0, seed: frames, isPaced: true });
  const { values, faults } = await taking;
  stream.frames += count;
  if (frames === 0) {
    // Until both ends watch each other.
    await new Promise((resolve) => setTimeout(resolve, 300));
    stream.before = await pair.counts();
    return faults;
  }
  const left = await countsLeft(pair, before);
  return [
    ...faults,
    ...(values.length === count ? [] : [`${values.length} of ${count} frames were taken`]),
    ...(left === '' ? [] : [left]),
  ];
}

export function closeStream(): void {
  stream?.pair.kill();
  stream = undefined;
}

export interface Closing {
  readonly rounds: number;
  readonly left: string;
  /** Unexpected failures, with the round. */
  readonly failures: readonly string[];
  /** How often each state was met. */
  readonly states: Readonly<Record<string, number>>;
}

const STATES = ['exported', 'handshake', 'ready', 'published', 'taken', 'held', 'unreleased at producer', 'flowing'] as const;

/** Connections that end at any moment, by either end or both at once. */
export async function randomClosing(
  pairOptions: PairOptions,
  transports: readonly ExportOptions['transport'][],
  rounds: number,
  access: PixelAccess,
  seed: number,
): Promise<Closing> {
  return withPair(pairOptions, async (pair) => {
    const random = makeRandom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const failures: string[] = [];
    const states: Record<string, number> = {};
    // What is made once and kept.
    await pair.connect({ width: 8, height: 8 }, {});
    await pair.releaseAll();
    await countsLeft(pair, [], 300);
    const before = await pair.counts();
    for (let round = 0; round < rounds; round++) {
      const state = pick(STATES);
      const transport = pick(transports);
      states[state] = (states[state] ?? 0) + 1;
      const note = (error: unknown): void => {
        const { code, message } = failureOf(error);
        if (!['share-peer-lost', 'share-released', 'share-no-transport'].includes(code) && failures.length < 10)
          failures.push(`round ${round}, ${state}, ${transport}: ${code} ${message}`);
      };
      const working: Promise<unknown>[] = [];
      const begin = <T>(work: Promise<T>): Promise<T | undefined> => {
        const done = work.catch((error: unknown) => {
          note(error);
          return undefined;
        });
        working.push(done);
        return done;
      };
      const mode = pick(['latest', 'queue'] as const);
      const { made, imported } = await pair.share({ width: 8, height: 8, mode }, transport === undefined ? {} : { transport });
      const publish = (count: number): Promise<unknown> =>
        begin(pair.producer.call('publish', { name: made, count, access, mostDelayMs: 0, seed: round }));
      if (state === 'handshake') await new Promise((resolve) => setTimeout(resolve, random() * 8));
      else if (state !== 'exported') {
        await begin(pair.consumer.call('ready', { name: imported }));
        if (state !== 'ready') {
          const publishing = publish(state === 'flowing' ? 20 : pick([1, 2, 5]));
          if (state === 'held' || state === 'unreleased at producer') await begin(pair.consumer.call('hold', { name: imported }));
          if (state === 'taken') await begin(take(pair, imported, { untilValue: 1, access, seed: round }));
          if (state === 'flowing') void begin(take(pair, imported, { untilValue: 20, access, seed: round }));
          if (state === 'published' || state === 'unreleased at producer') await publishing;
          if (state === 'unreleased at producer') await publish(4);
        }
      }
      const who = pick(['producer', 'consumer', 'both', 'both, consumer first'] as const);
      const closeAt = (end: OpenEnd, name: string): Promise<unknown> => begin(end.call('release', { name }));
      if (who === 'producer' || who === 'both')
        await Promise.all([closeAt(pair.producer, made), who === 'both' ? closeAt(pair.consumer, imported) : undefined]);
      else await Promise.all([closeAt(pair.consumer, imported), who === 'consumer' ? undefined : closeAt(pair.producer, made)]);
      await Promise.all(working);
      if (who === 'producer') {
        await begin(pair.consumer.call('closed', { name: imported }));
        await closeAt(pair.consumer, imported);
      }
      if (who === 'consumer') {
        await begin(pair.producer.call('connected', { name: made, count: 0, state: 'closed', timeoutMs: WAIT_MS }));
        await closeAt(pair.producer, made);
      }
    }
    return { rounds, left: await countsLeft(pair, before), failures, states };
  });
}

export interface Loss {
  readonly transport: TransportKind;
  /** From the end of the other realm until it was noticed here, milliseconds. */
  readonly noticedMs: number;
  /** Until everything that was its was given back. */
  readonly reclaimedMs: number;
  readonly left: string;
  /** Frames that went on to another consumer, or why they did not. */
  readonly onward: readonly string[];
}

/** Held between the two halves of a test that shuts a window from outside. */
let doomed: { readonly pair: Pair; readonly notice: Promise<unknown>; readonly finish: (killedAt: number) => Promise<Loss> } | undefined;

/**
 * Frames flow and one is held unreleased; then the end at the other side is gone.
 *
 * @param lost which of both; the other is the page's own
 */
export async function prepareLoss({ pair: pairOptions, options, descriptor }: Connection, lost: 'producer' | 'consumer'): Promise<void> {
  const pair = await Pair.open(pairOptions, ledger);
  const stays = lost === 'producer' ? pair.consumer : pair.producer;
  const access = pairOptions.producerHasDevice ? 'texture' : 'pixels';
  // What is made once and kept.
  await pair.connect(descriptor, options);
  await pair.releaseAll();
  await countsLeft(pair, [], 300);
  const before = await stays.call('counts', {});
  const { made, imported, transport } = await pair.connect(descriptor, options);
  await pair.producer.call('publish', { name: made, count: 2, access, mostDelayMs: 0, seed: 1 });
  await pair.consumer.call('hold', { name: imported });
  await pair.producer.call('publish', { name: made, count: 6, access, mostDelayMs: 0, seed: 1 });
  const notice =
    lost === 'producer'
      ? pair.consumer.call('closed', { name: imported })
      : pair.producer.call('connected', { name: made, count: 0, state: 'closed', timeoutMs: WAIT_MS });
  doomed = {
    pair,
    notice,
    finish: async (killedAt) => {
      await notice;
      const noticedMs = Date.now() - killedAt;
      const onward: string[] = [];
      if (lost === 'consumer') {
        // Another consumer gets its frames from the same texture.
        const next = await openEnd('worker', ledger);
        await next.call('start', { hasDevice: false });
        const handle = await pair.producer.call('exportHandle', { name: made, options: {} });
        await next.call('importHandle', { name: 'next', handle }, transferablesOf(handle));
        await next.call('ready', { name: 'next' });
        const taking = next.call('take', { name: 'next', untilValue: 10, access: 'pixels', mostDelayMs: 0, seed: 1, timeoutMs: WAIT_MS });
        await pair.producer.call('publish', { name: made, count: 2, access, mostDelayMs: 0, seed: 1 });
        const { faults } = await taking;
        onward.push(...faults);
        await next.call('release', { name: 'next' });
        await pair.producer.call('connected', { name: made, count: 0, state: 'closed', timeoutMs: WAIT_MS });
        next.kill();
      }
      const begin = Date.now();
      await stays.call('release', { name: lost === 'producer' ? imported : made });
      const own = { producer: stays, consumer: stays, counts: async () => [await stays.call('counts', {})] } as unknown as Pair;
      const left = await countsLeft(own, [before]);
      return { transport, noticedMs, reclaimedMs: noticedMs + Date.now() - begin, left, onward };
    },
  };
}

/** Ends the realm, unless somebody else has. */
export async function finishLoss(lost: 'producer' | 'consumer', killedAt?: number): Promise<Loss> {
  if (doomed === undefined) throw new Error('nothing is prepared');
  const { pair, finish } = doomed;
  const at = killedAt ?? Date.now();
  if (killedAt === undefined) pair[lost].kill();
  try {
    return await finish(at);
  } finally {
    doomed = undefined;
    pair.kill();
  }
}

export interface DeviceLossOutcome {
  readonly transport: TransportKind;
  readonly before: TakeReport;
  readonly failure: Failure | null;
  readonly after: TakeReport;
}

/** Frames, the loss of the device of one end, frames again with another device. */
export async function deviceLoss(
  { pair: pairOptions, options, descriptor }: Connection,
  at: 'producer' | 'consumer',
): Promise<DeviceLossOutcome> {
  return withPair(pairOptions, async (pair) => {
    const { made, imported, transport } = await pair.connect(descriptor, options);
    const name = at === 'producer' ? made : imported;
    await pair.producer.call('publish', { name: made, count: 1, access: 'texture', mostDelayMs: 0, seed: 1 });
    const before = await take(pair, imported, { untilValue: 1, access: 'texture', seed: 1 });
    if (at === 'consumer') {
      await pair.producer.call('publish', { name: made, count: 1, access: 'texture', mostDelayMs: 0, seed: 1 });
      await pair.consumer.call('hold', { name: imported });
    }
    await pair[at].call('loseDevice', {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    const failure = await pair[at].call('failureOfUse', { name });
    await pair[at].call('useNewDevice', { name });
    const last = at === 'consumer' ? 3 : 2;
    await pair.producer.call('publish', { name: made, count: 1, access: 'texture', mostDelayMs: 0, seed: 1 });
    const after = await take(pair, imported, { untilValue: last, access: 'texture', seed: 1 });
    return { transport, before, failure, after };
  });
}

/** One semaphore, two ends; each line of the outcome is one expectation with what came. */
export async function timeline(pairOptions: PairOptions, usesMemory: boolean): Promise<Readonly<Record<string, unknown>>> {
  return withPair(pairOptions, async ({ producer, consumer }) => {
    const name = 'near';
    const far = 'far';
    const connect = async (): Promise<void> => {
      await producer.call('makeTimeline', { name, usesMemory });
      const handle = await producer.call('exportTimeline', { name });
      await consumer.call('importTimeline', { name: far, handle, usesMemory }, [handle.port]);
    };
    await connect();
    const wait = (
      end: OpenEnd,
      which: string,
      value: number,
      timeoutMs = WAIT_MS,
      isBlocking = false,
    ): ReturnType<typeof end.call<'wait'>> => end.call('wait', { name: which, value, timeoutMs, isBlocking });
    const outcome: Record<string, unknown> = {};
    outcome['reached at once'] = await wait(consumer, far, 0);
    outcome['times out'] = await wait(consumer, far, 1, 30);
    const waiting = [wait(consumer, far, 3), wait(consumer, far, 2), wait(producer, name, 3)];
    outcome['rises'] = await producer.call('signal', { name, value: 3 });
    outcome['wakes all that wait for less'] = await Promise.all(waiting);
    outcome['falls'] = await producer.call('signal', { name, value: 2 });
    outcome['same again'] = await consumer.call('signal', { name: far, value: 3 });
    outcome['stays'] = [await producer.call('timelineValue', { name }), await consumer.call('timelineValue', { name: far })];
    const back = wait(producer, name, 2 ** 40);
    outcome['rises from the other end'] = await consumer.call('signal', { name: far, value: 2 ** 40 });
    outcome['is heard there'] = await back;
    const refused = await consumer.call('signal', { name: far, value: -1 }).catch(failureOf);
    outcome['no value'] = (refused as Failure).code;
    // Many, from both ends: never seen to fall.
    const seen: number[] = [];
    for (let value = 2 ** 40 + 1; value <= 2 ** 40 + 200; value++) {
      await (value % 2 === 0 ? producer.call('signal', { name, value }) : consumer.call('signal', { name: far, value }));
      seen.push(await (value % 3 === 0 ? producer.call('timelineValue', { name }) : consumer.call('timelineValue', { name: far })));
    }
    outcome['monotonic'] = seen.every((value, i) => i === 0 || value >= (seen[i - 1] ?? 0));
    outcome['ends equal'] = await wait(consumer, far, 2 ** 40 + 200).then(() => wait(producer, name, 2 ** 40 + 200));
    const lost = [wait(consumer, far, 2 ** 50), wait(producer, name, 2 ** 50)];
    await producer.call('closeTimeline', { name });
    outcome['lost at both ends'] = await Promise.all(lost);
    outcome['lost later'] = await wait(consumer, far, 2 ** 50, 500);
    outcome['reached stays reached'] = await wait(consumer, far, 3);
    await connect();
    const ended = wait(producer, name, 1);
    await consumer.call('closeTimeline', { name: far });
    outcome['the last importer is gone'] = await ended;
    return outcome;
  });
}

/** A wait that blocks its thread, woken by the other end; over shared memory in workers. */
export async function blockingWait(pairOptions: PairOptions): Promise<readonly string[]> {
  return withPair(pairOptions, async ({ producer, consumer }) => {
    await producer.call('makeTimeline', { name: 'near', usesMemory: true });
    const handle = await producer.call('exportTimeline', { name: 'near' });
    await consumer.call('importTimeline', { name: 'far', handle, usesMemory: true }, [handle.port]);
    const results: string[] = [await consumer.call('wait', { name: 'far', value: 1, timeoutMs: 20, isBlocking: true })];
    const blocked = consumer.call('wait', { name: 'far', value: 1, timeoutMs: WAIT_MS, isBlocking: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await producer.call('signal', { name: 'near', value: 1 });
    results.push(await blocked);
    return results;
  });
}

function take(
  pair: Pair,
  imported: string,
  { untilValue, access, mostDelayMs = 0, seed }: { untilValue: number; access: PixelAccess; mostDelayMs?: number; seed: number },
): Promise<TakeReport> {
  return pair.consumer.call('take', { name: imported, untilValue, access, mostDelayMs, seed, timeoutMs: WAIT_MS });
}

async function withPair<T>(options: PairOptions, work: (pair: Pair) => Promise<T>): Promise<T> {
  const pair = await Pair.open(options, ledger);
  try {
    return await work(pair);
  } finally {
    pair.kill();
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof ShareError) return { code: error.code, message: error.message };
  if (error instanceof RemoteError) return { code: error.info.code, message: error.info.message };
  return { code: '', message: error instanceof Error ? error.message : String(error) };
}
