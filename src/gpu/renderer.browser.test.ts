import { afterEach, describe, expect, it } from 'vitest';
import { FLAT_CAMERA, RendererPage } from '../../tests/support/renderer-page.ts';
import {
  cube,
  firstChanges,
  material,
  mesh,
  meshId,
  quad,
  rows,
  sphere,
  STAGE,
  texture,
  textureId,
  textureInput,
} from '../../tests/support/synthetic-scenes.ts';
import type { MaterialSnapshot, SceneChanges, WrapMode } from '../share/protocol/scene.ts';
import { InstanceFlag } from '../share/protocol/scene.ts';
import { GraphicsHost } from './graphics-host.ts';

const host = new GraphicsHost();
let page: RendererPage;

function open(changes: SceneChanges): RendererPage {
  page = new RendererPage(host);
  page.send(changes);
  return page;
}

afterEach(() => {
  expect(page.problems()).toEqual([]);
  page.dispose();
});

const plain = (id: number, r: number, g: number, b: number, fields: Partial<MaterialSnapshot> = {}): MaterialSnapshot =>
  material(id, { diffuseColor: { value: [r, g, b] }, ...fields });
const red = plain(0, 1, 0, 0);
const green = plain(1, 0, 1, 0);
const blue = plain(2, 0, 0, 1);
const RED = [255, 0, 0, 255];
const GREEN = [0, 255, 0, 255];
const BLACK = [0, 0, 0, 255];

describe('faces', () => {
  it('of single-sided meshes are seen from the front only, of double-sided ones from both sides', async () => {
    const turned = { turn: Math.PI, scale: 0.9 };
    open(
      firstChanges({
        materials: [red],
        meshes: [quad(0, 1, 1), { ...quad(1, 1, 1), isDoubleSided: true }],
        instances: rows([
          { mesh: 0, material: 0, at: [-0.5, 0.5, 0], scale: 0.9 },
          { mesh: 0, material: 0, at: [0.5, 0.5, 0], ...turned },
          { mesh: 1, material: 0, at: [-0.5, -0.5, 0], scale: 0.9 },
          { mesh: 1, material: 0, at: [0.5, -0.5, 0], ...turned },
        ]),
      }),
    );
    const picture = await page.picture();
    expect([picture.at(-0.5, 0.5), picture.at(0.5, 0.5), picture.at(-0.5, -0.5), picture.at(0.5, -0.5)]).toEqual([RED, BLACK, RED, RED]);
  });

  it('of mirrored instances keep their front', async () => {
    open(firstChanges({ materials: [red], meshes: [quad(0, 1, 1)], instances: rows([{ mesh: 0, material: 0, scale: [-1, 1, 1] }]) }));
    expect((await page.picture()).at(0, 0)).toEqual(RED);
  });

  it('that lie exactly on sample points or between them leave no holes', async () => {
    // A grid of triangles smaller than a pixel covers the square without gaps.
    const n = 200;
    const positions = new Float32Array((n + 1) * (n + 1) * 3);
    for (let j = 0; j <= n; j++) for (let i = 0; i <= n; i++) positions.set([(2 * i) / n - 1, (2 * j) / n - 1, 0], (j * (n + 1) + i) * 3);
    const indices = new Uint32Array(n * n * 6);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) {
        const a = j * (n + 1) + i;
        indices.set([a, a + 1, a + n + 2, a, a + n + 2, a + n + 1], (j * n + i) * 6);
      }
    }
    open(firstChanges({ materials: [red], meshes: [mesh(0, { positions, indices })], instances: rows([{ mesh: 0, material: 0 }]) }));
    const picture = await page.picture();
    for (let i = 0; i < picture.data.length; i += 4) if (picture.data[i] !== 255) expect.fail(`pixel ${i / 4} is ${picture.data[i]}`);
  });
});

