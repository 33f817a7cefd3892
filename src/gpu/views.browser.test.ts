/** Several views that draw with one device. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GpuLedger } from '../../tests/support/gpu-ledger.ts';
import { FLAT_CAMERA, FLAT_SETTINGS, RendererPage } from '../../tests/support/renderer-page.ts';
import { cube, firstChanges, material, quad, rows, sphere, STAGE, texture, textureInput } from '../../tests/support/synthetic-scenes.ts';
import type { CameraPose, RenderSettings } from '../share/protocol/renderer.ts';
import type { MaterialSnapshot, MeshSnapshot, SceneChanges } from '../share/protocol/scene.ts';
import { GraphicsHost } from './graphics-host.ts';

type Color = readonly [r: number, g: number, b: number];

/** From above, so that the ground is seen. */
const CAMERA: CameraPose = { eye: [1, 1.5, 4], target: [0, 0, 0], up: [0, 1, 0], fovYRadians: 0.6, near: 0.1 };
const LIT: Partial<RenderSettings> = { lighting: 'studio', shadowIntensity: 0.5 };

const ledger = new GpuLedger();
const host = new GraphicsHost();
const pages: RendererPage[] = [];

function open(changes: SceneChanges): RendererPage {
  const page = new RendererPage(host);
  pages.push(page);
  page.send(changes);
  return page;
}

const plain = (id: number, [r, g, b]: Color, fields: Partial<MaterialSnapshot> = {}): MaterialSnapshot =>
  material(id, { diffuseColor: { value: [r, g, b] }, ...fields });

function square(color: Color): SceneChanges {
  return firstChanges({ materials: [plain(0, color)], meshes: [quad(0, 2, 2)], instances: rows([{ mesh: 0, material: 0 }]) });
}

/** A small scene as in a page of documentation: 1,500 triangles, a picture, something transparent, a ground. */
function model(color: Color): SceneChanges {
  const painted = texture(0, 64, 64, (x, y) => [x * 4, y * 4, 128, 255]);
  return firstChanges({
    textures: [painted],
    materials: [
      material(0, { diffuseColor: { value: [0, 0, 0], texture: textureInput(0, 'rgb') } }),
      plain(1, color, { opacity: { value: [0.5] } }),
    ],
    meshes: [sphere(0, 32, 24, 0.6), cube(1)],
    instances: rows([
      { mesh: 0, material: 0, at: [-0.3, 0, 0] },
      { mesh: 1, material: 1, at: [0.4, 0, 0], scale: 0.3 },
    ]),
    bounds: [-1, -1, -1, 1, 1, 1],
  });
}

beforeAll(async () => {
  // What is made once is there from the start.
  const page = open(model([1, 0, 0]));
  await page.picture(CAMERA, LIT);
});

afterEach(() => {
  for (const page of pages.splice(0)) {
    expect(page.problems()).toEqual([]);
    page.dispose();
  }
});

afterAll(() => {
  host.dispose();
  ledger.stop();
});

