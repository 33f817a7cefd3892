import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'usd-cli-'));
const scene = join(folder, 'scene.usda');

beforeAll(() => {
  writeFileSync(join(folder, 'ball.usda'), '#usda 1.0\ndef Sphere "Ball"\n{\n    double radius = 2\n}\n');
  writeFileSync(
    scene,
    '#usda 1.0\n(\n    defaultPrim = "World"\n    upAxis = "Z"\n)\ndef Xform "World" (\n    kind = "component"\n)\n{\n    def "Ball" (\n        references = @./ball.usda@</Ball>\n    )\n    {\n    }\n    over "Gone" (\n        references = @./gone.usda@\n    )\n    {\n    }\n}\n',
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the command and keeps what it prints. */
async function run(...args: string[]): Promise<{ readonly status: number; readonly out: string; readonly error: string }> {
  let out = '';
  let error = '';
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text, done?: unknown) => {
    out += String(text);
    if (typeof done === 'function') done();
    return true;
  });
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    error += String(text);
    return true;
  });
  try {
    return { status: await main(args), out, error };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
}

describe('usd', () => {
  it('tree draws the prims of the layer, or the composed ones', async () => {
    expect((await run('tree', scene)).out).toContain('--Ball [def]\n');
    const { status, out } = await run('tree', '-f', scene);
    expect(status).toBe(0);
    expect(out).toBe('/\n `--World [def Xform] (kind = component)\n     |--Ball [def Sphere]\n     `--Gone [over]\n');
  });

  it('cat prints the root layer, or the composed scene', async () => {
    expect((await run('cat', scene)).out).toContain('references = @./ball.usda@</Ball>');
    const flat = (await run('cat', '--flatten', scene)).out;
    expect(flat).toContain('double radius = 2');
    expect(flat).not.toContain('ball.usda');
  });

  it('cat -o writes text or a crate by the name of the file', async () => {
    const [text, crate] = [join(folder, 'out.usda'), join(folder, 'out.usdc')];
    expect((await run('cat', scene, '--flatten', '-o', text)).status).toBe(0);
    expect(readFileSync(text, 'utf8')).toMatch(/^#usda 1\.0/);
    expect((await run('cat', scene, '--flatten', '-o', crate)).status).toBe(0);
    expect((await run('tree', crate)).out).toContain('Ball [def Sphere]');
  });

  it.each([
    [['cat', 'nothing.usda'], /^usd: cannot read @.*nothing\.usda@: no such file\n$/],
    [['cat', 'package.json'], /^usd: @.*package\.json@ is no USD layer: .*\n$/],
    [['dance'], /^usd: "dance" is no command; .*\n$/],
    [['tree'], /^usd: tree needs a file\n$/],
    [[], /^usd: which command\? .*\n$/],
  ])('%j fails with one clear line', async (args, line) => {
    const { status, error } = await run(...args);
    expect(status).toBe(1);
    expect(error).toMatch(line);
  });

  it('ends in peace when nobody reads on', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((_text, done?: unknown) => {
      const error = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
      if (typeof done === 'function') done(error);
      return process.stdout.emit('error', error);
    });
    try {
      expect(await main(['tree', scene])).toBe(0);
    } finally {
      write.mockRestore();
    }
  });

  it('--help explains', async () => {
    const { status, out } = await run('--help');
    expect(status).toBe(0);
    expect(out).toContain('usd stats');
  });
});