describe('textures', () => {
  // Quarters: red, green on top; blue, white below. Inside a quarter the filter meets one colour alone.
  const corners = texture(0, 8, 8, (x, y) =>
    y < 4 ? (x < 4 ? [255, 0, 0, 255] : [0, 255, 0, 255]) : x < 4 ? [0, 0, 255, 255] : [255, 255, 255, 64],
  );
  const read = (fields = {}): MaterialSnapshot =>
    material(0, { diffuseColor: { value: [0, 0, 0], texture: textureInput(0, 'rgb', fields) } });

  it('have their first row at t = 1', async () => {
    open(firstChanges({ textures: [corners], materials: [read()], meshes: [quad(0, 2, 2)], instances: rows([{ mesh: 0, material: 0 }]) }));
    const picture = await page.picture();
    expect([picture.at(-0.5, 0.5), picture.at(0.5, 0.5), picture.at(-0.5, -0.5)]).toEqual([RED, GREEN, [0, 0, 255, 255]]);
  });

  it('are scaled and biased after decoding, channel by channel', async () => {
    const input = { scale: [0.5, 1, 1, 1], bias: [0, 0, 0.2158605, 0] } as const;
    open(
      firstChanges({ textures: [corners], materials: [read(input)], meshes: [quad(0, 2, 2)], instances: rows([{ mesh: 0, material: 0 }]) }),
    );
    // 0.5 linear is 188, 0.2158605 linear is 128.
    expect((await page.picture()).at(-0.5, 0.5)).toEqual([188, 0, 128, 255]);
  });

  it('never decode alpha as a colour', async () => {
    const alpha = material(0, { diffuseColor: { value: [0, 0, 0], texture: textureInput(0, 'a') } });
    open(firstChanges({ textures: [corners], materials: [alpha], meshes: [quad(0, 2, 2)], instances: rows([{ mesh: 0, material: 0 }]) }));
    // 64 / 255 linear is 137 encoded.
    expect((await page.picture()).at(0.5, -0.5)[0]).toBe(137);
  });

  it('follow UsdTransform2d', async () => {
    // Quarter turn: s' = -t + 1, t' = s.
    open(
      firstChanges({
        textures: [corners],
        materials: [read({ uvTransform: [0, 1, -1, 0, 1, 0] })],
        meshes: [quad(0, 2, 2)],
        instances: rows([{ mesh: 0, material: 0 }]),
      }),
    );
    // Upper left (s, t) = (0.25, 0.75) reads (0.25, 0.25): blue.
    expect((await page.picture()).at(-0.5, 0.5)).toEqual([0, 0, 255, 255]);
  });

  for (const [mode, expected] of [
    ['repeat', [GREEN, RED]],
    ['mirror', [RED, GREEN]],
    ['clamp', [RED, GREEN]],
    ['black', [BLACK, BLACK]],
  ] as const satisfies readonly (readonly [WrapMode, unknown])[]) {
    it(`outside 0..1: ${mode}`, async () => {
      // Coordinates -1..2 over the picture; the row t = 0.75.
      open(
        firstChanges({
          textures: [corners],
          materials: [read({ wrapS: mode })],
          meshes: [quad(0, 2, 2, 3, -1)],
          instances: rows([{ mesh: 0, material: 0 }]),
        }),
      );
      const picture = await page.picture();
      const s = (value: number): number => (value + 1) / 1.5 - 1;
      const t = s(0.75);
      expect([picture.at(s(-0.25), t), picture.at(s(1.25), t)]).toEqual(expected);
    });
  }

  it('of more sizes than there are arrays are all shown', async () => {
    const count = 14;
    const paint = (i: number): [number, number, number, number] => [i * 15, 255 - i * 15, i % 2 === 0 ? 255 : 0, 255];
    open(
      firstChanges({
        textures: Array.from({ length: count }, (_, i) => texture(i, 8 + i, 5 + 2 * i, () => paint(i))),
        materials: Array.from({ length: count }, (_, i) =>
          material(i, { diffuseColor: { value: [0, 0, 0], texture: textureInput(i, 'rgb') } }),
        ),
        meshes: [quad(0, 0.1, 1)],
        instances: rows(Array.from({ length: count }, (_, i) => ({ mesh: 0, material: i, at: [-0.95 + i * 0.12, 0, 0] as const }))),
      }),
    );
    const picture = await page.picture();
    for (let i = 0; i < count; i++) expect(picture.at(-0.95 + i * 0.12, 0), `texture ${i}`).toEqual(paint(i));
  });

  it('that arrive late replace the fallback', async () => {
    const waiting = material(0, { diffuseColor: { value: [0, 0, 0], texture: textureInput(0, 'rgb', { fallback: [0, 1, 0, 1] }) } });
    open(firstChanges({ materials: [waiting], meshes: [quad(0, 2, 2)], instances: rows([{ mesh: 0, material: 0 }]) }));
    expect((await page.picture()).at(-0.5, 0.5)).toEqual(GREEN);
    page.send({ kind: 'sceneChanges', stage: STAGE, sequence: 1, textures: [corners] });
    expect((await page.picture()).at(-0.5, 0.5)).toEqual(RED);
    page.send({ kind: 'sceneChanges', stage: STAGE, sequence: 2, removedTextures: [textureId(0)] });
    expect((await page.picture()).at(-0.5, 0.5)).toEqual(GREEN);
  });

  it('read the second coordinate set', async () => {
    const square = quad(0, 2, 2);
    const second = new Float32Array([0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75]);
    open(
      firstChanges({
        textures: [corners],
        materials: [read({ uvSet: 1 })],
        meshes: [{ ...square, uvs: [square.uvs[0]!, second] }],
        instances: rows([{ mesh: 0, material: 0 }]),
      }),
    );
    expect((await page.picture()).at(-0.5, -0.5)).toEqual(GREEN);
  });
});

