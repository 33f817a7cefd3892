import { afterEach, describe, expect, test, vi } from 'vitest';
import { openBroadcastLink, type BroadcastRole } from './broadcast-link.ts';
import { announceService, findServices } from './discovery.ts';
import type { Link } from './link.ts';
import { randomName } from './random-name.ts';

const open: { close(): void }[] = [];

afterEach(() => {
  for (const end of open.splice(0)) end.close();
});

function openEnd(name: string, role: BroadcastRole): Link & { readonly received: unknown[]; losses(): number } {
  const link = openBroadcastLink(name, role);
  open.push(link);
  const received: unknown[] = [];
  let losses = 0;
  link.listen((message) => received.push(message));
  link.onLost(() => (losses += 1));
  return Object.assign(link, { received, losses: () => losses });
}

describe('link over a channel', () => {
  test.each([
    ['host', 'guest'],
    ['guest', 'host'],
  ] as const)('%s first: what is posted before the other is there arrives, in order', async (first, second) => {
    const name = randomName('test-');
    const one = openEnd(name, first);
    const sent = { count: 1 };
    one.post(sent);
    sent.count = 2;
    await new Promise((resolve) => setTimeout(resolve, 20));
    one.post('second');
    const two = openEnd(name, second);
    two.post('answer');
    await vi.waitFor(() => expect([one.received, two.received]).toEqual([['answer'], [{ count: 1 }, 'second']]));
    one.post(new Uint8Array([1, 2]));
    await vi.waitFor(() => expect(two.received.at(-1)).toEqual(new Uint8Array([1, 2])));
    expect([one.canTransfer, two.canTransfer]).toEqual([false, false]);
  });

  test('opened at the same time they meet once', async () => {
    const name = randomName('test-');
    const [guest, host] = [openEnd(name, 'guest'), openEnd(name, 'host')];
    for (let count = 0; count < 10; count++) {
      guest.post(count);
      host.post(-count);
    }
    const counts = Array.from({ length: 10 }, (_, index) => index);
    await vi.waitFor(() => expect([host.received, guest.received]).toEqual([counts, counts.map((count) => -count)]));
  });

  test('a second guest is turned away and hears nothing', async () => {
    const name = randomName('test-');
    const [host, guest] = [openEnd(name, 'host'), openEnd(name, 'guest')];
    await vi.waitFor(() => {
      host.post('one');
      expect(guest.received.length).toBeGreaterThan(0);
    });
    const late = openEnd(name, 'guest');
    late.post('mine');
    await vi.waitFor(() => expect(late.losses()).toBe(1));
    expect([late.received, host.received, host.losses(), guest.losses()]).toEqual([[], [], 0, 0]);
  });

  test('a close is heard of at once', async () => {
    const name = randomName('test-');
    const [host, guest] = [openEnd(name, 'host'), openEnd(name, 'guest')];
    host.post('hello');
    await vi.waitFor(() => expect(guest.received).toEqual(['hello']));
    guest.post('last');
    guest.close();
    await vi.waitFor(() => expect([host.received, host.losses()]).toEqual([['last'], 1]));
    expect(guest.losses()).toBe(0);
  });

  test('an end that falls silent is lost within 1 s', async () => {
    // A realm that ends says nothing.
    const name = randomName('test-');
    const survivor = openEnd(name, 'host');
    const silent = new BroadcastChannel(name);
    open.push(silent);
    silent.postMessage({ from: 'silent', role: 'guest', envelope: { kind: 'link-open', isWindow: false } });
    const begin = performance.now();
    await vi.waitFor(() => expect(survivor.losses()).toBe(1), { timeout: 2000, interval: 5 });
    expect(performance.now() - begin).toBeLessThan(1000);
  });

  test.each([null, 7, {}, { from: 1, role: 'guest' }, { from: 'x', role: 'other' }, { from: 'x', role: 'guest', to: 5 }])(
    'foreign packets (%j) are ignored',
    async (packet) => {
      const name = randomName('test-');
      const foreign = new BroadcastChannel(name);
      open.push(foreign);
      const host = openEnd(name, 'host');
      foreign.postMessage(packet);
      const guest = openEnd(name, 'guest');
      guest.post('real');
      await vi.waitFor(() => expect(host.received).toEqual(['real']));
    },
  );

  test('ports cannot cross, and the caller is told', () => {
    const host = openEnd(randomName('test-'), 'host');
    const { port1 } = new MessageChannel();
    expect(() => host.post({ port: port1 }, [port1])).toThrow('transfer');
    port1.close();
  });
});

describe('discovery', () => {
  test('a service is found by its name, and links to each that connects', async () => {
    const name = randomName('service-');
    const links: Link[] = [];
    open.push(announceService(name, { title: 'Cube' }, (link) => links.push(link)));
    open.push(announceService(randomName('other-'), {}, () => undefined));
    const [service, ...others] = await findServices(name, { timeoutMs: 50 });
    expect([service?.info, others]).toEqual([{ title: 'Cube' }, []]);
    const [one, two] = await Promise.all([service!.connect(), service!.connect()]);
    open.push(one!, two!);
    await vi.waitFor(() => expect(links).toHaveLength(2));
    const received: unknown[] = [];
    for (const link of links) link.listen((message) => received.push(message));
    one!.post(1);
    two!.post(2);
    await vi.waitFor(() => expect(new Set(received)).toEqual(new Set([1, 2])));
    one!.close();
    two!.close();
  });

  test('one that begins during the search is found, one that ended before is not', async () => {
    const name = randomName('service-');
    announceService(name, 'ended', () => undefined).close();
    const search = findServices(name, { timeoutMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    open.push(announceService(name, 'late', () => undefined));
    expect((await search).map(({ info }) => info)).toEqual(['late']);
  });

  test('a connection to one that has ended since is refused', async () => {
    const name = randomName('service-');
    const announcement = announceService(name, {}, () => undefined);
    const [service] = await findServices(name, { timeoutMs: 50 });
    announcement.close();
    await expect(service!.connect()).rejects.toMatchObject({ code: 'share-peer-lost' });
  });
});
