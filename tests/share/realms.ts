/** Opens ends in the kinds of realms that a page can reach, and ends them as a user or a crash would. */
import { CallClient } from '../../src/share/protocol/channel.ts';
import { randomName } from '../../src/share/frames/link/random-name.ts';
import type { EndCalls } from './end-calls.ts';
import { ShareEnd } from './end.ts';
import type { RealmLedger } from './realm-ledger.ts';

/**
 * `here`: the page itself. `sandbox`: an iframe with an opaque origin. `tab`: a window of the origin without an opener, which has no port with this one.
 */
export type EndKind = 'here' | 'worker' | 'iframe' | 'sandbox' | 'popup' | 'tab';

export interface OpenEnd {
  readonly kind: EndKind;
  call<K extends keyof EndCalls>(kind: K, request: EndCalls[K]['request'], transfer?: Transferable[]): Promise<EndCalls[K]['reply']>;
  /** Terminates the worker, shuts the window, removes the iframe: without a word to anybody. */
  kill(): void;
}

const OPEN_MS = 20_000;
// Ports of the test itself are not counted.
const OwnMessageChannel = MessageChannel;
const OwnBroadcastChannel = BroadcastChannel;

export function openEnd(kind: EndKind, ledger: RealmLedger): Promise<OpenEnd> {
  switch (kind) {
    case 'here':
      return Promise.resolve(endHere(ledger));
    case 'worker':
      return endInWorker();
    case 'iframe':
    case 'sandbox':
      return endInFrame(kind);
    case 'popup':
      return endInPopup();
    case 'tab':
      return endInTab();
  }
}

function endHere(ledger: RealmLedger): OpenEnd {
  const end = new ShareEnd(ledger);
  return {
    kind: 'here',
    call: async (kind, request) => (end[kind] as (request: object) => never)(request),
    kill: () => void end.closeManager(),
  };
}

async function endInWorker(): Promise<OpenEnd> {
  const worker = new Worker(new URL('./end-worker.ts', import.meta.url), { type: 'module' });
  const client = new CallClient<EndCalls>(worker);
  await up((isUp) => {
    worker.addEventListener('error', (event) => console.error('worker:', event.message));
    worker.addEventListener('message', ({ data }) => {
      isUp(data);
      client.settle(data);
    });
  }, 'worker');
  return { kind: 'worker', call: callOf(client), kill: () => worker.terminate() };
}

async function endInFrame(kind: 'iframe' | 'sandbox'): Promise<OpenEnd> {
  const frame = document.createElement('iframe');
  if (kind === 'sandbox') frame.setAttribute('sandbox', 'allow-scripts');
  frame.src = './end-window.html';
  const call = await overPort(
    kind,
    () => document.body.append(frame),
    () => frame.contentWindow,
  );
  return { kind, call, kill: () => frame.remove() };
}

async function endInPopup(): Promise<OpenEnd> {
  let popup: Window | null = null;
  const call = await overPort(
    'popup',
    () => {
      popup = window.open('./end-window.html', '', 'popup,width=240,height=160');
      if (popup === null) throw new Error('the browser opened no popup');
    },
    () => popup,
  );
  return { kind: 'popup', call, kill: () => popup?.close() };
}

async function endInTab(): Promise<OpenEnd> {
  const name = randomName('tab-');
  const channel = new OwnBroadcastChannel(name);
  const client = new CallClient<EndCalls>(channel);
  await up((isUp) => {
    channel.addEventListener('message', ({ data }) => {
      isUp(data);
      client.settle(data);
    });
    window.open(`./end-window.html?channel=${name}`, '', 'noopener');
  }, 'tab');
  // The test shuts it from outside: this page has no hold on it.
  return { kind: 'tab', call: callOf(client), kill: () => undefined };
}

async function overPort(kind: EndKind, open: () => void, windowOf: () => Window | null): Promise<OpenEnd['call']> {
  await up((isUp) => {
    window.addEventListener('message', (event) => {
      if (event.source !== null && event.source === windowOf()) isUp(event.data);
    });
    open();
  }, kind);
  const { port1, port2 } = new OwnMessageChannel();
  const client = new CallClient<EndCalls>(port1);
  port1.addEventListener('message', ({ data }) => client.settle(data));
  port1.start();
  windowOf()?.postMessage({ kind: 'end-port' }, '*', [port2]);
  return callOf(client);
}

function callOf(client: CallClient<EndCalls>): OpenEnd['call'] {
  return (kind, request, transfer = []) => client.call(kind, request, { transfer });
}

function up(listen: (isUp: (message: unknown) => void) => void, kind: EndKind): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the ${kind} did not come up`)), OPEN_MS);
    listen((message) => {
      if ((message as { kind?: unknown } | null)?.kind !== 'end-up') return;
      clearTimeout(timer);
      resolve();
    });
  });
}