describe('opacity', () => {
  const half = (id: number, r: number, g: number, b: number): MaterialSnapshot => plain(id, r, g, b, { opacity: { value: [0.5] } });

  it('blends back to front whatever the order of instances and triangles', async () => {
    const panes = [
      { mesh: 0, material: 0, at: [0, 0, 1] as const },
      { mesh: 0, material: 1, at: [0, 0, 3] as const },
      { mesh: 0, material: 2, at: [0, 0, 2] as const },
    ];
    const results: unknown[] = [];
    for (const order of [panes, [...panes].reverse()]) {
      open(
        firstChanges({
          materials: [half(0, 1, 0, 0), half(1, 0, 1, 0), half(2, 0, 0, 1)],
          meshes: [quad(0, 2, 2)],
          instances: rows(order),
          bounds: [-1, -1, 0, 1, 1, 4],
        }),
      );
      results.push((await page.picture()).at(0.3, 0.2));
      page.dispose();
    }
    // Green over blue over red: linear 1/8 red, 1/2 green, 1/4 blue.
    expect(results).toEqual([
      [99, 188, 137, 255],
      [99, 188, 137, 255],
    ]);
  });

  it('sorts the triangles inside one mesh', async () => {
    // Two parallel squares in one mesh, the farther one last or first.
    const at = (z: number): number[] => [-1, -1, z, 1, -1, z, 1, 1, z, -1, 1, z];
    const results: unknown[] = [];
    for (const [first, second] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const colors = new Float32Array(32);
      for (let i = 0; i < 4; i++) {
        colors.set(first === 1 ? [0, 1, 0, 0.5] : [1, 0, 0, 0.5], 4 * i);
        colors.set(second === 1 ? [0, 1, 0, 0.5] : [1, 0, 0, 0.5], 16 + 4 * i);
      }
      const pair = mesh(0, {
        positions: new Float32Array([...at(first), ...at(second)]),
        indices: new Uint32Array([0, 1, 2, 0, 2, 3, 4, 5, 6, 4, 6, 7]),
        colors,
      });
      open(firstChanges({ meshes: [pair], instances: rows([{ mesh: 0 }]), bounds: [-1, -1, 0, 1, 1, 1] }));
      results.push((await page.picture()).at(0.3, 0.2));
      page.dispose();
    }
    // Green in front: 1/2 green, 1/4 red.
    expect(results).toEqual([
      [137, 188, 0, 255],
      [137, 188, 0, 255],
    ]);
  });

  it('keeps thousands of blended triangles in order', async () => {
    // Layers of a coarse grid: enough for many blocks of the sort. The nearest is green and opaque but for a percent.
    const layers = 24;
    const meshes = [sphere(0, 64, 32, 0.9)];
    const materials = [half(0, 1, 0, 0), plain(1, 0, 1, 0, { opacity: { value: [0.99] } })];
    const placements = Array.from({ length: layers }, (_, i) => ({ mesh: 0, material: 0, at: [0, 0, -i * 2] as const }));
    open(
      firstChanges({
        meshes: [...meshes, quad(1, 2, 2)],
        materials,
        instances: rows([{ mesh: 1, material: 1, at: [0, 0, 2] }, ...placements]),
        bounds: [-1, -1, -50, 1, 1, 2],
      }),
    );
    const [r, g] = (await page.picture()).at(0.1, 0.1);
    expect(g).toBeGreaterThan(250);
    expect(r).toBeLessThan(30);
  });

  it('lets the solid parts of blended surfaces cross each other', async () => {
    // Solid but for a corner, so both are blended; they cross at x = 0, which no order of triangles gets right.
    const paint = (r: number, g: number): [number, number, number, number] => [r, g, 0, 255];
    const picture = (id: number, r: number, g: number): ReturnType<typeof texture> =>
      texture(id, 16, 16, (x, y) => (x + y === 0 ? [0, 0, 0, 0] : paint(r, g)));
    const surface = (id: number): MaterialSnapshot =>
      material(id, {
        diffuseColor: { value: [0, 0, 0], texture: textureInput(id, 'rgb') },
        opacity: { value: [1], texture: textureInput(id, 'a') },
      });
    open(
      firstChanges({
        textures: [picture(0, 255, 0), picture(1, 0, 255)],
        materials: [surface(0), surface(1)],
        meshes: [quad(0, 2, 2)],
        instances: rows([
          { mesh: 0, material: 0 },
          { mesh: 0, material: 1, turn: 0.5 },
        ]),
        bounds: [-1, -1, -1, 1, 1, 1],
      }),
    );
    const seen = await page.picture();
    // The second comes forward on the left and goes back on the right. Below the diagonal lies its farther triangle.
    expect([seen.at(-0.5, -0.7), seen.at(0.5, 0.7)]).toEqual([GREEN, RED]);
  });

  it('connected to the alpha of an opaque picture is no blending', async () => {
    const whole = texture(0, 4, 4, () => [255, 0, 0, 255]);
    const surface = material(0, {
      diffuseColor: { value: [0, 0, 0], texture: textureInput(0, 'rgb') },
      opacity: { value: [1], texture: textureInput(0, 'a', { wrapS: 'black', wrapT: 'black' }) },
    });
    open(
      firstChanges({
        textures: [whole],
        materials: [surface],
        meshes: [quad(0, 2, 2, 2, -0.5)],
        instances: rows([{ mesh: 0, material: 0 }]),
      }),
    );
    const picture = await page.picture();
    // Coordinates -0.5..1.5: outside 0..1 is a hole.
    expect([picture.at(0, 0), picture.at(-0.8, 0), picture.at(0, 0.8)]).toEqual([RED, BLACK, BLACK]);
  });

  it('cuts out below the threshold and is solid above', async () => {
    const hole = texture(0, 8, 1, (x) => [255, 0, 0, x < 4 ? 100 : 200]);
    const cut = material(0, {
      diffuseColor: { value: [0, 0, 0], texture: textureInput(0, 'rgb', { wrapS: 'clamp' }) },
      opacity: { value: [1], texture: textureInput(0, 'a', { wrapS: 'clamp' }) },
      opacityThreshold: 0.5,
    });
    open(firstChanges({ textures: [hole], materials: [cut], meshes: [quad(0, 2, 2)], instances: rows([{ mesh: 0, material: 0 }]) }));
    const picture = await page.picture();
    expect([picture.at(-0.6, 0), picture.at(0.6, 0)]).toEqual([BLACK, RED]);
  });

  it('leaves straight alpha in captures without background', async () => {
    open(firstChanges({ materials: [half(0, 1, 0.5, 0)], meshes: [quad(0, 1, 1)], instances: rows([{ mesh: 0, material: 0 }]) }));
    const picture = await page.picture(FLAT_CAMERA, { background: [0, 0, 0, 0] });
    expect(picture.at(0.9, 0.9)).toEqual([0, 0, 0, 0]);
    // Bytes hold the pre-multiplied colour: one step there is two here.
    for (const [i, expected] of [255, 188, 0, 128].entries()) expect(Math.abs(picture.at(0, 0)[i]! - expected)).toBeLessThanOrEqual(2);
  });
});

