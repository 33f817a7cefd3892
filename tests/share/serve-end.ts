/** Answers the calls of a test over a port, a worker's own channel or a BroadcastChannel. */
import type { EndCalls } from './end-calls.ts';
import { failureOf, transferOfReply, type ShareEnd } from './end.ts';

export interface CallEndpoint {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

interface CallMessage {
  readonly kind: keyof EndCalls;
  readonly call: number;
}

/** @returns the listener for what comes from the endpoint; what are no calls of an end is left alone */
export function serveEnd(end: ShareEnd, endpoint: CallEndpoint): (message: unknown) => void {
  return (message) => {
    const { kind, call } = (message ?? {}) as Partial<CallMessage>;
    if (kind === undefined || call === undefined || typeof end[kind] !== 'function') return;
    void answer(end, endpoint, message as CallMessage);
  };
}

async function answer(end: ShareEnd, endpoint: CallEndpoint, message: CallMessage): Promise<void> {
  const { kind, call } = message;
  try {
    const handler = end[kind].bind(end) as (request: object) => unknown;
    const reply = await handler(message);
    endpoint.postMessage({ kind: 'reply', call, reply }, transferOfReply(kind, reply));
  } catch (error) {
    endpoint.postMessage({ kind: 'failed', call, error: { severity: 'error', ...failureOf(error) } }, []);
  }
}
