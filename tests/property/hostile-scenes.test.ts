/** Damaged scenes through the whole USD worker: every one ends in a stage or in a failure with a code of its own, and never hangs. */
import { RemoteError } from '../../src/share/protocol/channel.ts';
import { CORPUS_NOTE, corpusBytes, hasCorpus } from '../support/corpus.ts';
import { EngineClient } from '../support/engine-client.ts';
import { makeRandom } from '../support/random.ts';
import { expect, test } from 'vitest';

const FILES = [
  'usdwg/test_assets/USDZ/BoxAnimated/BoxAnimated.usdz',
  'usdwg/test_assets/USDZ/InterpolationTest/InterpolationTest.usdz',
  'usdwg/test_assets/USDZ/RiggedSimple/RiggedSimple.usdz',
  'imaging/testUsdImagingGLPointInstancer/pi_pi.usda',
  'imaging/testUsdImagingGLGeomSubsets/testUsdImagingGLGeomSubsets.usda',
];
const SEED = 20_240_607;

async function openDamaged(name: string, bytes: Uint8Array, label: string): Promise<void> {
  const client = new EngineClient();
  try {
    await client.open({ [name]: bytes }, name);
  } catch (error) {
    expect(error, label).toBeInstanceOf(RemoteError);
    expect((error as RemoteError).info.code, `${label}: ${(error as RemoteError).message}`).not.toBe('internal-error');
    return;
  }
  await client.complete();
  client.newestScene.check();
  expect(client.problems, label).not.toContain('internal-error');
  expect(client.problems, label).not.toContain('imaging-failed');
  await client.calls.call('setTime', { timeCode: 3 });
}

test.skipIf(!hasCorpus)(
  `damaged scenes never break the worker (seed ${SEED})${CORPUS_NOTE}`,
  async () => {
    const next = makeRandom(SEED);
    for (const file of FILES) {
      const whole = corpusBytes(file);
      const name = file.split('/').at(-1)!;
      for (let i = 0; i < 20; i++) await openDamaged(name, whole.slice(0, Math.floor((whole.length * i) / 20)), `${name} cut at ${i}/20`);
      for (let i = 0; i < 60; i++) {
        const bytes = whole.slice();
        for (let k = 0; k < 1 + (i % 8); k++) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
        await openDamaged(name, bytes, `${name} variation ${i}`);
      }
    }
  },
  180_000,
);