describe('colours of vertices', () => {
  it('show on meshes without a material', async () => {
    const colors = new Float32Array([1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1]);
    open(firstChanges({ meshes: [{ ...quad(0, 2, 2), colors }], instances: rows([{ mesh: 0 }]) }));
    expect((await page.picture()).at(0, 0)).toEqual(RED);
  });
});

describe('changes', () => {
  const one = (fields: Partial<SceneChanges>, sequence: number): SceneChanges => ({
    kind: 'sceneChanges',
    stage: STAGE,
    sequence,
    ...fields,
  });

  it('of transforms, flags, materials and rows show in the next picture', async () => {
    open(
      firstChanges({
        materials: [red, green],
        meshes: [quad(0, 1, 1)],
        instances: rows([
          { mesh: 0, material: 0, at: [-0.5, 0, 0] },
          { mesh: 0, material: 1, at: [0.5, 0, 0] },
        ]),
      }),
    );
    const look = async (): Promise<unknown> => {
      const picture = await page.picture();
      return [picture.at(-0.5, 0), picture.at(0.5, 0)];
    };
    expect(await look()).toEqual([RED, GREEN]);
    const { ids, worldFromLocal } = rows([{ mesh: 0, at: [0.5, 0, 1] }]);
    page.send(one({ transforms: { ids, worldFromLocal } }, 1));
    expect(await look()).toEqual([BLACK, RED]);
    page.send(one({ flags: { ids: new Uint32Array([0]), flags: new Uint32Array([InstanceFlag.purposeDefault]) } }, 2));
    expect(await look()).toEqual([BLACK, GREEN]);
    page.send(one({ materials: [plain(1, 0, 0, 1)] }, 3));
    expect(await look()).toEqual([BLACK, [0, 0, 255, 255]]);
    page.send(one({ removedInstances: new Uint32Array([1]) }, 4));
    expect(await look()).toEqual([BLACK, BLACK]);
    page.send(one({ instances: rows([{ mesh: 0, material: 1, at: [-0.5, 0, 0] }], 5) }, 5));
    expect(await look()).toEqual([[0, 0, 255, 255], BLACK]);
    page.send(one({ removedMeshes: [meshId(0)] }, 6));
    expect(await look()).toEqual([BLACK, BLACK]);
  });

  it('of another stage replace everything', async () => {
    open(firstChanges({ materials: [red], meshes: [quad(0, 2, 2)], instances: rows([{ mesh: 0, material: 0 }]) }));
    await page.picture();
    page.send({
      ...firstChanges({ materials: [green], meshes: [quad(0, 1, 1)], instances: rows([{ mesh: 0, material: 1 }]) }),
      stage: 2 as typeof STAGE,
    });
    const picture = await page.picture();
    expect([picture.at(0, 0), picture.at(0.9, 0.9)]).toEqual([GREEN, BLACK]);
    expect(page.acks.map((ack) => [ack.stage, ack.sequence])).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it('are drawn by purpose', async () => {
    const flags = InstanceFlag.visible | InstanceFlag.purposeProxy;
    open(firstChanges({ materials: [red], meshes: [quad(0, 2, 2)], instances: rows([{ mesh: 0, material: 0, flags }]) }));
    expect((await page.picture()).at(0, 0)).toEqual(BLACK);
    expect((await page.picture(FLAT_CAMERA, { purposes: ['default', 'proxy'] })).at(0, 0)).toEqual(RED);
  });
});

describe('picking', () => {
  it('gives the prim of the nearest surface under the pixel', async () => {
    open(
      firstChanges({
        materials: [red, blue],
        meshes: [quad(0, 1, 1), cube(1)],
        instances: rows([
          { mesh: 0, material: 0, at: [0, 0, 5], prim: 41 },
          { mesh: 1, material: 0, at: [0, 0, 0], prim: 42, scale: 0.9 },
        ]),
      }),
    );
    await page.attach();
    page.renderer.setCamera(FLAT_CAMERA);
    await page.renderer.settle();
    const at = async (x: number, y: number): Promise<number | undefined> => (await page.renderer.pick(x, y)).prim;
    // The square covers pixels 16..47, the cube 3..60.
    expect([await at(32, 32), await at(17, 40), await at(14, 32), await at(5, 58), await at(1, 1)]).toEqual([41, 41, 42, 42, undefined]);
  });

  it.each([
    ['orthographic', FLAT_CAMERA],
    ['perspective', { eye: [0, 0, 10], target: [0, 0, 0], up: [0, 1, 0], fovYRadians: 0.6, near: 0.1 }],
  ] as const)('gives its distance along the view axis, %s', async (_, camera) => {
    open(
      firstChanges({
        materials: [red],
        meshes: [quad(0, 1, 1)],
        instances: rows([{ mesh: 0, material: 0, at: [0, 0, 5], prim: 41 }]),
        bounds: [-1, -1, 5, 1, 1, 5],
      }),
    );
    await page.attach();
    page.renderer.setCamera(camera);
    await page.renderer.settle();
    expect((await page.renderer.pick(36, 28)).depth).toBeCloseTo(5, 3);
    expect(await page.renderer.pick(1, 1)).toEqual({});
  });
});

describe('the frame loop', () => {
  it('draws nothing while nothing changes, and a constant number of draws', async () => {
    open(
      firstChanges({
        materials: [red],
        meshes: [cube(0)],
        instances: rows(
          Array.from({ length: 2000 }, (_, i) => ({
            mesh: 0,
            material: 0,
            at: [(i % 50) / 25 - 1, Math.floor(i / 50) / 20 - 1, 0] as const,
            scale: 0.01,
          })),
        ),
      }),
    );
    await page.attach();
    const settled = await page.renderer.settle();
    expect(settled.instances).toBe(2000);
    expect(settled.draws).toBeLessThanOrEqual(4);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(page.renderer.stats.frames).toBe(settled.frames);
    page.renderer.setCamera({ ...FLAT_CAMERA, eye: [1, 0, 10] });
    expect((await page.renderer.settle()).frames).toBeGreaterThan(settled.frames);
  });

  it('tells of the first and the complete picture once', async () => {
    open(firstChanges({ materials: [red], meshes: [quad(0, 1, 1)], instances: rows([{ mesh: 0, material: 0 }]) }));
    await page.attach();
    await page.renderer.settle();
    page.renderer.setCamera({ ...FLAT_CAMERA, eye: [1, 0, 10] });
    await page.renderer.settle();
    expect(page.events.flatMap((event) => (event.kind === 'pictured' ? [event.what] : []))).toEqual(['first', 'complete']);
  });

  it('survives the loss of its device: the same picture on a new canvas', async () => {
    const painted = texture(0, 16, 16, (x, y) => [x * 16, y * 16, 128, 255]);
    const materials = [
      material(0, { diffuseColor: { value: [0, 0, 0], texture: textureInput(0, 'rgb') } }),
      plain(1, 0, 1, 0, { opacity: { value: [0.5] } }),
    ];
    open(
      firstChanges({
        textures: [painted],
        materials,
        meshes: [quad(0, 1, 2), sphere(1, 64, 32, 0.5)],
        instances: rows([
          { mesh: 0, material: 0, at: [-0.5, 0, 0] },
          { mesh: 1, material: 1, at: [0.5, 0, 0] },
        ]),
      }),
    );
    await page.attach();
    await page.renderer.settle();
    const before = await page.picture();
    await page.loseDevice();
    await page.attach();
    await page.renderer.settle();
    const after = await page.picture();
    expect(after.data).toEqual(before.data);
  });

  it('takes any size, also none', async () => {
    open(firstChanges({ materials: [red], meshes: [quad(0, 1, 1)], instances: rows([{ mesh: 0, material: 0 }]) }));
    await page.attach(0, 0);
    await page.renderer.settle();
    expect(page.renderer.stats.frames).toBe(0);
    page.renderer.resize({ width: 7, height: 1 });
    await page.renderer.settle();
    expect(page.renderer.stats.frames).toBeGreaterThan(0);
  });
});

describe('light', () => {
  it('of the studio keeps a white furnace white', async () => {
    // With all of the environment one colour, a white surface of any roughness or metalness neither loses nor gains.
    const materials = [0, 0.5, 1].flatMap((roughness, i) =>
      [0, 1].map((metallic, j) => plain(2 * i + j, 1, 1, 1, { roughness: { value: [roughness] }, metallic: { value: [metallic] } })),
    );
    open(
      firstChanges({
        materials,
        meshes: [sphere(0, 64, 32, 0.28)],
        instances: rows(
          materials.map((_, i) => ({ mesh: 0, material: i, at: [-0.66 + 0.66 * Math.floor(i / 2), i % 2 === 0 ? 0.4 : -0.4, 0] as const })),
        ),
        lights: [
          {
            kind: 'dome',
            id: 0 as never,
            label: 'dome',
            color: [0.5, 0.5, 0.5],
            worldFromLocal: new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
          },
        ],
      }),
    );
    const picture = await page.picture(FLAT_CAMERA, { lighting: 'stage' }, 128, 128);
    // 0.5 linear is 188.
    for (let i = 0; i < materials.length; i++) {
      for (const [dx, dy] of [
        [0, 0],
        [0.2, 0.05],
      ] as const) {
        const [r] = picture.at(-0.66 + 0.66 * Math.floor(i / 2) + dx, (i % 2 === 0 ? 0.4 : -0.4) + dy);
        expect(Math.abs(r - 188), `material ${i}: ${r}`).toBeLessThanOrEqual(5);
      }
    }
  });

  it('of the camera shows a white matte surface that faces it as it is', async () => {
    open(
      firstChanges({
        materials: [plain(0, 0.5, 0.5, 0.5, { roughness: { value: [1] }, ior: 1 })],
        meshes: [quad(0, 2, 2)],
        instances: rows([{ mesh: 0, material: 0 }]),
      }),
    );
    const [r] = (await page.picture(FLAT_CAMERA, { lighting: 'camera' })).at(0, 0);
    expect(Math.abs(r - 188)).toBeLessThanOrEqual(1);
  });
});
