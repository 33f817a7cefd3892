import { expect, test } from 'vitest';
import { candidatesOf, orderByTime, type ConnectionEnds } from './choose-transport.ts';
import type { TransportKind } from './transports/transport.ts';

const ALL: readonly TransportKind[] = ['local', 'shared-memory', 'buffer', 'bitmap', 'video-frame', 'broadcast'];
const ENDS: ConnectionEnds = {
  producer: ALL,
  consumer: ALL,
  isLocal: false,
  canTransfer: true,
  hasDevice: true,
  isSoftware: false,
  alphaMode: 'premultiplied',
  wanted: 'auto',
};

test('images come first on hardware, memory first on software', () => {
  expect(candidatesOf(ENDS)).toEqual(['bitmap', 'video-frame', 'shared-memory', 'buffer']);
  expect(candidatesOf({ ...ENDS, isSoftware: true })).toEqual(['shared-memory', 'buffer', 'video-frame', 'bitmap']);
});

test('in one realm nothing is moved; the others are there in case the devices part', () => {
  expect(candidatesOf({ ...ENDS, isLocal: true })[0]).toBe('local');
  expect(candidatesOf({ ...ENDS, isLocal: true })).toHaveLength(5);
});

test('only what both ends can do is tried', () => {
  expect(candidatesOf({ ...ENDS, consumer: ['buffer', 'broadcast', 'video-frame'] })).toEqual(['video-frame', 'buffer']);
  expect(candidatesOf({ ...ENDS, producer: ['local', 'broadcast'] })).toEqual([]);
});

test('where nothing can be transferred, copies in messages are what is left', () => {
  expect(candidatesOf({ ...ENDS, canTransfer: false })).toEqual(['broadcast']);
});

test('pixels with alpha do not go through images unless asked for', () => {
  expect(candidatesOf({ ...ENDS, hasDevice: false })).toEqual(['shared-memory', 'buffer']);
  expect(candidatesOf({ ...ENDS, hasDevice: false, alphaMode: 'opaque' })).toHaveLength(4);
  expect(candidatesOf({ ...ENDS, hasDevice: false, wanted: 'bitmap' })).toEqual(['bitmap']);
});

test('a transport that is asked for is the only one, if it is there', () => {
  expect(candidatesOf({ ...ENDS, wanted: 'buffer' })).toEqual(['buffer']);
  expect(candidatesOf({ ...ENDS, wanted: 'local' })).toEqual([]);
  expect(candidatesOf({ ...ENDS, wanted: 'buffer', consumer: ['bitmap'] })).toEqual([]);
});

test('the fastest is first, what failed is left out', () => {
  const measured = new Map<TransportKind, number | undefined>([
    ['bitmap', 9],
    ['video-frame', undefined],
    ['buffer', 4],
    ['shared-memory', 4.5],
  ]);
  expect(orderByTime(measured)).toEqual(['buffer', 'shared-memory', 'bitmap']);
});
