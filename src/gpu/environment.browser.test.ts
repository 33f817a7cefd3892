import { afterEach, describe, expect, it } from 'vitest';
import { FLAT_CAMERA, RendererPage } from '../../tests/support/renderer-page.ts';
import { cube, firstChanges, material, quad, rows, sphere } from '../../tests/support/synthetic-scenes.ts';
import type { CameraPose, RenderSettings } from '../share/protocol/renderer.ts';
import type { EnvironmentPicture, SceneChanges } from '../share/protocol/scene.ts';
import { GraphicsHost } from './graphics-host.ts';

const host = new GraphicsHost();
let page: RendererPage;

afterEach(() => {
  expect(page.problems()).toEqual([]);
  page.dispose();
});

/** A picture of bytes in linear light. `u` runs from left to right, `v` from top to bottom, both at the texels' middles. */
function picture(width: number, height: number, paint: (u: number, v: number) => readonly [number, number, number]): EnvironmentPicture {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const color = paint((x + 0.5) / width, (y + 0.5) / height).map((value) => Math.round(value * 255));
      data.set([...color, 255], 4 * (y * width + x));
    }
  }
  return { label: 'sky', width, height, format: 'rgba8unorm', colorSpace: 'raw', data };
}

function open(changes: SceneChanges, environment?: EnvironmentPicture): void {
  page = new RendererPage(host);
  page.send(changes);
  if (environment !== undefined) page.feed.setEnvironment({ kind: 'environmentChange', picture: environment });
}

const white = material(0, { diffuseColor: { value: [1, 1, 1] }, roughness: { value: [1] }, ior: 1 });
const ball = firstChanges({ materials: [white], meshes: [sphere(0, 48, 24, 0.9)], instances: rows([{ mesh: 0, material: 0 }]) });
const BY_IMAGE: Partial<RenderSettings> = { lighting: 'image' };
/** The picture's right half, u > 1/2, lies towards -x. */
const redRightBlueLeft = picture(64, 32, (u) => (u < 0.5 ? [1, 0, 0] : [0, 0, 1]));

/** sRGB byte of a linear value. */
function encoded(linear: number): number {
  return Math.round(255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055));
}

function linear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

describe('a picture of one’s own', () => {
  it('lights each side with what lies there, turns, and brightens', async () => {
    open(ball, redRightBlueLeft);
    const sides = async (settings: Partial<RenderSettings>): Promise<string[]> => {
      const seen = await page.picture(FLAT_CAMERA, { ...BY_IMAGE, ...settings });
      return [seen.at(-0.7, 0), seen.at(0.7, 0)].map(([r, , b]) => (r > 2 * b ? 'red' : b > 2 * r ? 'blue' : `${r} ${b}`));
    };
    expect(await sides({})).toEqual(['blue', 'red']);
    expect(await sides({ environmentRotation: Math.PI })).toEqual(['red', 'blue']);
    const [dim, bright] = [
      await page.picture(FLAT_CAMERA, BY_IMAGE),
      await page.picture(FLAT_CAMERA, { ...BY_IMAGE, environmentIntensity: 0.5 }),
    ];
    expect(bright.at(0.7, 0)[0]).toBeLessThan(dim.at(0.7, 0)[0] - 20);
  });

  it('of one colour gives a white surface that colour', async () => {
    open(
      ball,
      picture(16, 8, () => [0.25, 0.25, 0.25]),
    );
    const [r, g] = (await page.picture(FLAT_CAMERA, BY_IMAGE)).at(0.3, 0.2);
    expect(Math.abs(r - encoded(0.25))).toBeLessThanOrEqual(3);
    expect(g).toBe(r);
    const [twice] = (await page.picture(FLAT_CAMERA, { ...BY_IMAGE, environmentIntensity: 2 })).at(0.3, 0.2);
    expect(Math.abs(twice - encoded(0.5))).toBeLessThanOrEqual(3);
  });

  it('is mirrored finer where it has more texels', async () => {
    const mirror = material(0, { diffuseColor: { value: [1, 1, 1] }, metallic: { value: [1] }, roughness: { value: [0] } });
    // Stripes of a degree and a half, white where the column's number is even.
    const stripes = (width: number): EnvironmentPicture =>
      picture(width, 4, (u) => (Math.floor(u * 240) % 2 === 0 ? [1, 1, 1] : [0, 0, 0]));
    open(firstChanges({ materials: [mirror], meshes: [quad(0, 2, 2)], instances: rows([{ mesh: 0, material: 0 }]) }), stripes(4096));
    // The square mirrors what lies around +z, as a lens of 40 degrees sees it.
    const camera: CameraPose = { eye: [0, 0, 2.7], target: [0, 0, 0], up: [0, 1, 0], fovYRadians: 0.7, near: 0.1 };
    const contrast = async (): Promise<number> => {
      const seen = await page.picture(camera, BY_IMAGE, 256, 16);
      const values = Array.from({ length: 120 }, (_, i) => seen.at(-0.9 + i * 0.015, 0)[0]);
      return Math.max(...values) - Math.min(...values);
    };
    const fine = await contrast();
    page.feed.setEnvironment({ kind: 'environmentChange', picture: stripes(960) });
    expect(await contrast()).toBeLessThan(fine);
    expect(fine).toBeGreaterThan(40);
  });

  it('stays when another stage comes, survives the device, and gives way to the studio when it is taken away', async () => {
    open(
      ball,
      picture(16, 8, () => [1, 0, 0]),
    );
    const seen = async (): Promise<number[]> => (await page.picture(FLAT_CAMERA, BY_IMAGE)).at(0, 0);
    const red = [255, 0, 0, 255];
    expect(await seen()).toEqual(red);
    page.send({ ...ball, stage: 2 as typeof ball.stage });
    expect(await seen()).toEqual(red);
    await page.attach();
    await page.loseDevice();
    await page.attach();
    expect(await seen()).toEqual(red);
    page.feed.setEnvironment({ kind: 'environmentChange' });
    const [r, g] = await seen();
    expect(Math.abs(r! - g!)).toBeLessThan(20);
    expect((await page.picture(FLAT_CAMERA, { lighting: 'studio' })).at(0, 0)).toEqual(await seen());
  });
});

