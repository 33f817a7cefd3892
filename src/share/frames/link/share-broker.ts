/**
 * Script of a SharedWorker that gives real ports to windows of one origin that have none with each other: two that ask for the same meeting get the two
 * ends of a MessageChannel. It keeps nothing but who waits.
 */
interface SharedWorkerScope {
  addEventListener(type: 'connect', listener: (event: MessageEvent) => void): void;
}

const MAX_WAITING = 1000;
const waiting = new Map<string, MessagePort>();

// Where a bundler or a test loads it into anything else, nothing happens.
if ('SharedWorkerGlobalScope' in globalThis) {
  (globalThis as unknown as SharedWorkerScope).addEventListener('connect', ({ ports: [client] }) => {
    client?.addEventListener('message', ({ data }) => receive(client, data));
    client?.start();
  });
}

function receive(client: MessagePort, data: unknown): void {
  const { kind, meeting } = (data ?? {}) as { kind?: unknown; meeting?: unknown };
  if (typeof meeting !== 'string') return;
  const other = waiting.get(meeting);
  if (kind === 'leave') {
    if (other === client) waiting.delete(meeting);
  } else if (kind === 'meet' && other === undefined) {
    // The oldest belong to windows that were closed.
    if (waiting.size >= MAX_WAITING) waiting.delete(waiting.keys().next().value!);
    waiting.set(meeting, client);
  } else if (kind === 'meet' && other !== undefined) {
    waiting.delete(meeting);
    const { port1, port2 } = new MessageChannel();
    other.postMessage({ kind: 'met', meeting }, [port1]);
    client.postMessage({ kind: 'met', meeting }, [port2]);
  }
}

export {};
