/**
 * Conformance of shared frames: every transport and both kinds of semaphores between windows, workers, frames and tabs, on pages with and without
 * the headers that isolate them. The ends are those of `tests/share`; `SHARE_FULL=1` sends 10,000 frames also by the transports that software
 * rendering makes slow.
 */
import { expect, test, type Page } from '@playwright/test';
import type { ShareFormat, TextureDescriptorInit } from '../../src/share/frames/texture-descriptor.ts';
import type { TransportKind } from '../../src/share/frames/transports/transport.ts';
import type { Connection } from '../share/cases.ts';
import type { PairOptions } from '../share/pair.ts';
import { buildSharePages, serveSharePages } from '../share/serve-pages.ts';
import type { StaticServer } from '../support/static-server.ts';
import { collectErrors } from '../support/embed-pages.ts';

const isFull = process.env['SHARE_FULL'] === '1';
const FORMATS: readonly ShareFormat[] = [
  'r8unorm',
  'rg8unorm',
  'rgba8unorm',
  'rgba8unorm-srgb',
  'bgra8unorm',
  'bgra8unorm-srgb',
  'rgb10a2unorm',
  'r16float',
  'rg16float',
  'rgba16float',
  'r32float',
  'rg32float',
  'rgba32float',
];
/** Transports that move bytes carry every format and alpha; those that move images what images hold. */
const BYTES: readonly TransportKind[] = ['shared-memory', 'buffer', 'broadcast'];
const IMAGES: readonly TransportKind[] = ['bitmap', 'video-frame'];
const SIZE = { width: 19, height: 7 };
const PIXELS: PairOptions = { producer: 'here', consumer: 'worker', producerHasDevice: false, consumerHasDevice: false };
const GPU: PairOptions = { producer: 'here', consumer: 'worker', producerHasDevice: true, consumerHasDevice: true };
const WORKERS: PairOptions = { producer: 'worker', consumer: 'worker', producerHasDevice: false, consumerHasDevice: false };

const servers: { plain?: StaticServer; isolated?: StaticServer } = {};
test.beforeAll(async () => {
  await buildSharePages();
  servers.plain = await serveSharePages(false);
  servers.isolated = await serveSharePages(true);
});
test.afterAll(async () => {
  await servers.plain?.close();
  await servers.isolated?.close();
});

