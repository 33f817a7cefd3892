import { beforeEach, expect, test } from 'vitest';
import { EmbedHost, type EmbedSurface } from './embed-host.ts';
import type { FromFrame } from './embed-protocol.ts';

class Model extends EventTarget {
  color = 'red';
}

const SURFACE: EmbedSurface<Model> = {
  loaded: () => true,
  readable: { color: (model) => model.color, layers: () => ['secret.usda'] },
  writable: { color: (model, value) => (model.color = String(value)) },
  methods: {
    double: (_model, [x]) => Promise.resolve(Number(x) * 2),
    fail: () => Promise.reject(Object.assign(new Error('No such set'), { code: 'variant-unknown' })),
    picture: () => 'data:image/png;base64,AA==',
    wait: () => new Promise(() => undefined),
  },
  contents: ['picture', 'layers'],
  events: { load: () => ({ ok: true }), broken: () => undefined },
};

const PAGE = 'https://docs.example';
const HOST = 'https://models.example';
const HELLO = { proscenium: 1, kind: 'hello', id: 'h', versions: [1] };

let model: Model;
let scope: EventTarget;
let sent: { message: FromFrame; targetOrigin: string }[];
const parent = { postMessage: (message: FromFrame, targetOrigin: string) => sent.push({ message, targetOrigin }) };

beforeEach(() => {
  model = new Model();
  scope = new EventTarget();
  sent = [];
});

function start(options: { allowedOrigins?: readonly string[]; ownOrigin?: string; readerOrigins?: readonly string[] } = {}): void {
  const { ownOrigin = HOST, readerOrigins = [], allowedOrigins } = options;
  new EmbedHost({ element: model, surface: SURFACE, scope, parent, ownOrigin, readerOrigins, allowedOrigins, ignored: ['colour'] });
  expect(sent).toEqual([{ message: { proscenium: 1, kind: 'hello', versions: [1] }, targetOrigin: '*' }]);
  sent = [];
}

/** Sends a message as a window does, and lets the answer come. */
async function say(data: unknown, { origin = PAGE, source = parent as unknown } = {}): Promise<FromFrame | undefined> {
  const event = new Event('message');
  scope.dispatchEvent(Object.assign(event, { data, origin, source }));
  await new Promise((resolve) => setTimeout(resolve));
  return sent.pop()?.message;
}

const request = (method: string, ...params: unknown[]): object => ({ proscenium: 1, kind: 'request', id: 'r', method, params });

test('a hello is answered with what was agreed and what there is', async () => {
  start();
  expect(await say(HELLO)).toEqual({
    proscenium: 1,
    kind: 'ready',
    id: 'h',
    version: 1,
    readable: ['color'],
    writable: ['color'],
    methods: ['get', 'set', 'double', 'fail', 'wait'],
    events: ['load', 'broken'],
    loaded: true,
    ignored: ['colour'],
  });
});

test('a hello of another version is refused with the reason', async () => {
  start();
  expect(await say({ ...HELLO, proscenium: 7, versions: [7, 8] })).toMatchObject({
    kind: 'reply',
    id: 'h',
    error: { code: 'version-mismatch' },
  });
});

test('properties are read and set, methods called', async () => {
  start();
  await say(HELLO);
  expect(await say(request('set', 'color', 'blue'))).toMatchObject({ id: 'r', result: null });
  expect(await say(request('get', 'color'))).toMatchObject({ id: 'r', result: 'blue' });
  expect(await say(request('double', 21))).toMatchObject({ id: 'r', result: 42 });
});

test('failures come back as data', async () => {
  start();
  await say(HELLO);
  expect(await say(request('fail'))).toMatchObject({ id: 'r', error: { code: 'variant-unknown', message: 'No such set' } });
});

test.each([
  ['get', ['constructor']],
  ['get', ['__proto__']],
  ['set', ['innerHTML', '<b>']],
  ['toString', []],
  ['remove', []],
  ['get', [{}]],
])('%s %j is no name of the list', async (method, params) => {
  start();
  await say(HELLO);
  expect(await say(request(method, ...params))).toMatchObject({ error: { code: 'unknown-name' } });
});

test('nothing is done before a hello', async () => {
  start();
  expect(await say(request('set', 'color', 'blue'))).toMatchObject({ error: { code: 'not-connected' } });
  expect(model.color).toBe('red');
});

test('other windows than the parent are not heard', async () => {
  start();
  expect(await say(HELLO, { source: {} })).toBeUndefined();
});

test.each([
  null,
  'hello',
  7,
  [],
  {},
  { ...HELLO, id: 7 },
  { ...HELLO, versions: 'x' },
  { ...HELLO, proscenium: '1' },
  { ...request('get'), params: {} },
])('the message %j is left to whom it is for', async (data) => {
  start();
  expect(await say(data)).toBeUndefined();
});

test('origins outside the list are refused, those in it served', async () => {
  start({ allowedOrigins: ['https://other.example', PAGE] });
  expect(await say(HELLO, { origin: 'https://evil.example' })).toMatchObject({ kind: 'reply', error: { code: 'origin-refused' } });
  expect(await say(request('set', 'color', 'blue'), { origin: 'https://evil.example' })).toMatchObject({
    error: { code: 'origin-refused' },
  });
  expect(model.color).toBe('red');
  expect(await say(HELLO)).toMatchObject({ kind: 'ready' });
});

test('an empty list lets nobody in', async () => {
  start({ allowedOrigins: [] });
  expect(await say(HELLO)).toMatchObject({ error: { code: 'origin-refused' } });
});

test('pictures go to pages of the same origin, of the list of the host, and out of a sandbox, not to others', async () => {
  start();
  await say(HELLO);
  expect(await say(request('picture'))).toMatchObject({ error: { code: 'not-readable' } });
  expect(await say(request('get', 'layers'))).toMatchObject({ error: { code: 'not-readable' } });
  await say(HELLO, { origin: HOST });
  expect(await say(request('picture'), { origin: HOST })).toMatchObject({ result: 'data:image/png;base64,AA==' });
});

test.each([{ ownOrigin: 'null' }, { readerOrigins: [PAGE] }, { readerOrigins: ['*'] }])(
  'pictures are readable with %j',
  async (options) => {
    start(options);
    expect(await say(HELLO)).toMatchObject({ methods: ['get', 'set', 'double', 'fail', 'picture', 'wait'] });
    expect(await say(request('picture'))).toMatchObject({ result: 'data:image/png;base64,AA==' });
  },
);

test('events go to the page that said hello, and to no other origin', async () => {
  start();
  model.dispatchEvent(new Event('load'));
  expect(sent).toEqual([]);
  await say(HELLO);
  model.dispatchEvent(new Event('load'));
  model.dispatchEvent(new Event('broken'));
  expect(sent).toEqual([
    { message: { proscenium: 1, kind: 'event', event: 'load', detail: { ok: true } }, targetOrigin: PAGE },
    { message: { proscenium: 1, kind: 'event', event: 'broken', detail: null }, targetOrigin: PAGE },
  ]);
});

test('a page without an origin is answered all the same', async () => {
  start();
  await say(HELLO, { origin: 'null' });
  model.dispatchEvent(new Event('load'));
  expect(sent.pop()?.targetOrigin).toBe('*');
});

test('requests that pile up are refused', async () => {
  start();
  await say(HELLO);
  for (let i = 0; i < 64; i++) await say(request('wait'));
  expect(await say(request('double', 1))).toMatchObject({ error: { code: 'too-many-requests' } });
});
