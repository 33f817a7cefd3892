/** Shared textures in the scene, over the picture and of the picture. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GpuLedger } from '../../../tests/support/gpu-ledger.ts';
import { FLAT_CAMERA, FLAT_SETTINGS, RendererPage, type Picture } from '../../../tests/support/renderer-page.ts';
import {
  firstChanges,
  material,
  quad,
  rows,
  sphere,
  STAGE,
  texture,
  textureId,
  textureInput,
} from '../../../tests/support/synthetic-scenes.ts';
import type { ImportedTexture, ShareableTexture } from '../../share/frames/share-types.ts';
import type { TextureDescriptorInit } from '../../share/frames/texture-descriptor.ts';
import { TextureShareManager } from '../../share/frames/texture-share-manager.ts';
import type { ShareFramesRequest } from '../../share/protocol/renderer.ts';
import type { SceneChanges, TextureSnapshot } from '../../share/protocol/scene.ts';
import { GraphicsHost } from '../graphics-host.ts';

type Pixel = readonly [r: number, g: number, b: number, a: number];

const RED: Pixel = [255, 0, 0, 255];
const GREEN: Pixel = [0, 255, 0, 255];
const BLUE: Pixel = [0, 0, 255, 255];
const GREY: Pixel = [100, 150, 200, 255];
const TRANSPORT = 'buffer';
const IMAGE = textureId(0);

const ledger = new GpuLedger();
const host = new GraphicsHost();
/** Of somebody else: no device of its own, so that pixels cross. */
const theirs = new TextureShareManager();
const pages: RendererPage[] = [];

function open(changes: SceneChanges): RendererPage {
  const page = new RendererPage(host);
  pages.push(page);
  page.send(changes);
  return page;
}

/** A square over the whole picture with an image in one colour. */
function painted(color: Pixel, fields: Partial<TextureSnapshot> = {}): SceneChanges {
  return firstChanges({
    textures: [{ ...texture(0, 16, 16, () => [...color]), ...fields }],
    materials: [material(0, { diffuseColor: { value: [0, 0, 0], texture: textureInput(0, 'rgb') } })],
    meshes: [quad(0, 2, 2)],
    instances: rows([{ mesh: 0, material: 0 }]),
  });
}

function plain(): SceneChanges {
  return firstChanges({
    materials: [material(0, { diffuseColor: { value: [0, 0, 1] } })],
    meshes: [quad(0, 2, 2)],
    instances: rows([{ mesh: 0, material: 0 }]),
  });
}

/** Somebody who draws. */
function producer(width: number, height: number, fields: Partial<TextureDescriptorInit> = {}): ShareableTexture {
  return theirs.createShareableTexture({ width, height, alphaMode: 'opaque', ...fields });
}

async function publish(shared: ShareableTexture, colorAt: (x: number, y: number) => Pixel): Promise<void> {
  const { width, height } = shared.descriptor;
  const pixels = shared.beginPixels();
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels.set(colorAt(x, y), (y * width + x) * 4);
  await shared.publish();
}

const exported = (shared: ShareableTexture) => theirs.exportTexture(shared, { transport: TRANSPORT });

async function eventually(page: RendererPage, check: (picture: Picture) => unknown, expected: unknown): Promise<void> {
  await expect.poll(async () => check(await page.picture()), { timeout: 5000, interval: 20 }).toEqual(expected);
}

const middle = (picture: Picture): number[] => picture.at(0, 0);

beforeAll(async () => {
  await host.sharing();
});

afterEach(() => {
  for (const page of pages.splice(0).reverse()) {
    expect(page.problems()).toEqual([]);
    page.dispose();
  }
  theirs.close();
});

afterAll(() => {
  host.dispose();
  ledger.stop();
});