for (const isIsolated of [false, true]) {
  test.describe(isIsolated ? 'in isolated pages' : 'in pages without headers', () => {
    let errors: string[] = [];

    test.beforeEach(async ({ page }) => {
      errors = collectErrors(page);
      await page.goto(`${(isIsolated ? servers.isolated : servers.plain)?.origin}/driver.html`);
      await page.waitForFunction(() => 'share' in window);
      expect(await page.evaluate(() => window.share.pageFacts())).toEqual({ isIsolated });
    });

    test.afterEach(() => {
      expect(errors).toEqual([]);
    });

    const bytes = BYTES.filter((transport) => isIsolated || transport !== 'shared-memory');
    const transports = [...bytes, ...IMAGES];
    /** Every transport with the kind of frames it is for. */
    const connections = transports.map((transport): Connection => {
      const isOfImages = IMAGES.includes(transport);
      return {
        pair: isOfImages ? GPU : PIXELS,
        options: { transport },
        descriptor: { ...SIZE, ...(isOfImages ? { alphaMode: 'opaque' } : {}) },
      };
    });

    test.describe('pixels arrive exactly', () => {
      for (const transport of bytes) {
        test(`by ${transport}, in every format, from memory to memory`, async ({ page }) => {
          await expectCrossings(page, { pair: PIXELS, options: { transport } }, inEveryFormat(), 'pixels', 'pixels');
        });

        test(`by ${transport}, in every format, from texture to texture`, async ({ page }) => {
          await expectCrossings(page, { pair: GPU, options: { transport } }, inEveryFormat(), 'texture', 'texture');
        });

        test(`by ${transport}, with every alpha mode and colour space`, async ({ page }) => {
          await expectCrossings(page, { pair: GPU, options: { transport } }, inEveryMeaning(), 'texture', 'texture');
        });
      }

      for (const transport of IMAGES) {
        test(`by ${transport}, in 8 bits; other formats are refused with the nearest`, async ({ page }) => {
          const done = await page.evaluate(
            async ([pair, kind, descriptors]) =>
              window.share.crossings({ pair, options: { transport: kind } }, descriptors, 'texture', 'texture'),
            [GPU, transport, inEveryFormat('opaque')] as const,
          );
          expect(done.map(({ descriptor, faults }) => [descriptor.format, faults])).toEqual(FORMATS.map((format) => [format, []]));
          const refused = done.filter(({ failure }) => failure !== undefined);
          expect(refused.map(({ failure }) => failure?.code)).toEqual(refused.map(() => 'share-unsupported-format'));
          for (const { descriptor, failure } of refused)
            expect(failure?.message).toMatch(new RegExp(`"${descriptor.format}".*nearest`, 'u'));
          const crossed = done.filter(({ failure }) => failure === undefined).map(({ descriptor }) => descriptor.format);
          expect(crossed).toContain('rgba8unorm');
          expect(crossed).not.toContain('rgba32float');
        });

        test(`by ${transport}, with alpha and colour space as documented`, async ({ page }) => {
          const done = await page.evaluate(
            async ([pair, kind, descriptors]) =>
              window.share.crossings({ pair, options: { transport: kind } }, descriptors, 'texture', 'texture'),
            [GPU, transport, inEveryMeaning()] as const,
          );
          for (const { descriptor, faults, failure } of done) {
            const what = `${descriptor.alphaMode} ${descriptor.colorSpace}`;
            if (descriptor.alphaMode === 'straight') expect(failure?.code, what).toMatch(/^share-unsupported-/u);
            else if (failure === undefined) expect(faults, what).toEqual([]);
            else expect(failure.code, what).toMatch(/^share-unsupported-/u);
          }
          expect(done.find(({ descriptor }) => descriptor.alphaMode === 'opaque' && descriptor.colorSpace === 'srgb')?.transport).toBe(
            transport,
          );
        });
      }

      test('within one realm and device, in every format, without a copy', async ({ page }) => {
        const pair: PairOptions = { ...GPU, consumer: 'here' };
        const done = await expectCrossings(page, { pair, options: {} }, inEveryFormat(), 'texture', 'texture');
        expect(new Set(done.map(({ transport }) => transport))).toEqual(new Set(['local']));
      });

      test('from memory to a texture, and from a texture to memory', async ({ page }) => {
        const descriptors = [
          { ...SIZE, format: 'rgba8unorm' },
          { ...SIZE, format: 'rgba16float' },
        ] as const;
        await expectCrossings(page, { pair: { ...GPU, producerHasDevice: false }, options: {} }, descriptors, 'pixels', 'texture');
        await expectCrossings(page, { pair: { ...GPU, consumerHasDevice: false }, options: {} }, descriptors, 'texture', 'pixels');
      });

      test('to a bitmap, whatever came', async ({ page }) => {
        for (const transport of transports) {
          const pair = IMAGES.includes(transport) ? GPU : PIXELS;
          await expectCrossings(
            page,
            { pair, options: { transport } },
            [{ ...SIZE, alphaMode: 'opaque' }],
            pair === GPU ? 'texture' : 'pixels',
            'bitmap',
          );
        }
      });
    });

    test.describe('the other end may be', () => {
      for (const consumer of ['worker', 'iframe', 'sandbox', 'popup'] as const) {
        test(`a consumer: ${consumer}`, async ({ page }) => {
          for (const transport of ['auto', 'buffer', 'bitmap'] as const) {
            const pair: PairOptions = { ...GPU, consumer };
            await expectCrossings(page, { pair, options: { transport } }, [{ ...SIZE, alphaMode: 'opaque' }], 'texture', 'texture');
          }
        });

        test(`a producer: ${consumer}`, async ({ page }) => {
          const pair: PairOptions = { ...GPU, producer: consumer, consumer: 'here' };
          if (consumer === 'popup' || consumer === 'sandbox' || consumer === 'iframe' || consumer === 'worker')
            await expectCrossings(page, { pair, options: {} }, [{ ...SIZE, alphaMode: 'opaque' }], 'texture', 'texture');
        });
      }

      test('a tab that has no port with this page', async ({ page }) => {
        const pair: PairOptions = { ...PIXELS, consumer: 'tab' };
        await expectCrossings(page, { pair, options: { isPortless: true } }, [SIZE], 'pixels', 'pixels');
      });
    });

    test('what the transport cannot do here is a typed error', async ({ page }) => {
      const [forced] = await page.evaluate(
        async (pair) =>
          window.share.crossings({ pair, options: { transport: 'shared-memory' } }, [{ width: 4, height: 4 }], 'pixels', 'pixels'),
        PIXELS,
      );
      if (isIsolated) expect(forced).toMatchObject({ transport: 'shared-memory', faults: [] });
      else expect(forced?.failure?.code).toMatch(/^share-(?:unsupported-transport|no-transport)$/u);
    });

    test.describe('frames keep their order and are whole', () => {
      for (const connection of connections) {
        for (const mode of ['latest', 'queue'] as const) {
          test(`by ${connection.options.transport}, ${mode}, with random pauses at both ends`, async ({ page }) => {
            const isOfImages = connection.pair === GPU;
            const access = isOfImages ? 'texture' : 'pixels';
            const frames = isOfImages ? 30 : 400;
            const done = await page.evaluate(async ([given, run]) => window.share.flow(given, run), [
              { ...connection, descriptor: { ...connection.descriptor, mode } },
              { frames, written: access, read: access, producerDelayMs: isOfImages ? 60 : 3, consumerDelayMs: 4, seed: 7 },
            ] as const);
            expect(done.faults).toEqual([]);
            expect(done.transport).toBe(connection.options.transport);
            expect(done.values.at(-1)).toBe(frames);
            expect(done.values.length).toBeGreaterThan(isOfImages ? 3 : 20);
          });
        }
      }
    });

    test.describe('a million frames of a ring between threads are whole and in order', () => {
      for (const [mode, readers, checks] of [
        ['latest', 1, 400_000],
        ['queue', 1, 400_000],
        ['latest', 2, 100_000],
      ] as const) {
        test(`${readers * checks} of them: ${mode}, ${readers} consumers`, async ({ page }) => {
          test.skip(!isIsolated, 'memory is shared between isolated realms only');
          const reports = await page.evaluate(async (given) => window.share.ringStress(given.mode, given.readers, given.checks, 11), {
            mode,
            readers,
            checks,
          });
          expect(reports.flatMap(({ faults }) => faults)).toEqual([]);
          expect(reports.filter(({ role }) => role === 'reader').map(({ frames }) => frames)).toEqual(
            Array.from({ length: readers }, () => checks),
          );
          const written = reports.find(({ role }) => role === 'writer')?.frames;
          test.info().annotations.push({ type: 'ring', description: `${written} frames written` });
        });
      }
    });

    test.describe('a slow consumer drops frames, stalls nobody and ends at the newest', () => {
      for (const connection of connections) {
        test(`by ${connection.options.transport}`, async ({ page }) => {
          const isOfImages = connection.pair === GPU;
          const access = isOfImages ? 'texture' : 'pixels';
          const frames = isOfImages ? 60 : 300;
          const done = await page.evaluate(async ([given, run]) => window.share.flow(given, run), [
            connection,
            { frames, written: access, read: access, producerDelayMs: 4, consumerDelayMs: 200, seed: 3 },
          ] as const);
          expect(done.faults).toEqual([]);
          expect(done.values.at(-1)).toBe(frames);
          expect(done.values.length).toBeLessThan(frames / 2);
          // Waiting for the consumer would take 100 ms a frame.
          expect(done.wholeMs / frames).toBeLessThan(isOfImages ? 60 : 10);
        });
      }
    });

    test('several consumers of one texture each get whole frames at their own pace', async ({ page }) => {
      const reports = await page.evaluate(
        async (pair) =>
          window.share.manyConsumers(
            { pair, options: {}, descriptor: { width: 16, height: 16 } },
            ['worker', 'worker', 'iframe', 'sandbox'],
            150,
          ),
        PIXELS,
      );
      for (const { faults, values } of reports) {
        expect(faults).toEqual([]);
        expect(values.at(-1)).toBe(150);
      }
    });

    test('a new size arrives with its first frame', async ({ page }) => {
      for (const connection of connections.filter(({ pair }) => pair === PIXELS)) {
        const reports = await page.evaluate(async (given) => window.share.resizing(given), connection);
        expect(reports.map(({ values, faults }) => [values, faults])).toEqual([1, 2, 3, 4].map((value) => [[value], []]));
      }
    });

    test.describe('nothing leaks', () => {
      for (const connection of connections) {
        const isOfImages = connection.pair === GPU;
        const frames = isFull || !isOfImages ? 10_000 : 400;
        test(`over ${frames} frames by ${connection.options.transport}`, async ({ page }) => {
          test.setTimeout(isFull ? 600_000 : 90_000);
          const access = isOfImages ? 'texture' : 'pixels';
          // An iframe shares the page's heap: both ends are looked at.
          const pair: PairOptions = { ...connection.pair, consumer: 'iframe' };
          const transport = await page.evaluate(async (given) => window.share.openStream(given), { ...connection, pair });
          expect(transport).toBe(connection.options.transport);
          const pass = (count: number): Promise<readonly string[]> =>
            page.evaluate(async ([given, how]) => window.share.streamFrames(given, how), [count, access] as const);
          expect(await pass(200)).toEqual([]);
          const before = await heapBytes(page);
          expect(await pass(frames - 200)).toEqual([]);
          const growth = (await heapBytes(page)) - before;
          test.info().annotations.push({ type: 'heap', description: `${growth} bytes more after ${frames} frames` });
          // Compiled code and the like; 100 bytes a frame would be more.
          expect(growth, 'bytes of script objects').toBeLessThan(1_000_000);
          await page.evaluate(() => window.share.closeStream());
        });
      }
    });

    test.describe('both ends are closed at random', () => {
      test('by bytes, 900 times', async ({ page }) => {
        await expectClosing(page, { ...PIXELS }, ['auto', ...bytes], 900, 'pixels');
      });

      test('by images, 100 times', async ({ page }) => {
        await expectClosing(page, GPU, [...IMAGES, 'auto'], 100, 'texture');
      });
    });

    test.describe('the loss of the other end is noticed within 1 s and its frames reclaimed', () => {
      for (const other of ['worker', 'iframe', 'sandbox', 'popup'] as const) {
        for (const lost of ['consumer', 'producer'] as const) {
          test(`${lost} in a ${other}`, async ({ page }) => {
            for (const { options, descriptor, pair } of connections.filter(
              ({ pair: { producerHasDevice } }) => !producerHasDevice || other === 'worker',
            )) {
              const ends: PairOptions = lost === 'consumer' ? { ...pair, consumer: other } : { ...pair, producer: other, consumer: 'here' };
              // Memory is not shared with a frame that has no origin.
              if (other === 'sandbox' && options.transport !== 'buffer') continue;
              await page.evaluate(async ([given, which]) => window.share.prepareLoss(given, which), [
                { pair: ends, options, descriptor },
                lost,
              ] as const);
              const loss = await page.evaluate(async (which) => window.share.finishLoss(which), lost);
              expectLoss(loss, `${options.transport}`);
            }
          });
        }
      }

      test('consumer in a tab that is shut', async ({ page, context }) => {
        const opened = context.waitForEvent('page');
        await page.evaluate(
          async (pair) =>
            window.share.prepareLoss({ pair, options: { isPortless: true }, descriptor: { width: 8, height: 8 } }, 'consumer'),
          { ...PIXELS, consumer: 'tab' } as const,
        );
        const tab = await opened;
        const killedAt = await page.evaluate(() => Date.now());
        await tab.close();
        expectLoss(await page.evaluate(async (at) => window.share.finishLoss('consumer', at), killedAt), 'tab');
      });
    });

    test.describe('the loss of a graphics device is overcome', () => {
      for (const transport of transports) {
        for (const at of ['producer', 'consumer'] as const) {
          test(`by ${transport}, of the ${at}`, async ({ page }) => {
            const done = await page.evaluate(
              async ([pair, kind, which]) =>
                window.share.deviceLoss(
                  { pair, options: { transport: kind }, descriptor: { width: 8, height: 8, alphaMode: 'opaque' } },
                  which,
                ),
              [GPU, transport, at] as const,
            );
            expect(done.before.faults).toEqual([]);
            expect(done.failure?.code).toBe('share-device-lost');
            expect(done.after.faults).toEqual([]);
            expect(done.after.values.at(-1)).toBe(at === 'consumer' ? 3 : 2);
          });
        }
      }
    });

    test.describe('semaphores', () => {
      for (const usesMemory of isIsolated ? [true, false] : [false]) {
        for (const consumer of ['worker', 'sandbox', 'popup'] as const) {
          test(`by ${usesMemory ? 'shared memory' : 'messages'}, with a ${consumer}`, async ({ page }) => {
            const outcome = await page.evaluate(async ([pair, memory]) => window.share.timeline(pair, memory), [
              { ...PIXELS, consumer },
              usesMemory,
            ] as const);
            expect(outcome).toEqual({
              'reached at once': 'ok',
              'times out': 'timeout',
              rises: true,
              'wakes all that wait for less': ['ok', 'ok', 'ok'],
              falls: false,
              'same again': false,
              stays: [3, 3],
              'rises from the other end': true,
              'is heard there': 'ok',
              'no value': 'share-bad-descriptor',
              monotonic: true,
              'ends equal': 'ok',
              'lost at both ends': ['lost', 'lost'],
              'lost later': 'lost',
              'reached stays reached': 'ok',
              'the last importer is gone': 'lost',
            });
          });
        }
      }

      test('wake a worker that sleeps', async ({ page }) => {
        test.skip(!isIsolated, 'threads sleep on shared memory only');
        expect(await page.evaluate(async (pair) => window.share.blockingWait(pair), WORKERS)).toEqual(['timeout', 'ok']);
      });
    });
  });
}

