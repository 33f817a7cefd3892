/**
 * Services by name within an origin: one window announces, others find it and connect. The search goes over one BroadcastChannel for each name. A
 * connection is a link: over a port where both ends have a broker, over a BroadcastChannel of its own otherwise.
 *
 * ```
 * finder                           announcer
 * who                         →
 *                             ←    here (id, info, whether it has a broker)
 * connect (id, meeting, how)  →
 *                             ←    connected (meeting), unless the broker tells
 * ```
 *
 * Everybody of the origin can announce and find, and hears what is said: there are no secrets among the pages of one origin.
 */
import { ShareError } from '../share-error.ts';
import { openBroadcastLink } from './broadcast-link.ts';
import type { Link } from './link.ts';
import type { PortBroker } from './port-broker.ts';
import { openPortLink } from './port-link.ts';
import { randomName } from './random-name.ts';

const CHANNEL_PREFIX = 'proscenium-share-';
const SEARCH_MS = 500;
/** For both ends to reach the broker, which may have to start. */
const MEETING_MS = 2000;

/** How services are found. */
export interface DiscoveryOptions {
  /** See `openPortBroker`. */
  readonly broker?: PortBroker | undefined;
}

/** A service that can be found. */
export interface Announcement {
  /** No more finders; links stay. Safe to call twice. */
  close(): void;
}

/** Who announced a service. */
export interface FoundService {
  readonly id: string;
  /** What was announced with it; hostile until checked. */
  readonly info: unknown;
  /** @throws ShareError `share-peer-lost` when it is gone by now */
  connect(): Promise<Link>;
}

/**
 * @param info plain data for who searches: a title, a size
 * @param onConnect gets a link for each finder that connects
 * @throws ShareError `share-unsupported-transport` where there are no BroadcastChannels
 */
export function announceService(
  name: string,
  info: unknown,
  onConnect: (link: Link) => void,
  { broker }: DiscoveryOptions = {},
): Announcement {
  const channel = openChannel(name);
  const id = randomName('');
  let isClosed = false;
  const connect = async (meeting: string, isByPort: boolean): Promise<void> => {
    if (!isByPort) {
      const link = openBroadcastLink(meeting, 'host');
      channel.postMessage({ kind: 'connected', meeting });
      onConnect(link);
      return;
    }
    const port = await broker?.meet(meeting, MEETING_MS);
    if (isClosed) port?.close();
    else if (port !== undefined) onConnect(openPortLink(port));
  };
  channel.addEventListener('message', ({ data }) => {
    const { kind, to, meeting, isByPort } = (data ?? {}) as Readonly<Record<string, unknown>>;
    if (kind === 'who') channel.postMessage({ kind: 'here', id, info, hasBroker: broker !== undefined });
    else if (kind === 'connect' && to === id && typeof meeting === 'string') void connect(meeting, isByPort === true);
  });
  // To those who search already.
  channel.postMessage({ kind: 'here', id, info, hasBroker: broker !== undefined });
  return {
    close: () => {
      isClosed = true;
      channel.close();
    },
  };
}

/**
 * Asks who has announced a service, and listens for as long as `timeoutMs`.
 *
 * @throws ShareError `share-unsupported-transport` where there are no BroadcastChannels
 */
export async function findServices(
  name: string,
  { broker, timeoutMs = SEARCH_MS }: DiscoveryOptions & { timeoutMs?: number } = {},
): Promise<readonly FoundService[]> {
  const channel = openChannel(name);
  const found = new Map<string, FoundService>();
  channel.addEventListener('message', ({ data }) => {
    const { kind, id, info, hasBroker } = (data ?? {}) as Readonly<Record<string, unknown>>;
    if (kind === 'here' && typeof id === 'string' && !found.has(id)) {
      found.set(id, { id, info, connect: () => connectTo(name, id, hasBroker === true ? broker : undefined) });
    }
  });
  channel.postMessage({ kind: 'who' });
  await new Promise((resolve) => setTimeout(resolve, timeoutMs));
  channel.close();
  return [...found.values()];
}

async function connectTo(name: string, id: string, broker: PortBroker | undefined): Promise<Link> {
  const channel = openChannel(name);
  try {
    if (broker !== undefined) {
      const meeting = randomName('');
      channel.postMessage({ kind: 'connect', to: id, meeting, isByPort: true });
      const port = await broker.meet(meeting, MEETING_MS);
      if (port !== undefined) return openPortLink(port);
    }
    const meeting = randomName(CHANNEL_PREFIX);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const answered = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), MEETING_MS);
      channel.addEventListener('message', ({ data }) => {
        const { kind, meeting: answeredMeeting } = (data ?? {}) as Readonly<Record<string, unknown>>;
        if (kind === 'connected' && answeredMeeting === meeting) resolve(true);
      });
    });
    const link = openBroadcastLink(meeting, 'guest');
    channel.postMessage({ kind: 'connect', to: id, meeting, isByPort: false });
    const isAnswered = await answered;
    clearTimeout(timer);
    if (isAnswered) return link;
    link.close();
    throw new ShareError('share-peer-lost', `Who announced "${name}" does not answer any more`);
  } finally {
    channel.close();
  }
}

function openChannel(name: string): BroadcastChannel {
  if (typeof BroadcastChannel !== 'function') {
    throw new ShareError('share-unsupported-transport', 'This realm has no BroadcastChannel; services are found within an origin only');
  }
  return new BroadcastChannel(CHANNEL_PREFIX + name);
}
