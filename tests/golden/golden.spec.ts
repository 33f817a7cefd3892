/**
 * Golden images of our own scenes, drawn as `bin/usdrecord.mjs` draws (with the ground) at a fixed size and camera on software WebGPU.
 * `UPDATE_GOLDEN=1 npx playwright test golden` writes them anew: look at every picture before it is committed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { decode } from 'fast-png';
import { parseOptions, record } from '../../scripts/usdrecord.mjs';
import { openEmptyApp } from '../support/app-page.ts';
import { comparePictures } from '../support/compare-image.ts';

interface GoldenScene {
  readonly name: string;
  readonly file?: string;
  /** Options of usdrecord. */
  readonly options: Readonly<Record<string, string | readonly string[]>>;
  /** Mean difference, and that of the worst 4x4 block, per channel, 0..255. */
  readonly tolerance: { readonly mean: number; readonly worst: number };
}

const COMMON = { size: '320x180', fov: '36', background: '0.2,0.21,0.23,1' };
const folder = 'tests/golden';
const scenes = JSON.parse(readFileSync(`${folder}/scenes.json`, 'utf8')) as GoldenScene[];

for (const scene of scenes) {
  test(`${scene.name} looks as it did`, async ({ page }) => {
    await openEmptyApp(page);
    const file = scene.file ?? `${folder}/${scene.name}/scene.usda`;
    const { png, error } = await record(page, file, { ...parseOptions({ ...COMMON, ...scene.options }), shadowIntensity: 0.5 });
    if (png === undefined) throw new Error(error);
    const golden = `${folder}/${scene.name}/golden.png`;
    if (process.env['UPDATE_GOLDEN'] !== undefined) {
      writeFileSync(golden, png);
      return;
    }
    expect(existsSync(golden), `${golden} is missing: run with UPDATE_GOLDEN=1 and look at it`).toBe(true);
    const difference = comparePictures(decode(png), decode(readFileSync(golden)));
    if (difference.mean > scene.tolerance.mean || difference.worstBlock > scene.tolerance.worst) writeFileSync(`${folder}/${scene.name}/actual.png`, png);
    expect(difference.mean, 'mean difference').toBeLessThanOrEqual(scene.tolerance.mean);
    expect(difference.worstBlock, 'worst 4x4 block').toBeLessThanOrEqual(scene.tolerance.worst);
  });
}
