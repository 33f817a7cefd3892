import { afterEach, describe, expect, test, vi } from 'vitest';
import type { LinkEndInit } from '../../../../tests/support/link-end.ts';
import { openBroadcastLink } from './broadcast-link.ts';
import { announceService, findServices } from './discovery.ts';
import type { Link } from './link.ts';
import { openPortBroker } from './port-broker.ts';
import { openPortLink } from './port-link.ts';
import { randomName } from './random-name.ts';

const open: (() => void)[] = [];

afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A realm that can be ended without a word. */
interface Realm {
  start(init: LinkEndInit): void;
  end(): void;
}

const REALMS: Readonly<Record<string, () => Promise<Realm>>> = {
  worker: async () => {
    const worker = new Worker(new URL('../../../../tests/support/link-end.ts', import.meta.url), { type: 'module' });
    open.push(() => worker.terminate());
    return { start: (init) => worker.postMessage(init, transferOf(init)), end: () => worker.terminate() };
  },
  iframe: async () => {
    const frame = document.createElement('iframe');
    const ready = new Promise((resolve) => {
      globalThis.addEventListener('message', ({ source, data }) => {
        if (source === frame.contentWindow && data === 'link-end-ready') resolve(undefined);
      });
    });
    frame.srcdoc = `<script type="module" src="${new URL('../../../../tests/support/link-end.ts', import.meta.url).href}"></script>`;
    document.body.append(frame);
    open.push(() => frame.remove());
    await ready;
    return { start: (init) => frame.contentWindow!.postMessage(init, '*', transferOf(init)), end: () => frame.remove() };
  },
};

function transferOf({ port }: LinkEndInit): Transferable[] {
  return port === undefined ? [] : [port];
}

async function connect(
  realm: Realm,
  over: 'port' | 'channel',
  usesLocks: boolean,
): Promise<{ link: Link; losses: () => number; lost: Promise<number> }> {
  let link: Link;
  if (over === 'port') {
    const { port1, port2 } = new MessageChannel();
    link = openPortLink(port1, { usesLocks });
    realm.start({ port: port2, usesLocks });
  } else {
    const channel = randomName('test-');
    link = openBroadcastLink(channel, 'host', { usesLocks });
    realm.start({ channel, usesLocks });
  }
  open.push(() => link.close());
  let losses = 0;
  const lost = new Promise<number>((resolve) => {
    link.onLost(() => {
      losses += 1;
      resolve(performance.now());
    });
  });
  await echo(link, 'hello');
  return { link, losses: () => losses, lost };
}

function echo(link: Link, message: unknown): Promise<unknown> {
  const answer = new Promise((resolve) => link.listen(resolve));
  link.post(message);
  return answer;
}

/** Until both ends hold and watch each other's locks. */
function settle(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, 200));
}

describe.each(['worker', 'iframe'])('%s', (kind) => {
  test.each([
    ['port', true],
    ['port', false],
    ['channel', true],
    ['channel', false],
  ] as const)('over a %s, with locks %s: its end is noticed within 1 s', async (over, usesLocks) => {
    const realm = await REALMS[kind]!();
    const { losses, lost } = await connect(realm, over, usesLocks);
    await settle();
    expect(losses()).toBe(0);
    const begin = performance.now();
    realm.end();
    expect((await lost) - begin).toBeLessThan(1000);
  });

  test('one that ended before it said anything about locks is noticed', async () => {
    const realm = await REALMS[kind]!();
    const { lost } = await connect(realm, 'port', true);
    const begin = performance.now();
    realm.end();
    expect((await lost) - begin).toBeLessThan(1000);
  });
});

test('an end that is busy for longer than 1 s is not lost where there are locks', async () => {
  const { link, losses } = await connect(await REALMS['worker']!(), 'port', true);
  await settle();
  expect(await echo(link, { blockMs: 2000 })).toEqual({ blockMs: 2000 });
  expect(losses()).toBe(0);
});

