import { beforeEach, expect, test, vi } from 'vitest';
import { connect, type EmbedConnection } from './embed-client.ts';

const HOST = 'https://models.example';

interface Sent {
  readonly message: { readonly kind: string; readonly id: string; readonly method?: string; readonly params?: unknown[] };
  readonly targetOrigin: string;
}

let scope: EventTarget;
let sent: Sent[];
const contentWindow = { postMessage: (message: Sent['message'], targetOrigin: string) => sent.push({ message, targetOrigin }) };

beforeEach(() => {
  scope = new EventTarget();
  sent = [];
  vi.stubGlobal('window', scope);
  vi.stubGlobal('document', { baseURI: 'https://docs.example/page.html' });
});

function frameOf({ isSandboxed = false } = {}): HTMLIFrameElement {
  return {
    contentWindow,
    src: `${HOST}/embed.html?src=a.usdz`,
    hasAttribute: () => isSandboxed,
    sandbox: { contains: () => false },
  } as unknown as HTMLIFrameElement;
}

function hear(data: object, { origin = HOST, source = contentWindow as object } = {}): void {
  scope.dispatchEvent(Object.assign(new Event('message'), { data: { proscenium: 1, ...data }, origin, source }));
}

function lastId(): string {
  return sent.at(-1)?.message.id ?? '';
}

async function connected(): Promise<EmbedConnection> {
  const connecting = connect(frameOf());
  hear({ kind: 'ready', id: lastId(), version: 1 });
  return connecting;
}

test('a frame that has loaded answers at once', async () => {
  const model = await connected();
  expect(sent).toEqual([{ message: { proscenium: 1, kind: 'hello', id: '1', versions: [1] }, targetOrigin: '*' }]);
  expect((await model.ready).version).toBe(1);
});

test('a frame that loads late says hello first, and the early one is forgotten', async () => {
  const connecting = connect(frameOf());
  hear({ kind: 'hello', versions: [1] });
  expect(sent).toHaveLength(2);
  hear({ kind: 'ready', id: '1', version: 1 });
  hear({ kind: 'ready', id: '2', version: 1 });
  await connecting;
});

test('a refusal is an error with its code', async () => {
  const connecting = connect(frameOf());
  hear({ kind: 'reply', id: lastId(), error: { code: 'origin-refused', message: 'No' } });
  await expect(connecting).rejects.toMatchObject({ name: 'EmbedError', code: 'origin-refused', message: 'No' });
});

test('the signal ends the waiting', async () => {
  const connecting = connect(frameOf(), { signal: AbortSignal.abort(new Error('too late')) });
  await expect(connecting).rejects.toThrow('too late');
});

test('calls go to the origin of the frame and come back by their ids', async () => {
  const model = await connected();
  const [alt, orbit] = [model.get('alt'), model.call('frame', '/Box')];
  expect(sent.slice(1)).toMatchObject([
    { message: { method: 'get', params: ['alt'] }, targetOrigin: HOST },
    { message: { method: 'frame', params: ['/Box'] }, targetOrigin: HOST },
  ]);
  hear({ kind: 'reply', id: '3', error: { code: 'no-prim', message: 'No prim' } });
  hear({ kind: 'reply', id: '2', result: 'A box' });
  expect(await alt).toBe('A box');
  await expect(orbit).rejects.toMatchObject({ code: 'no-prim' });
});

test('other windows and origins are not heard', async () => {
  const model = await connected();
  const heard = vi.fn();
  model.on('load', heard);
  const load = { kind: 'event', event: 'load', detail: { url: 'x' } };
  hear(load, { source: {} });
  hear(load, { origin: 'https://evil.example' });
  expect(heard).not.toHaveBeenCalled();
  hear(load);
  expect(heard).toHaveBeenCalledWith({ url: 'x' });
});

test('what ends listening ends it', async () => {
  const model = await connected();
  const heard = vi.fn();
  const stop = model.on('play', heard);
  stop();
  hear({ kind: 'event', event: 'play', detail: null });
  expect(heard).not.toHaveBeenCalled();
});

test('a sandboxed frame is known by its window', async () => {
  const connecting = connect(frameOf({ isSandboxed: true }));
  hear({ kind: 'ready', id: lastId(), version: 1 }, { origin: 'null' });
  const model = await connecting;
  void model.call('play').catch(() => undefined);
  expect(sent.at(-1)?.targetOrigin).toBe('*');
});

test('a frame that loads anew fails what waits, is greeted again and tells so', async () => {
  const model = await connected();
  const waiting = model.get('alt');
  const ready = vi.fn();
  model.addEventListener('ready', ready);
  hear({ kind: 'hello', versions: [1] });
  await expect(waiting).rejects.toMatchObject({ code: 'frame-reloaded' });
  await expect(model.get('alt')).rejects.toMatchObject({ code: 'not-connected' });
  hear({ kind: 'ready', id: lastId(), version: 1 });
  expect(ready).toHaveBeenCalledOnce();
});

test('a picture is a file', async () => {
  const model = await connected();
  const picture = model.toBlob();
  hear({ kind: 'reply', id: lastId(), result: 'data:image/png;base64,AQID' });
  const blob = await picture;
  expect(blob.type).toBe('image/png');
  expect([...new Uint8Array(await blob.arrayBuffer())]).toEqual([1, 2, 3]);
});

test('after close nothing is sent or heard', async () => {
  const model = await connected();
  const waiting = model.get('alt');
  model.close();
  model.close();
  await expect(waiting).rejects.toMatchObject({ code: 'closed' });
  await expect(model.get('alt')).rejects.toMatchObject({ code: 'not-connected' });
});
