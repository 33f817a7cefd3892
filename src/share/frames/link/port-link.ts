import type { Link } from './link.ts';
import { LiveLink, type LinkOptions } from './live-link.ts';

/** A link over a port, which belongs to the link from here on. The other end must be opened with it too. */
export function openPortLink(port: MessagePort, options: LinkOptions = {}): Link {
  const link = new LiveLink(
    { canTransfer: true, post: (envelope, transfer) => port.postMessage(envelope, transfer), close: () => port.close() },
    options,
  );
  port.addEventListener('message', ({ data }) => link.receive(data));
  port.addEventListener('messageerror', () => link.receiveUnreadable());
  // Where the platform tells (Chromium after `close()`, Node always).
  port.addEventListener('close', () => link.lose());
  port.start();
  return link;
}
