/** An end of a link in a worker or an iframe of its own: opens the port it is sent, echoes messages, and does what some of them say. */
import { openBroadcastLink } from '../../src/share/frames/link/broadcast-link.ts';
import { openPortLink } from '../../src/share/frames/link/port-link.ts';

export interface LinkEndInit {
  readonly port?: MessagePort;
  readonly channel?: string;
  readonly usesLocks: boolean;
}

globalThis.addEventListener('message', ({ data }: MessageEvent<LinkEndInit>) => {
  const { port, channel, usesLocks } = data;
  const link = port === undefined ? openBroadcastLink(channel!, 'guest', { usesLocks }) : openPortLink(port, { usesLocks });
  link.listen((message) => {
    const { blockMs = 0 } = message as { blockMs?: number };
    const end = performance.now() + blockMs;
    while (performance.now() < end);
    link.post(message);
  });
});

// In an iframe.
if ('document' in globalThis) globalThis.parent.postMessage('link-end-ready');