function inEveryFormat(alphaMode: 'opaque' | 'premultiplied' = 'premultiplied'): readonly TextureDescriptorInit[] {
  return FORMATS.map((format) => ({ ...SIZE, format, alphaMode, usages: ['sample', 'copy-from', 'copy-to'] }));
}

function inEveryMeaning(): readonly TextureDescriptorInit[] {
  return (['opaque', 'premultiplied', 'straight'] as const).flatMap((alphaMode) =>
    (['srgb', 'display-p3'] as const).map((colorSpace) => ({ ...SIZE, alphaMode, colorSpace })),
  );
}

async function expectCrossings(
  page: Page,
  connection: Pick<Connection, 'pair' | 'options'>,
  descriptors: readonly TextureDescriptorInit[],
  written: 'pixels' | 'texture',
  read: 'pixels' | 'texture' | 'bitmap',
): Promise<readonly { transport?: TransportKind }[]> {
  const done = await page.evaluate(async ([given, list, from, to]) => window.share.crossings(given, list, from, to), [
    connection,
    descriptors,
    written,
    read,
  ] as const);
  expect(done.map(({ descriptor, faults, failure }) => ({ descriptor, faults, failure }))).toEqual(
    descriptors.map((descriptor) => ({ descriptor, faults: [], failure: undefined })),
  );
  return done;
}

/** What is alive on the page's heap. */
async function heapBytes(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  for (let turn = 0; turn < 3; turn++) await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize;
}

async function expectClosing(
  page: Page,
  pair: PairOptions,
  transports: readonly (TransportKind | 'auto')[],
  rounds: number,
  access: 'pixels' | 'texture',
): Promise<void> {
  test.setTimeout(180_000);
  const done = await page.evaluate(async ([ends, kinds, count, how]) => window.share.randomClosing(ends, kinds, count, how, 20_261_128), [
    pair,
    transports,
    rounds,
    access,
  ] as const);
  expect(done.failures).toEqual([]);
  expect(done.left).toBe('');
  expect(Object.keys(done.states)).toHaveLength(8);
}

function expectLoss(loss: { noticedMs: number; reclaimedMs: number; left: string; onward: readonly string[] }, what: string): void {
  test.info().annotations.push({ type: 'noticed', description: `${what}: ${loss.noticedMs} ms, reclaimed after ${loss.reclaimedMs} ms` });
  expect(loss.noticedMs, what).toBeLessThanOrEqual(1000);
  expect(loss.left, what).toBe('');
  expect(loss.onward, what).toEqual([]);
}
