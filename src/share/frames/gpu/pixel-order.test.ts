import { expect, test } from 'vitest';
import { divideByAlpha, swapRedAndBlue } from './pixel-order.ts';

test.each([0, 1])('red and blue change places, in place too, at byte %i of a buffer', (offset) => {
  const pixels = new Uint8Array(new ArrayBuffer(9), offset, 8);
  pixels.set([1, 2, 3, 4, 250, 251, 252, 253]);
  const into = new Uint8ClampedArray(8);
  swapRedAndBlue(pixels, into);
  expect([...into]).toEqual([3, 2, 1, 4, 252, 251, 250, 253]);
  swapRedAndBlue(pixels, pixels);
  expect([...pixels]).toEqual([...into]);
});

test('every premultiplied colour comes back when it is divided by alpha and multiplied again', () => {
  for (let alpha = 1; alpha < 256; alpha++) {
    for (let color = 0; color <= alpha; color++) {
      const pixel = Uint8Array.of(color, 0, alpha, alpha);
      divideByAlpha(pixel);
      expect([Math.round((pixel[0]! * alpha) / 255), pixel[1], pixel[2], pixel[3]]).toEqual([color, 0, 255, alpha]);
    }
  }
});

test('colours above their alpha are cut off, and lost without alpha', () => {
  const pixels = Uint8Array.of(200, 100, 50, 100, 9, 9, 9, 0);
  divideByAlpha(pixels);
  expect([...pixels]).toEqual([255, 255, 128, 100, 0, 0, 0, 0]);
});