describe('the environment as the background', () => {
  /** Red tells the longitude, green the latitude. */
  const chart = picture(256, 128, (u, v) => [u, v, 0.25]);
  const nothing = firstChanges({});

  /** Colour of the chart in a direction of a Y-up world. */
  function expected([x, y, z]: readonly [number, number, number]): [number, number] {
    const u = 0.5 - Math.atan2(x, z) / (2 * Math.PI);
    const v = 0.5 - Math.asin(y / Math.hypot(x, y, z)) / Math.PI;
    return [encoded(u), encoded(v)];
  }

  const toward = (x: number, y: number, z: number, fovYRadians?: number): CameraPose => ({
    eye: [3, 4, 5],
    target: [3 + x, 4 + y, 5 + z],
    up: [0, 1, 0],
    near: 0.1,
    ...(fovYRadians === undefined ? { orthographicHeight: 2 } : { fovYRadians }),
  });
  const shown: Partial<RenderSettings> = { showsEnvironment: true };

  function expectNear(actual: readonly number[], wanted: readonly number[]): void {
    for (const [i, value] of wanted.entries())
      expect(Math.abs(actual[i]! - value), `${actual.join()} for ${wanted.join()}`).toBeLessThanOrEqual(3);
  }

  it('shows what lies in each direction, from a perspective camera', async () => {
    open(nothing, chart);
    for (const [x, y, z] of [
      [1, 0.2, 0.3],
      [-0.4, -0.5, 0.8],
      [0.6, 0.1, -0.7],
    ] as const) {
      const seen = await page.picture(toward(x, y, z, Math.PI / 2), shown);
      // Middle, and half way to the right and to the top: tangents of a quarter turn are the picture's own coordinates.
      const right = [-z, 0, x].map((value) => value / Math.hypot(x, z)) as [number, number, number];
      const forward = [x, y, z].map((value) => value / Math.hypot(x, y, z)) as [number, number, number];
      const up = [
        right[1] * forward[2] - right[2] * forward[1],
        right[2] * forward[0] - right[0] * forward[2],
        right[0] * forward[1] - right[1] * forward[0],
      ] as const;
      for (const [a, b] of [
        [1 / 64, 1 / 64],
        [33 / 64, 1 / 64],
        [1 / 64, 33 / 64],
        [-31 / 64, -31 / 64],
      ] as const) {
        const direction = [0, 1, 2].map((i) => forward[i]! + a * right[i]! + b * up[i]!) as [number, number, number];
        expectNear(seen.at(a, b), expected(direction));
      }
    }
  });

  it('shows the view’s direction in the middle of an orthographic picture, and more around it', async () => {
    open(nothing, chart);
    const seen = await page.picture(toward(1, 0, 0.5), shown);
    expectNear(seen.at(0, 0), expected([1, 0, 0.5]));
    expect(seen.at(0, 0.9)[1]).toBeLessThan(seen.at(0, -0.9)[1] - 20);
  });

  it('turns and brightens with the light, lies down for Z-up stages, and is drawn where nothing else is', async () => {
    open(ball, chart);
    const camera = { ...FLAT_CAMERA, fovYRadians: 0.3, orthographicHeight: undefined } as unknown as CameraPose;
    const plain = await page.picture(camera, shown);
    expectNear(plain.at(0.98, 0), expected([0.98 * Math.tan(0.15), 0, -1]));
    // The ball is white in its own light, whatever is behind it.
    expect(plain.at(0, 0)).toEqual([255, 255, 255, 255]);
    const turned = await page.picture(camera, { ...shown, environmentRotation: Math.PI });
    expectNear(turned.at(0.98, 0), expected([-0.98 * Math.tan(0.15), 0, 1]));
    const dimmed = await page.picture(camera, { ...shown, environmentIntensity: 0.5 });
    expectNear(dimmed.at(0.98, 0).slice(1), [encoded(0.25), encoded(0.125)]);
    page.send({ ...firstChanges({}), stage: 3 as typeof ball.stage, reset: { upAxis: 'Z', metersPerUnit: 1 } });
    const fromBelow = { eye: [0, 0, 0], target: [0, -1, 1], up: [0, 0, 1], fovYRadians: 0.5, near: 0.1 } as const;
    expectNear((await page.picture(fromBelow, shown)).at(0, 0), [encoded(0.5), encoded(0.25)]);
  });

  it('is the studio where no picture was given, and the dome light of a stage that lights itself', async () => {
    const worldFromLocal = new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    open(firstChanges({ lights: [{ kind: 'dome', id: 0 as never, label: 'dome', color: [0, 0.5, 0], worldFromLocal }] }));
    const camera = toward(-0.7, 0.75, 0.75, 0.3);
    const studio = await page.picture(camera, { ...shown, lighting: 'studio' });
    // The key light is brighter than white.
    expect(studio.at(0, 0)).toEqual([255, 255, 255, 255]);
    expect((await page.picture(camera, { ...shown, lighting: 'stage' })).at(0, 0)).toEqual([0, 188, 0, 255]);
  });
});

