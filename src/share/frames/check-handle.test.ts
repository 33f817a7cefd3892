import { expect, test } from 'vitest';
import { completeDescriptor } from './check-descriptor.ts';
import { checkHandle } from './check-handle.ts';
import { HANDLE_VERSION } from './texture-handle.ts';

const descriptor = completeDescriptor({ width: 4, height: 2 });
const byChannel = {
  version: HANDLE_VERSION,
  kind: 'shared-texture',
  id: 'texture-1',
  descriptor,
  transport: 'auto',
  channel: 'c',
} as const;

test('a handle with a port or the name of a channel is taken, with the known fields only', () => {
  expect(checkHandle({ ...byChannel, extra: 1 })).toEqual(byChannel);
  const { port1: port, port2 } = new MessageChannel();
  const { channel, ...rest } = byChannel;
  expect(channel).toBe('c');
  expect(checkHandle({ ...rest, transport: 'bitmap', port }).port).toBe(port);
  port.close();
  port2.close();
});

test.each([
  [{ kind: 'other' }, 'share-bad-handle', 'of kind "shared-texture"; found "other"'],
  [{ version: 99 }, 'share-version', 'has version 99; this side speaks version'],
  [{ id: '' }, 'share-bad-handle', 'id of 1 to 200 characters'],
  [{ id: 'x'.repeat(201) }, 'share-bad-handle', 'id of 1 to 200 characters'],
  [{ transport: 'telepathy' }, 'share-bad-handle', 'broadcast or auto; found "telepathy"'],
  [{ channel: undefined }, 'share-bad-handle', 'with a MessagePort or the name of a channel'],
  [{ channel: 7 }, 'share-bad-handle', 'a channel name'],
  [{ port: {} }, 'share-bad-handle', 'not both'],
  [{ channel: undefined, port: { postMessage: 1 } }, 'share-bad-handle', 'with a MessagePort'],
  [{ descriptor: { ...descriptor, width: -1 } }, 'share-bad-descriptor', 'not -1'],
])('a handle with %j is refused', (fields, code, message) => {
  expect(() => checkHandle({ ...byChannel, ...fields })).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test.each([undefined, null, 'handle', 1])('%j is no handle', (value) => {
  expect(() => checkHandle(value)).toThrow(expect.objectContaining({ code: 'share-bad-handle' }));
});
