import { expect, test } from 'vitest';
import { completeDescriptor } from './check-descriptor.ts';
import { checkConsumerMessage, checkProducerMessage, reasonOf } from './connection-messages.ts';

test('messages of a consumer are taken with their own fields only', () => {
  const hello = { kind: 'hello', version: 1, transports: ['buffer', 'magic', 'bitmap'], realm: 'r', device: 5, isSoftware: true, extra: 1 };
  expect(checkConsumerMessage(hello)).toEqual({
    kind: 'hello',
    version: 1,
    transports: ['buffer', 'bitmap'],
    realm: 'r',
    device: undefined,
    isSoftware: true,
  });
  expect(checkConsumerMessage({ kind: 'probe-used', lane: 3, value: 7, extra: 1 })).toEqual({ kind: 'probe-used', lane: 3, value: 7 });
  expect(checkConsumerMessage({ kind: 'lane', lane: 1, message: { kind: 'room' } })).toEqual({
    kind: 'lane',
    lane: 1,
    message: { kind: 'room' },
  });
});

test.each([
  undefined,
  null,
  [],
  'hello',
  {},
  { kind: 'toString' },
  { kind: 'hello', version: '1', transports: [], realm: 'r' },
  { kind: 'hello', version: 1, transports: 'buffer', realm: 'r' },
  { kind: 'hello', version: 1, transports: [], realm: 'r'.repeat(1001) },
  { kind: 'hello', version: 1, transports: Array.from({ length: 33 }, () => 'buffer'), realm: 'r' },
  { kind: 'probe-used', lane: -1, value: 1 },
  { kind: 'probe-used', lane: 1, value: 0.5 },
  { kind: 'lane-failed', lane: 1, reason: 7 },
  { kind: 'lane', lane: 1, message: null },
  { kind: 'lane', lane: 1, message: ['frame'] },
  { kind: 'open-lane', lane: 1, transport: 'buffer', isProbe: true },
])('%j is no message of a consumer', (value) => {
  expect(checkConsumerMessage(value)).toBeUndefined();
});

test('messages of a producer are taken with their own fields only', () => {
  const descriptor = completeDescriptor({ width: 4, height: 2 });
  const open = { kind: 'open-lane', lane: 1, transport: 'buffer', descriptor, isProbe: false };
  expect(checkProducerMessage({ ...open, extra: 1 })).toEqual(open);
  expect(checkProducerMessage({ kind: 'refused', code: 'share-version', reason: 'old' })).toEqual({
    kind: 'refused',
    code: 'share-version',
    reason: 'old',
  });
});

test.each([
  undefined,
  { kind: 'hello', version: 1, transports: [], realm: 'r' },
  { kind: 'refused', code: 'constructor', reason: 'x' },
  { kind: 'open-lane', lane: 1, transport: 'magic', isProbe: false },
  { kind: 'open-lane', lane: Number.MAX_VALUE, transport: 'buffer', isProbe: false },
  { kind: 'close-lane', lane: '1' },
])('%j is no message of a producer', (value) => {
  expect(checkProducerMessage(value)).toBeUndefined();
});

test('a lane whose frames would take all memory is an error, not a lane', () => {
  const descriptor = { ...completeDescriptor({ width: 4, height: 2 }), width: 16_384, height: 16_384 };
  expect(() => checkProducerMessage({ kind: 'open-lane', lane: 1, transport: 'buffer', descriptor, isProbe: false })).toThrow(
    expect.objectContaining({ code: 'share-limit' }),
  );
});

test('reasons are of a length that crosses', () => {
  expect(reasonOf(new Error('x'.repeat(5000)))).toHaveLength(1000);
  expect(reasonOf('plain')).toBe('plain');
});
