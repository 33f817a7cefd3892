import { encode } from 'fast-png';
import { halfToFloat } from 'usd-wasm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { EngineClient } from '../../../tests/support/engine-client.ts';
import type { EnvironmentSource } from '../../share/protocol/engine.ts';

afterEach(() => vi.unstubAllGlobals());

const hdr = (width: number, height: number, pixels: readonly number[]): BlobPart =>
  Uint8Array.from([...new TextEncoder().encode(`#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y ${height} +X ${width}\n`), ...pixels]);
const given = (name: string, ...parts: BlobPart[]): { source: EnvironmentSource } => ({
  source: { kind: 'file', file: new File(parts, name) },
});
const red = [128, 0, 0, 129];
const green = [0, 128, 0, 129];

describe('loadEnvironment', () => {
  test('sends a picture in linear light and says what it is, without a stage', async () => {
    const client = new EngineClient();
    expect(await client.calls.call('loadEnvironment', given('sky.hdr', hdr(2, 1, [...red, ...green])))).toEqual({
      environment: { name: 'sky.hdr', width: 2, height: 1 },
    });
    const [change] = client.environments;
    expect(change).toMatchObject({ picture: { label: 'sky.hdr', width: 2, height: 1, format: 'rgba16float', colorSpace: 'raw' } });
    expect([...halfToFloat(change!.picture!.data as Uint16Array)]).toEqual([1, 0, 0, 1, 0, 1, 0, 1]);
  });

  test('takes other pictures for sRGB, grey ones too', async () => {
    const client = new EngineClient();
    const grey = encode({ width: 2, height: 1, data: Uint8Array.of(188, 0), channels: 1, depth: 8 });
    await client.calls.call('loadEnvironment', given('sky.png', grey as BlobPart));
    expect(client.environments[0]).toMatchObject({ picture: { format: 'rgba8unorm', colorSpace: 'srgb' } });
  });

  test('forgets the picture when none is given', async () => {
    const client = new EngineClient();
    expect(await client.calls.call('loadEnvironment', {})).toEqual({});
    expect(client.environments).toEqual([{ kind: 'environmentChange' }]);
  });

  test('fails with a code and the name, and sends nothing', async () => {
    const client = new EngineClient();
    const failure = async (request: { source: EnvironmentSource }): Promise<unknown> =>
      client.calls.call('loadEnvironment', request).catch((error: { info: unknown }) => error.info);
    expect(await failure(given('notes.txt', 'hello'))).toMatchObject({ code: 'environment-unsupported', asset: 'notes.txt' });
    expect(await failure(given('cut.hdr', hdr(4, 4, red)))).toMatchObject({ code: 'environment-unsupported' });
    expect(await failure(given('huge.hdr', hdr(60_000, 30_000, red)))).toMatchObject({ code: 'environment-too-large' });
    const url = 'blob:nodedata:00000000-0000-0000-0000-000000000000';
    expect(await failure({ source: { kind: 'url', url } })).toMatchObject({ code: 'environment-not-found' });
    expect(client.environments).toEqual([]);
  });

  test('reads addresses', async () => {
    const client = new EngineClient();
    const url = URL.createObjectURL(new Blob([hdr(1, 1, red)]));
    expect((await client.calls.call('loadEnvironment', { source: { kind: 'url', url } })).environment).toMatchObject({ width: 1 });
    URL.revokeObjectURL(url);
  });

  test.each([
    [false, undefined],
    [true, 'include'],
  ] as const)('with credentials %s the request says %s', async (withCredentials, credentials) => {
    const asked: (RequestInit | undefined)[] = [];
    vi.stubGlobal('fetch', async (_address: string, init?: RequestInit) => {
      asked.push(init);
      return new Response(new Blob([hdr(1, 1, red)]));
    });
    const client = new EngineClient();
    await client.calls.call('loadEnvironment', { source: { kind: 'url', url: 'https://skies.example/a.hdr', withCredentials } });
    expect(asked.map((init) => init?.credentials)).toEqual([credentials]);
  });

  test('is overtaken by a newer call, and by the end of the view', async () => {
    const client = new EngineClient();
    const first = client.calls.call('loadEnvironment', given('first.hdr', hdr(1, 1, red)));
    const second = client.calls.call('loadEnvironment', given('second.hdr', hdr(1, 1, green)));
    await expect(first).rejects.toMatchObject({ info: { code: 'cancelled' } });
    await second;
    void client.calls.call('loadEnvironment', given('third.hdr', hdr(1, 1, red)));
    client.dispose();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(client.environments.map(({ picture }) => picture?.label)).toEqual(['second.hdr']);
  });
});