test('long tasks of half a second at both ends lose nothing, with heartbeats', async () => {
  const { link, losses } = await connect(await REALMS['worker']!(), 'port', false);
  for (let turn = 0; turn < 4; turn++) {
    const end = performance.now() + 500;
    while (performance.now() < end);
    expect(await echo(link, { blockMs: 500 })).toEqual({ blockMs: 500 });
  }
  expect(losses()).toBe(0);
});

test('a link that goes on is never lost', async () => {
  const ends = await Promise.all([connect(await REALMS['worker']!(), 'port', false), connect(await REALMS['iframe']!(), 'channel', false)]);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(ends.map(({ losses }) => losses())).toEqual([0, 0]);
});

test('many links of one realm are told apart', async () => {
  const realms = await Promise.all(Array.from({ length: 6 }, () => REALMS['worker']!()));
  const ends = await Promise.all(realms.map((realm) => connect(realm, 'port', true)));
  await settle();
  for (const realm of realms.slice(0, 3)) realm.end();
  await Promise.all(ends.slice(0, 3).map(({ lost }) => lost));
  await settle();
  expect(ends.map(({ losses }) => losses())).toEqual([1, 1, 1, 0, 0, 0]);
});

test('a closed link holds and waits for no locks', async () => {
  // Those of the tests before are about to go.
  await vi.waitFor(async () => expect(await lockCount()).toBe(0));
  const { port1, port2 } = new MessageChannel();
  const [near, far] = [openPortLink(port1), openPortLink(port2)];
  await vi.waitFor(async () => expect(await lockCount()).toBe(4));
  near.close();
  far.close();
  await vi.waitFor(async () => expect(await lockCount()).toBe(0));
});

describe('discovery', () => {
  test('with brokers at both ends a link is over a port', async () => {
    const name = randomName('service-');
    const [near, far] = [openPortBroker()!, openPortBroker()!];
    const links: Link[] = [];
    const announcement = announceService(name, { title: 'Cube' }, (link) => links.push(link), { broker: near });
    open.push(
      () => announcement.close(),
      () => near.close(),
      () => far.close(),
    );
    const [service] = await findServices(name, { broker: far, timeoutMs: 500 });
    const link = await service!.connect();
    expect(link.canTransfer).toBe(true);
    await vi.waitFor(() => expect(links).toHaveLength(1));
    const buffer = new Uint8Array([1, 2, 3]).buffer;
    const received = new Promise<unknown>((resolve) => links[0]!.listen(resolve));
    link.post(buffer, [buffer]);
    expect([buffer.byteLength, new Uint8Array((await received) as ArrayBuffer)]).toEqual([0, new Uint8Array([1, 2, 3])]);
    const lost = new Promise<void>((resolve) => links[0]!.onLost(resolve));
    link.close();
    await lost;
  });

  test.each([
    ['the finder', false, true],
    ['the announcer', true, false],
  ])('without a broker of %s it is over a channel', async (_, hasNear, hasFar) => {
    const name = randomName('service-');
    const broker = openPortBroker()!;
    const links: Link[] = [];
    const announcement = announceService(name, {}, (link) => links.push(link), { broker: hasNear ? broker : undefined });
    open.push(
      () => announcement.close(),
      () => broker.close(),
    );
    const [service] = await findServices(name, { broker: hasFar ? broker : undefined, timeoutMs: 500 });
    const link = await service!.connect();
    expect(link.canTransfer).toBe(false);
    link.close();
  });

  test('a broker whose script is not there leaves the channel', async () => {
    const broker = openPortBroker('/no-such-broker.js');
    expect(await broker?.meet('nobody', 1000)).toBeUndefined();
    broker?.close();
  });
});

async function lockCount(): Promise<number> {
  const { held = [], pending = [] } = await navigator.locks.query();
  return [...held, ...pending].filter(({ name }) => name?.startsWith('proscenium-link-')).length;
}