describe('views', () => {
  it('show each its own scene, with one device', async () => {
    const colors: Color[] = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const opened = colors.map((color) => open(square(color)));
    const pictures = await Promise.all(opened.map((page) => page.picture()));
    expect(pictures.map((picture) => picture.at(0, 0))).toEqual(colors.map((color) => [...color.map((x) => x * 255), 255]));
    expect(ledger.devices).toBe(1);
  });

  it('of different lists and kinds do not disturb each other', async () => {
    const alone = open(model([0, 1, 0]));
    const before = await alone.picture(CAMERA, LIT);
    const many = open(
      firstChanges({
        materials: [plain(0, [1, 0, 0], { opacity: { value: [0.5] } })],
        meshes: [sphere(0, 32, 24, 0.3)],
        instances: rows(Array.from({ length: 10 }, (_, i) => ({ mesh: 0, material: 0, at: [0, 0, i / 10] as const }))),
      }),
    );
    const [after] = await Promise.all([alone.picture(CAMERA, LIT), many.picture(), many.picture()]);
    expect(after.data).toEqual(before.data);
  });

  it('give everything back when they end', async () => {
    const counts = (): unknown => [ledger.buffers, ledger.textures];
    host.releaseIdle();
    const before = counts();
    const [first, second] = [open(model([1, 0, 0])), open(model([0, 1, 0]))];
    await first.attach(48, 48);
    await second.attach(32, 64);
    await Promise.all([first.renderer.settle(), second.renderer.settle()]);
    expect(counts()).not.toEqual(before);
    first.dispose();
    expect((await second.picture(FLAT_CAMERA, {}, 32, 32)).data.some((value) => value > 0)).toBe(true);
    second.dispose();
    host.releaseIdle();
    expect(counts()).toEqual(before);
  });

  it('that end while they are drawn disturb no other', async () => {
    const [gone, stays] = [open(model([1, 0, 0])), open(square([0, 0, 1]))];
    await gone.attach();
    const drawing = [gone.picture(CAMERA, LIT), gone.renderer.pick(20, 20)];
    gone.dispose();
    const ends = await Promise.allSettled(drawing);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await stays.picture()).at(0, 0)).toEqual([0, 0, 255, 255]);
  });

  it('that cannot be drawn for a fault of ours leave the others be', async () => {
    const [broken, fine] = [open(square([1, 0, 0])), open(square([0, 1, 0]))];
    const faulty = { ...square([1, 0, 0]), meshes: [undefined as unknown as MeshSnapshot] };
    broken.send(faulty, { kind: 'sceneChanges', stage: STAGE, sequence: 1 });
    expect((await fine.picture()).at(0, 0)).toEqual([0, 255, 0, 255]);
    await expect(broken.picture()).rejects.toMatchObject({ code: 'view-closed' });
    expect(broken.events).toMatchObject([{ kind: 'unavailable', error: { code: 'renderer-failed' } }]);
    expect(broken.acks).toHaveLength(3);
  });

  it('fifty to a page take little more than their scenes', async () => {
    host.releaseIdle();
    const before = ledger.bytes;
    const opened = Array.from({ length: 50 }, (_, i) => open(model([i / 50, 0.5, 1 - i / 50])));
    await Promise.all(opened.map((page, i) => page.attach(40 + i, 30 + (i % 7))));
    for (const page of opened) page.renderer.setSettings({ ...FLAT_SETTINGS, ...LIT });
    await Promise.all(opened.map((page) => page.renderer.settle()));
    const bytes = ledger.bytes - before;
    const { geometry = 0, textures = 0, table = 0 } = ledger.byLabel;
    expect(ledger.devices).toBe(1);
    expect(opened.every((page) => page.renderer.stats.frames > 0)).toBe(true);
    // Small scenes do not take large buffers; what is above them must leave room on a phone.
    expect((geometry + textures + table) / opened.length, JSON.stringify(ledger.byLabel)).toBeLessThan(150_000);
    expect(bytes - geometry - textures - table, JSON.stringify(ledger.byLabel)).toBeLessThan(50_000_000);
  });

  it('draw nothing while they are hidden, and again when they are seen', async () => {
    const page = open(square([1, 0, 0]));
    await page.attach();
    await page.renderer.settle();
    page.renderer.setVisible(false);
    const { frames } = page.renderer.stats;
    for (let i = 0; i < 5; i++) {
      page.renderer.setCamera({ ...FLAT_CAMERA, eye: [i, 0, 10] });
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(page.renderer.stats.frames).toBe(frames);
    page.renderer.setVisible(true);
    await page.renderer.settle();
    expect(page.renderer.stats.frames).toBeGreaterThan(frames);
  });

  it('keep no targets while nobody draws', async () => {
    const page = open(square([1, 0, 0]));
    await page.attach(200, 200);
    await page.renderer.settle();
    await expect.poll(() => ledger.byLabel['targets'] ?? 0, { timeout: 10_000 }).toBe(0);
  });

  it('all come back after the device was lost', async () => {
    const opened = [open(square([1, 0, 0])), open(model([0, 1, 0])), open(square([0, 0, 1]))];
    await Promise.all(opened.map((page) => page.attach()));
    const before = await Promise.all(opened.map((page) => page.picture()));
    host.loseDevice();
    await expect.poll(() => opened.every((page) => page.events.some((event) => event.kind === 'lost'))).toBe(true);
    await Promise.all(opened.map((page) => page.attach()));
    const after = await Promise.all(opened.map((page) => page.picture()));
    expect(after.map(({ data }) => data)).toEqual(before.map(({ data }) => data));
    expect(ledger.devices).toBe(1);
  });
});
