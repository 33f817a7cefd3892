/**
 * Golden images of our own scenes, drawn by the built app at a fixed size and camera on software WebGPU.
 * `UPDATE_GOLDEN=1 npx playwright test golden` writes them anew: look at every picture before it is committed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from '@playwright/test';
import { decode } from 'fast-png';
import { openEmptyApp } from '../support/app-page.ts';
import { comparePictures } from '../support/compare-image.ts';

interface GoldenScene {
  readonly name: string;
  readonly file?: string;
  readonly camera?: { readonly eye: readonly number[]; readonly target: readonly number[] };
  readonly useCamera?: string;
  readonly timeCode?: number;
  readonly variants?: readonly object[];
  /** Mean and worst difference per channel, 0..255; worst allows for single pixels on silhouettes. */
  readonly tolerance: { readonly mean: number; readonly worst: number };
}

const SIZE = { width: 320, height: 180 };
const FOV_Y = (36 * Math.PI) / 180;
const folder = 'tests/golden';
const scenes = JSON.parse(readFileSync(`${folder}/scenes.json`, 'utf8')) as GoldenScene[];

for (const scene of scenes) {
  test(`${scene.name} looks as it did`, async ({ page }) => {
    await openEmptyApp(page);
    const file = scene.file ?? `${folder}/${scene.name}/scene.usda`;
    const base64 = await page.evaluate(drawScene, {
      name: basename(file),
      bytes: readFileSync(file).toString('base64'),
      size: SIZE,
      fovYRadians: FOV_Y,
      scene,
    });
    const actual = Buffer.from(base64, 'base64');
    const golden = `${folder}/${scene.name}/golden.png`;
    if (process.env['UPDATE_GOLDEN'] !== undefined) {
      writeFileSync(golden, actual);
      return;
    }
    expect(existsSync(golden), `${golden} is missing: run with UPDATE_GOLDEN=1 and look at it`).toBe(true);
    const difference = comparePictures(decode(actual), decode(readFileSync(golden)));
    if (difference.mean > scene.tolerance.mean || difference.worstBlock > scene.tolerance.worst) writeFileSync(`${folder}/${scene.name}/actual.png`, actual);
    expect(difference.mean, 'mean difference').toBeLessThanOrEqual(scene.tolerance.mean);
    expect(difference.worstBlock, 'worst 4x4 block').toBeLessThanOrEqual(scene.tolerance.worst);
  });
}

/** Runs in the page. */
async function drawScene({ name, bytes, size, fovYRadians, scene }: { name: string; bytes: string; size: object; fovYRadians: number; scene: GoldenScene }): Promise<string> {
  const app = document.querySelector('usd-viewer-app') as unknown as {
    openFiles(files: object[], options: object): Promise<unknown>;
    settled(): Promise<unknown>;
    useCamera(path: string): Promise<void>;
    capture(request: object): Promise<Blob>;
  };
  const data = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
  await app.openFiles([{ path: name, file: new File([data], name) }], {
    ...(scene.timeCode === undefined ? {} : { timeCode: scene.timeCode }),
    ...(scene.variants === undefined ? {} : { variants: scene.variants }),
  });
  await app.settled();
  if (scene.useCamera !== undefined) await app.useCamera(scene.useCamera);
  const camera = scene.camera === undefined ? {} : { camera: { ...scene.camera, up: [0, 1, 0], fovYRadians, near: 0.01 } };
  const blob = await app.capture({ size, settings: { background: [0.2, 0.21, 0.23, 1], showsGround: true }, ...camera });
  const result = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  for (let i = 0; i < result.length; i += 32_768) binary += String.fromCharCode(...result.subarray(i, i + 32_768));
  return btoa(binary);
}
