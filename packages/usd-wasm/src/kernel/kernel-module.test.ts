import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { beginJob, initKernel, put, reserve, trimKernel } from './kernel-module.ts';

const bytes = readFileSync(new URL('./kernel.wasm', import.meta.url));

describe('initKernel', () => {
  it('reads the file beside the program in Node when nothing is given', async () => {
    expect(await initKernel()).toBe(true);
    expect(beginJob()).toBeDefined();
  });

  it('takes bytes, a compiled module, and responses with or without the right type', async () => {
    const response = (type: string): Response => new Response(bytes, { headers: { 'content-type': type } });
    const sources = [bytes, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), await compile(bytes)];
    for (const source of [...sources, response('application/wasm'), Promise.resolve(response('text/plain'))])
      expect(await initKernel(source)).toBe(true);
  });

  it('rejects bytes that are no module', async () => {
    await expect(initKernel(Uint8Array.of(1, 2, 3))).rejects.toThrow();
    await expect(initKernel(new Response('not found', { status: 404 }))).rejects.toThrow();
  });
});

describe('the arena', () => {
  beforeEach(() => initKernel(bytes));

  it('keeps what was put before it grows', () => {
    const kernel = beginJob()!;
    const address = put(kernel, Uint32Array.of(1, 2, 3));
    expect(reserve(kernel, 50 * 2 ** 20)).toBeGreaterThan(address);
    expect([...new Uint32Array(kernel.memory.buffer, address, 3)]).toEqual([1, 2, 3]);
  });

  it('has no room beyond its limit, also where sizes would wrap', () => {
    const kernel = beginJob()!;
    for (const size of [2 ** 30, 2 ** 31, 2 ** 32, 2 ** 32 + 64, Infinity, NaN]) expect(reserve(kernel, size)).toBe(0);
    expect(reserve(kernel, 1000)).toBeGreaterThan(0);
  });

  it('gives the memory of a large job back when trimmed, or when many small jobs followed', () => {
    const sizeOf = (): number => beginJob()!.memory.buffer.byteLength;
    reserve(beginJob()!, 100 * 2 ** 20);
    expect(sizeOf()).toBeGreaterThan(100 * 2 ** 20);
    trimKernel();
    expect(sizeOf()).toBeLessThan(2 ** 20);
    reserve(beginJob()!, 100 * 2 ** 20);
    for (let job = 0; job < 130; job++) beginJob();
    expect(sizeOf()).toBeLessThan(2 ** 20);
  });
});

function compile(source: Uint8Array): Promise<object> {
  return (globalThis as unknown as { WebAssembly: { compile(source: Uint8Array): Promise<object> } }).WebAssembly.compile(source);
}