describe('the ground’s shadow', () => {
  it('is as dark as it is set, and as soft', async () => {
    // A cube of side 1 whose lower side is 0.3 above the ground.
    open(
      firstChanges({
        materials: [white],
        meshes: [cube(0)],
        instances: rows([{ mesh: 0, material: 0, at: [0, 0.8, 0], scale: 0.5 }]),
        bounds: [-1, 0, -1, 1, 2, 1],
      }),
    );
    const fromAbove: CameraPose = { eye: [0, 10, 10], target: [0, 0, 0], up: [0, 1, 0], orthographicHeight: 2, near: 0.1 };
    const look = async (shadowIntensity: number, shadowSoftness = 0.5): Promise<[under: number, beside: number]> => {
      const seen = await page.picture(fromAbove, { lighting: 'camera', background: [1, 1, 1, 1], shadowIntensity, shadowSoftness });
      // Seen under 45 degrees: z = 0.3 below the cube, and z = 0.56 before it.
      return [seen.at(0, -0.3 * Math.SQRT1_2)[0], seen.at(0, -0.56 * Math.SQRT1_2)[0]];
    };
    expect(await look(0)).toEqual([255, 255]);
    const [half] = await look(0.5);
    const [full] = await look(1);
    // The intensity is a factor on the coverage.
    const coverage = 1 - linear(full);
    expect(coverage).toBeGreaterThan(0.4);
    expect(Math.abs(half - encoded(1 - 0.5 * coverage))).toBeLessThanOrEqual(2);
    expect((await look(1, 0))[1]).toBe(255);
    expect((await look(1, 1))[1]).toBeLessThan(240);
  });
});
