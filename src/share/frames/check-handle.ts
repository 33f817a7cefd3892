import { checkDescriptor, show } from './check-descriptor.ts';
import { ShareError } from './share-error.ts';
import { HANDLE_VERSION, type TextureHandle } from './texture-handle.ts';
import type { TransportKind } from './transports/transport.ts';

export const TRANSPORT_KINDS: readonly TransportKind[] = ['local', 'shared-memory', 'buffer', 'bitmap', 'video-frame', 'broadcast'];

const MAX_NAME_LENGTH = 200;

export function isTransportKind(value: unknown): value is TransportKind {
  return (TRANSPORT_KINDS as readonly unknown[]).includes(value);
}

/**
 * Checks a handle that came from elsewhere.
 *
 * @returns a copy that has the known fields only
 * @throws ShareError `share-version`, `share-bad-handle`, and what `checkDescriptor` throws
 */
export function checkHandle(value: unknown): TextureHandle {
  if (typeof value !== 'object' || value === null) throw bad('an object', value);
  const { version, kind, id, descriptor, transport, port, channel } = value as Readonly<Record<string, unknown>>;
  if (kind !== 'shared-texture') throw bad('of kind "shared-texture"', kind);
  if (version !== HANDLE_VERSION) {
    throw new ShareError(
      'share-version',
      `The handle of a shared texture has version ${show(version)}; this side speaks version ${HANDLE_VERSION}.`,
    );
  }
  if (!isName(id)) throw bad(`with an id of 1 to ${MAX_NAME_LENGTH} characters`, id);
  if (transport !== 'auto' && !isTransportKind(transport))
    throw bad(`with a transport of ${TRANSPORT_KINDS.join(', ')} or auto`, transport);
  const known = { version: HANDLE_VERSION, kind, id, descriptor: checkDescriptor(descriptor), transport } as const;
  if (channel === undefined) {
    if (!isPort(port)) throw bad('with a MessagePort or the name of a channel', port);
    return { ...known, port };
  }
  if (port !== undefined) throw bad('with either a port or a channel, not both', port);
  if (!isName(channel)) throw bad(`with a channel name of 1 to ${MAX_NAME_LENGTH} characters`, channel);
  return { ...known, channel };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME_LENGTH;
}

/** By shape: a port of another window of the same thread is no instance of this one's MessagePort. */
function isPort(value: unknown): value is MessagePort {
  if (typeof value !== 'object' || value === null) return false;
  const { postMessage, start, addEventListener } = value as Partial<MessagePort>;
  return typeof postMessage === 'function' && typeof start === 'function' && typeof addEventListener === 'function';
}

function bad(wanted: string, found: unknown): ShareError {
  return new ShareError('share-bad-handle', `The handle of a shared texture must be ${wanted}; found ${show(found)}.`);
}
