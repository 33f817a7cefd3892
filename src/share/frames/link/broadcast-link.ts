import { ShareError } from '../share-error.ts';
import type { Link } from './link.ts';
import { LiveLink, type LinkEnvelope, type LinkOptions } from './live-link.ts';
import { randomName } from './random-name.ts';

/** `host` has made the channel's name and waits; the first `guest` that comes has the link, any other is turned away. */
export type BroadcastRole = 'host' | 'guest';

interface Packet {
  readonly from: string;
  readonly role: BroadcastRole;
  /** Missing in the first word of an end, which does not know the other yet. */
  readonly to?: string;
  /** Missing in the handshake. */
  readonly envelope?: LinkEnvelope;
  readonly isRefused?: true;
}

/**
 * A link between two realms of one origin that know nothing of each other but a name, over a BroadcastChannel. Everything is copied, ports cannot
 * cross. Either end may come first; what is posted before the other is there is kept. Anybody of the origin hears a channel's messages: its name is made
 * with `randomName`.
 *
 * @throws ShareError `share-unsupported-transport` where there are no BroadcastChannels
 */
export function openBroadcastLink(name: string, role: BroadcastRole, options: LinkOptions = {}): Link {
  if (typeof BroadcastChannel !== 'function') {
    throw new ShareError('share-unsupported-transport', 'This realm has no BroadcastChannel; a handle with a port works without');
  }
  const channel = new BroadcastChannel(name);
  const address = randomName('');
  let other: string | undefined;
  const waiting: LinkEnvelope[] = [];
  const send = (packet: Omit<Packet, 'from' | 'role'>): void => channel.postMessage({ from: address, role, ...packet } satisfies Packet);
  const meet = (from: string): void => {
    other = from;
    for (const envelope of waiting.splice(0)) send({ to: from, envelope });
  };

  const link = new LiveLink(
    {
      canTransfer: false,
      post: (envelope) => {
        if (other !== undefined) send({ to: other, envelope });
        else if (envelope.kind === 'link-message') waiting.push({ ...envelope, message: structuredClone(envelope.message) });
        else waiting.push(envelope);
      },
      close: () => channel.close(),
    },
    options,
  );
  channel.addEventListener('message', ({ data }) => {
    const packet = checkPacket(data);
    // Who is addressed knows the address from its owner; others of the same name are not listened to.
    if (packet === undefined || packet.role === role || (packet.to !== undefined && packet.to !== address)) return;
    const { from, envelope, isRefused } = packet;
    if (other === undefined) {
      if (isRefused === true) {
        link.lose();
        return;
      }
      // To one that came first, so that it knows this end, unless this is its answer.
      if (packet.to === undefined) send({ to: from });
      meet(from);
    }
    if (from === other) {
      if (envelope !== undefined) link.receive(envelope);
    } else if (role === 'host' && packet.to === undefined) send({ to: from, isRefused: true });
  });
  channel.addEventListener('messageerror', () => {
    if (other !== undefined) link.receiveUnreadable();
  });
  send({});
  return link;
}

function checkPacket(data: unknown): Packet | undefined {
  const { from, role, to } = (data ?? {}) as Partial<Record<keyof Packet, unknown>>;
  const isPacket = typeof from === 'string' && (role === 'host' || role === 'guest') && (to === undefined || typeof to === 'string');
  return isPacket ? (data as Packet) : undefined;
}
