/** Several cameras in one scene. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { GpuLedger } from '../../tests/support/gpu-ledger.ts';
import { FLAT_CAMERA, FLAT_SETTINGS, RendererPage } from '../../tests/support/renderer-page.ts';
import { firstChanges, material, quad, rows, sphere, STAGE, texture, textureInput } from '../../tests/support/synthetic-scenes.ts';
import type { CameraPose } from '../share/protocol/renderer.ts';
import type { SceneChanges } from '../share/protocol/scene.ts';
import { GraphicsHost } from './graphics-host.ts';

const RED = [255, 0, 0, 255];
const GREEN = [0, 255, 0, 255];
const BLACK = [0, 0, 0, 255];
const FROM_BEHIND: CameraPose = { ...FLAT_CAMERA, eye: [0, 0, -10] };

const ledger = new GpuLedger();
const host = new GraphicsHost();
const pages: RendererPage[] = [];

/** Red on the left half of the picture, green on the right. */
function halves(): SceneChanges {
  return firstChanges({
    materials: [material(0, { diffuseColor: { value: [1, 0, 0] } }), material(1, { diffuseColor: { value: [0, 1, 0] } })],
    meshes: [{ ...quad(0, 1, 2), isDoubleSided: true }],
    instances: rows([
      { mesh: 0, material: 0, at: [-0.5, 0, 0] },
      { mesh: 0, material: 1, at: [0.5, 0, 0] },
    ]),
    bounds: [-1, -1, 0, 1, 1, 0],
  });
}

function open(changes: SceneChanges): RendererPage {
  const page = new RendererPage(host);
  pages.push(page);
  page.send(changes);
  return page;
}

function openCamera(page: RendererPage): RendererPage {
  const camera = page.openCamera();
  pages.push(camera);
  return camera;
}

afterEach(() => {
  for (const page of pages.splice(0).reverse()) {
    expect(page.problems()).toEqual([]);
    page.dispose();
  }
});

afterAll(() => {
  host.dispose();
  ledger.stop();
});

describe('cameras of one scene', () => {
  it('show it each its own way', async () => {
    const page = open(halves());
    const camera = openCamera(page);
    camera.renderer.setCamera(FROM_BEHIND);
    camera.renderer.setSettings({ ...FLAT_SETTINGS, purposes: [] });
    const [front, back, empty] = await Promise.all([
      page.picture(FLAT_CAMERA),
      camera.picture(FROM_BEHIND),
      camera.picture(FROM_BEHIND, { purposes: [] }),
    ]);
    expect([front.at(-0.5, 0), front.at(0.5, 0)]).toEqual([RED, GREEN]);
    expect([back.at(-0.5, 0), back.at(0.5, 0)]).toEqual([GREEN, RED]);
    expect(empty.at(0.5, 0)).toEqual(BLACK);
  });

  it('are told where the scene is, and each when it was pictured', async () => {
    const page = open(halves());
    await page.attach();
    await page.renderer.settle();
    const camera = openCamera(page);
    expect(camera.events).toMatchObject([{ kind: 'bounds', stage: STAGE, bounds: [-1, -1, 0, 1, 1, 0] }]);
    await camera.attach();
    await camera.renderer.settle();
    expect(camera.events.flatMap((event) => (event.kind === 'pictured' ? [event.what] : []))).toEqual(['first', 'complete']);
  });

  it('take no second copy of it', async () => {
    const page = open(
      firstChanges({
        textures: [texture(0, 256, 256, (x, y) => [x, y, 0, 255])],
        materials: [material(0, { diffuseColor: { value: [0, 0, 0], texture: textureInput(0, 'rgb') } })],
        meshes: [sphere(0, 128, 96, 0.6)],
        instances: rows([{ mesh: 0, material: 0 }]),
      }),
    );
    await page.attach();
    await page.renderer.settle();
    const before = { ...ledger.byLabel };
    const cameras = [openCamera(page), openCamera(page), openCamera(page)];
    await Promise.all(cameras.map((camera) => camera.attach()));
    await Promise.all(cameras.map((camera) => camera.renderer.settle()));
    const after = ledger.byLabel;
    for (const label of ['geometry', 'textures', 'table']) {
      expect(before[label], label).toBeGreaterThan(0);
      expect(after[label], label).toBe(before[label]);
    }
    expect(ledger.devices).toBe(1);
  });

  it('are drawn again when it changes, hidden ones when they are seen', async () => {
    const page = open(halves());
    const [shown, hidden] = [openCamera(page), openCamera(page)];
    const views = [page, shown, hidden];
    await Promise.all(views.map((view) => view.attach()));
    await Promise.all(views.map((view) => view.renderer.settle()));
    hidden.renderer.setVisible(false);
    const before = views.map((view) => view.renderer.stats.frames);
    const { ids, worldFromLocal } = rows([{ mesh: 0, at: [5, 0, 0] }]);
    page.send({ kind: 'sceneChanges', stage: STAGE, sequence: 1, transforms: { ids, worldFromLocal } });
    await Promise.all([page.renderer.settle(), shown.renderer.settle()]);
    const after = views.map((view) => view.renderer.stats.frames);
    expect(after[0]).toBeGreaterThan(before[0]!);
    expect(after[1]).toBeGreaterThan(before[1]!);
    expect(after[2]).toBe(before[2]);
    hidden.renderer.setVisible(true);
    await hidden.renderer.settle();
    expect(hidden.renderer.stats.frames).toBeGreaterThan(before[2]!);
    expect((await hidden.picture()).at(-0.5, 0)).toEqual(BLACK);
  });

  it('are drawn in the animation frames of another window', async () => {
    const page = open(halves());
    const camera = openCamera(page);
    await camera.attach();
    await camera.renderer.settle();
    const { frames } = camera.renderer.stats;
    camera.renderer.animationFrame();
    expect(camera.renderer.stats.frames).toBe(frames);
    camera.renderer.setCamera(FROM_BEHIND);
    camera.renderer.animationFrame();
    expect(camera.renderer.stats.frames).toBe(frames + 1);
  });

  it('go without the scene, give their own back, and end with the first view', async () => {
    const page = open(halves());
    await page.picture();
    host.releaseIdle();
    const counts = (): unknown => [ledger.buffers, ledger.textures];
    const before = counts();
    const gone = openCamera(page);
    await gone.picture();
    gone.dispose();
    host.releaseIdle();
    expect(counts()).toEqual(before);
    const left = openCamera(page);
    expect((await page.picture()).at(-0.5, 0)).toEqual(RED);
    await left.attach();
    page.dispose();
    expect(left.events.at(-1)).toMatchObject({ kind: 'unavailable', error: { code: 'view-closed' } });
    await expect(left.picture()).rejects.toMatchObject({ code: 'view-closed' });
  });

  it('all hear of the loss of the device, and come back', async () => {
    const page = open(halves());
    const camera = openCamera(page);
    await Promise.all([page.attach(), camera.attach()]);
    const before = await Promise.all([page.picture(), camera.picture(FROM_BEHIND)]);
    host.loseDevice();
    await expect.poll(() => [page, camera].map((view) => view.events.filter((event) => event.kind === 'lost').length)).toEqual([1, 1]);
    await Promise.all([camera.attach(), page.attach()]);
    const after = await Promise.all([page.picture(), camera.picture(FROM_BEHIND)]);
    expect(after.map(({ data }) => data)).toEqual(before.map(({ data }) => data));
  });
});