describe('a live texture', () => {
  it('is seen in place of the image, by every camera, until it is released', async () => {
    const page = open(painted(RED));
    const camera = page.openCamera();
    pages.push(camera);
    await Promise.all([page.attach(), camera.attach()]);
    await Promise.all([page.renderer.settle(), camera.renderer.settle()]);
    expect((await page.picture()).at(0, 0)).toEqual(RED);
    const shared = producer(16, 16);
    await publish(shared, () => GREEN);
    await page.feed.setLiveTexture(IMAGE, exported(shared));
    await eventually(page, middle, GREEN);
    await eventually(camera, middle, GREEN);
    // Not only captures: what is shown is drawn again, and only for new frames.
    await Promise.all([page.renderer.settle(), camera.renderer.settle()]);
    const before = [page, camera].map((view) => view.renderer.stats.frames);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([page, camera].map((view) => view.renderer.stats.frames)).toEqual(before);
    await publish(shared, () => GREY);
    await expect.poll(() => [page, camera].every((view, i) => view.renderer.stats.frames > before[i]!)).toBe(true);
    await eventually(page, middle, GREY);
    await page.feed.setLiveTexture(IMAGE, undefined);
    await eventually(camera, middle, RED);
    expect(shared.connections).toHaveLength(0);
  });

  it('keeps its rows, is stretched to the image, and has smaller levels', async () => {
    const page = open(painted(RED));
    const shared = producer(64, 32);
    await publish(shared, (x, y) => (y < 16 ? (x < 32 ? RED : GREEN) : x < 32 ? BLUE : GREY));
    await page.feed.setLiveTexture(IMAGE, exported(shared));
    await eventually(page, (picture) => [picture.at(-0.5, 0.5), picture.at(0.5, 0.5), picture.at(-0.5, -0.5), picture.at(0.5, -0.5)], [
      RED,
      GREEN,
      BLUE,
      GREY,
    ]);
    // Seen from far away: one pixel, the mean of its light.
    await publish(shared, (x) => (x < 32 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
    const far = { ...FLAT_CAMERA, orthographicHeight: 128 };
    await eventually(page, (picture) => picture.at(-0.5, 0)[0], 255);
    const [value] = (await page.picture(far, {}, 64, 64)).at(0, 0);
    expect(value).toBeGreaterThan(0);
  });

  it('is read as the image was: colours decoded, data as it is', async () => {
    const page = open(painted(RED, { colorSpace: 'raw' }));
    const shared = producer(16, 16);
    await publish(shared, () => [128, 64, 255, 255]);
    await page.feed.setLiveTexture(IMAGE, exported(shared));
    // 128 / 255 is light here: encoded it is 188.
    await eventually(page, middle, [188, 137, 255, 255]);
  });

  it('waits for the image, outlives its loss with the device, and ends with it', async () => {
    const page = new RendererPage(host);
    pages.push(page);
    const shared = producer(16, 16);
    await publish(shared, () => GREEN);
    await page.feed.setLiveTexture(IMAGE, exported(shared));
    page.send(painted(RED));
    await page.attach();
    await eventually(page, middle, GREEN);
    await page.loseDevice();
    await page.attach();
    await eventually(page, middle, GREEN);
    page.send({ kind: 'sceneChanges', stage: STAGE, sequence: 1, removedTextures: [IMAGE] });
    await expect.poll(() => shared.connections).toHaveLength(0);
    page.send({ kind: 'sceneChanges', stage: STAGE, sequence: 2, textures: [texture(0, 16, 16, () => [...BLUE])] });
    await eventually(page, middle, BLUE);
  });

  it('gives way to the image when its producer goes, and to another texture', async () => {
    const page = open(painted(RED));
    const [first, second] = [producer(16, 16), producer(8, 8)];
    await publish(first, () => GREEN);
    await publish(second, () => BLUE);
    await page.feed.setLiveTexture(IMAGE, exported(first));
    await eventually(page, middle, GREEN);
    await page.feed.setLiveTexture(IMAGE, exported(second));
    await eventually(page, middle, BLUE);
    expect(first.connections).toHaveLength(0);
    second.close();
    await eventually(page, middle, RED);
  });

  it('that cannot be had is a problem, and changes nothing', async () => {
    const page = open(painted(RED));
    const shared = producer(16, 16);
    const handle = exported(shared);
    await page.feed.setLiveTexture(IMAGE, { ...handle, version: 99 as never });
    await page.feed.setLiveTexture(IMAGE, { kind: 'nonsense' } as never);
    expect(page.events.flatMap((event) => (event.kind === 'problem' ? [event.problem.code] : []))).toEqual([
      'share-version',
      'share-bad-handle',
    ]);
    page.events.length = 0;
    expect((await page.picture()).at(0, 0)).toEqual(RED);
  });
});

describe('an overlay', () => {
  it('lies over the picture at its place, pixel by pixel', async () => {
    const page = open(plain());
    const shared = producer(16, 16);
    await publish(shared, (x, y) => [x * 16, y * 16, 7, 255]);
    await page.renderer.sharing.setOverlay('a', exported(shared), { x: 0.25, y: 0.5, width: 0.25, height: 0.25, opacity: 1 });
    const rowsOf = ({ data }: Picture): number[][] =>
      [15, 16, 24, 31, 32].map((x) => [...data.subarray((40 * 64 + x) * 4, (40 * 64 + x) * 4 + 3)]);
    await eventually(page, rowsOf, [
      [0, 0, 255],
      [0, 128, 7],
      [128, 128, 7],
      [240, 128, 7],
      [0, 0, 255],
    ]);
    expect((await page.picture()).at(0, 0.9)).toEqual(BLUE);
    await page.renderer.sharing.setOverlay('a', undefined, { x: 0, y: 0, width: 1, height: 1, opacity: 0 });
    expect((await page.picture()).at(-0.4, -0.2)).toEqual(BLUE);
    await page.renderer.sharing.setOverlay('a', undefined, undefined);
    await expect.poll(() => shared.connections).toHaveLength(0);
    expect((await page.picture()).at(-0.4, -0.2)).toEqual(BLUE);
  });

  it('is mixed by its alpha and opacity as browsers do, the last one on top', async () => {
    const page = open(plain());
    const under = producer(4, 4, { alphaMode: 'premultiplied' });
    const over = producer(4, 4, { alphaMode: 'straight' });
    await publish(under, () => [128, 0, 0, 128]);
    await page.renderer.sharing.setOverlay('under', exported(under), undefined);
    // Half red over blue.
    await eventually(page, middle, [128, 0, 127, 255]);
    await publish(over, () => [0, 255, 0, 255]);
    await page.renderer.sharing.setOverlay('over', exported(over), { x: 0.5, y: 0, width: 0.5, height: 1, opacity: 0.25 });
    await eventually(page, (picture) => [picture.at(-0.5, 0), picture.at(0.5, 0)], [
      [128, 0, 127, 255],
      [96, 64, 95, 255],
    ]);
    const clear = await page.picture(FLAT_CAMERA, { background: [0, 0, 0, 0], purposes: [] });
    expect(clear.at(-0.5, 0)).toEqual([255, 0, 0, 128]);
  });

  it('changes nothing in other cameras, is drawn for new frames only, and survives a loss', async () => {
    const page = open(plain());
    const camera = page.openCamera();
    pages.push(camera);
    await Promise.all([page.attach(), camera.attach()]);
    const shared = producer(4, 4);
    await publish(shared, () => GREEN);
    await page.renderer.sharing.setOverlay('a', exported(shared), undefined);
    await eventually(page, middle, GREEN);
    expect((await camera.picture()).at(0, 0)).toEqual(BLUE);
    await page.renderer.settle();
    const { frames } = page.renderer.stats;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(page.renderer.stats.frames).toBe(frames);
    await publish(shared, () => RED);
    await expect.poll(() => page.renderer.stats.frames).toBeGreaterThan(frames);
    await page.loseDevice();
    await Promise.all([page.attach(), camera.attach()]);
    await eventually(page, middle, RED);
    shared.close();
    await eventually(page, middle, BLUE);
  });
});

describe('the pictures of a view', () => {
  const LIT = { ...FLAT_SETTINGS, lighting: 'studio', shadowIntensity: 0, background: [0.3, 0.5, 0.2, 1] } as const;

  async function shown(width: number, height: number): Promise<RendererPage> {
    const page = open(
      firstChanges({
        materials: [material(0, { diffuseColor: { value: [0.9, 0.3, 0.1] } })],
        meshes: [sphere(0, 32, 24, 0.7)],
        instances: rows([{ mesh: 0, material: 0 }]),
        milestone: 'complete',
      }),
    );
    page.renderer.setSettings(LIT);
    page.renderer.setCamera(FLAT_CAMERA);
    await page.attach(width, height);
    await page.renderer.settle();
    return page;
  }

  /** What a consumer has after the last picture. */
  async function received(imported: ImportedTexture): Promise<{ width: number; height: number; pixels: number[] }> {
    let newest = await imported.acquire(0, 5000);
    for (;;) {
      const next = await imported.acquire(newest.value, 400).catch(() => undefined);
      if (next === undefined) break;
      newest.release();
      newest = next;
    }
    const { width, height } = newest.descriptor;
    const pixels = [...(await newest.pixels())];
    newest.release();
    return { width, height, pixels };
  }

  async function captured(page: RendererPage, width: number, height: number): Promise<number[]> {
    return [...(await page.picture(FLAT_CAMERA, LIT, width, height)).data];
  }

  const share = async (page: RendererPage, request: ShareFramesRequest = {}): Promise<ImportedTexture> =>
    theirs.importTexture(await page.renderer.sharing.shareFrames({ transport: TRANSPORT, ...request }));

  it('are what a capture shows, for each new picture, and in the size it has', async () => {
    const page = await shown(48, 40);
    const imported = await share(page);
    expect(await received(imported)).toEqual({ width: 48, height: 40, pixels: await captured(page, 48, 40) });
    page.renderer.resize({ width: 32, height: 36 });
    await page.renderer.settle();
    expect(await received(imported)).toEqual({ width: 32, height: 36, pixels: await captured(page, 32, 36) });
    imported.close();
  });

  it('are drawn in another size and format where that is asked for', async () => {
    const page = await shown(48, 40);
    const imported = await share(page, { size: { width: 20, height: 24 }, format: 'bgra8unorm' });
    const { width, height, pixels } = await received(imported);
    const swapped = pixels.map((_, i) => pixels[i - (i % 4) + [2, 1, 0, 3][i % 4]!]!);
    expect([width, height]).toEqual([20, 24]);
    expect(swapped).toEqual(await captured(page, 20, 24));
    imported.close();
  });

  it('cost nothing while nobody receives them, nor after', async () => {
    const page = await shown(48, 40);
    const count = (): number => ledger.textures;
    host.releaseIdle();
    const before = count();
    const handle = await page.renderer.sharing.shareFrames({ transport: TRANSPORT });
    const { frames } = page.renderer.stats;
    page.renderer.setCamera({ ...FLAT_CAMERA, eye: [0.1, 0, 10] });
    await page.renderer.settle();
    expect(page.renderer.stats.frames).toBeGreaterThan(frames);
    host.releaseIdle();
    expect(count()).toBe(before);
    const imported = theirs.importTexture(handle);
    await received(imported);
    expect(count()).toBeGreaterThan(before);
    imported.close();
    await expect
      .poll(() => {
        host.releaseIdle();
        return count();
      })
      .toBe(before);
  });

  it('come again after the loss of the device, and end with the view', async () => {
    const page = await shown(24, 24);
    const imported = await share(page);
    await received(imported);
    await page.loseDevice();
    await page.attach(24, 24);
    await page.renderer.settle();
    expect((await received(imported)).pixels).toEqual(await captured(page, 24, 24));
    page.dispose();
    expect(['released', 'peer-lost']).toContain(await imported.closed);
  });

  it('show the overlay that is seen, and can be a texture of another scene in the same worker', async () => {
    const source = await shown(16, 16);
    const cover = producer(4, 4);
    await publish(cover, () => GREEN);
    await source.renderer.sharing.setOverlay('cover', exported(cover), { x: 0, y: 0, width: 0.5, height: 1, opacity: 1 });
    await eventually(source, (picture) => picture.at(-0.5, 0), GREEN);
    const target = open(painted(RED));
    await target.feed.setLiveTexture(IMAGE, await source.renderer.sharing.shareFrames({}));
    await eventually(target, (picture) => picture.at(-0.5, 0), GREEN);
    const background = (await source.picture(FLAT_CAMERA, LIT, 16, 16)).at(0.9, 0.9);
    expect(background).not.toEqual(RED);
    await eventually(target, (picture) => picture.at(0.9, 0.9), background);
  });

  it('that cannot be shared are refused', async () => {
    const page = await shown(16, 16);
    await expect(page.renderer.sharing.shareFrames({ size: { width: 0, height: 1e9 } })).rejects.toMatchObject({ name: 'ShareError' });
    await expect(page.renderer.sharing.shareFrames({ transport: 'pigeon' as never })).rejects.toMatchObject({ name: 'ShareError' });
    page.dispose();
    await expect(page.renderer.sharing.shareFrames({})).rejects.toMatchObject({ code: 'view-closed' });
  });
});
