import { expect, test } from 'vitest';
import { crc32 } from './crc32.ts';
import { writePackage } from './writer.ts';

test('the worked layout: data at 64 and 256, directory at 326, end at 434', () => {
  const bytes = writePackage([
    { name: 'root.usda', bytes: new Uint8Array(100).fill(1) },
    { name: 't/a.png', bytes: new Uint8Array(70).fill(2) },
  ]);
  const view = new DataView(bytes.buffer);
  expect(bytes.length).toBe(456);
  expect([bytes[63], bytes[64], bytes[163], bytes[164], bytes[255], bytes[256], bytes[325]]).toEqual([0, 1, 1, 0x50, 0, 2, 2]);
  expect([view.getUint16(39, true), view.getUint16(41, true)]).toEqual([0x1986, 21]);
  expect([view.getUint16(201, true), view.getUint16(203, true)]).toEqual([0x1986, 51]);
  expect([view.getUint32(326, true), view.getUint32(434, true), view.getUint32(450, true)]).toEqual([0x02014b50, 0x06054b50, 326]);
});

test('names must be relative, plain and taken once', () => {
  const bytes = new Uint8Array(1);
  for (const name of ['', '/a', 'a//b', '../a', './a', 'a\\b']) expect(() => writePackage([{ name, bytes }])).toThrow(RangeError);
  expect(() =>
    writePackage([
      { name: 'a', bytes },
      { name: 'a', bytes },
    ]),
  ).toThrow(RangeError);
});

test('CRC-32 of the check string', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});
