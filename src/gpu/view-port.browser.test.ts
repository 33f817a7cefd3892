/** Views behind their ports, as pages talk to them. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { FLAT_CAMERA, FLAT_SETTINGS } from '../../tests/support/renderer-page.ts';
import { firstChanges, material, quad, rows, texture, textureId, textureInput } from '../../tests/support/synthetic-scenes.ts';
import { transferablesOf, type TextureHandle } from '../share/frames/texture-handle.ts';
import { TextureShareManager } from '../share/frames/texture-share-manager.ts';
import { CallClient } from '../share/protocol/channel.ts';
import type { RendererCalls, RendererCommand, RendererEvent, RendererMessage } from '../share/protocol/renderer.ts';
import type { SceneAck } from '../share/protocol/scene.ts';
import { PROTOCOL_VERSION } from '../share/protocol/version.ts';
import { GraphicsHost } from './graphics-host.ts';
import { serveView } from './view-port.ts';

const SIZE = { width: 32, height: 32 };
const host = new GraphicsHost();
const views: PortView[] = [];

class PortView {
  readonly events: RendererEvent[] = [];
  readonly calls: CallClient<RendererCalls>;
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    this.#port = port;
    this.calls = new CallClient(port);
    port.onmessage = ({ data }: MessageEvent<RendererMessage>) => {
      if (!this.calls.settle(data)) this.events.push(data as RendererEvent);
    };
    views.push(this);
  }

  send(command: RendererCommand | { readonly kind: 'dispose' }, transfer: Transferable[] = []): void {
    this.#port.postMessage(command, transfer);
  }

  openCamera(): PortView {
    const { port1, port2 } = new MessageChannel();
    this.send({ kind: 'openCamera', id: 'camera', port: port2 }, [port2]);
    return new PortView(port1);
  }

  async attach(scene?: MessagePort): Promise<void> {
    const canvas = new OffscreenCanvas(SIZE.width, SIZE.height);
    const request = { protocol: PROTOCOL_VERSION, canvas, size: SIZE, ...(scene === undefined ? {} : { scene }) };
    await this.calls.call('attach', request, { transfer: scene === undefined ? [canvas] : [canvas, scene] });
    this.send({ kind: 'setCamera', camera: FLAT_CAMERA });
    this.send({ kind: 'setSettings', settings: FLAT_SETTINGS });
    await this.calls.call('settle', {});
  }

  /** Colour of the middle of a picture. */
  async middle(): Promise<number[]> {
    const { blob } = await this.calls.call('capture', { size: SIZE });
    const context = new OffscreenCanvas(SIZE.width, SIZE.height).getContext('2d')!;
    context.drawImage(await createImageBitmap(blob, { colorSpaceConversion: 'none' }), 0, 0);
    return [...context.getImageData(16, 16, 1, 1).data];
  }
}

/** A view with a red image over the whole of its picture. */
async function open(): Promise<{ readonly view: PortView; readonly acks: SceneAck[] }> {
  const { port1, port2 } = new MessageChannel();
  serveView(host, port2);
  const view = new PortView(port1);
  const scene = new MessageChannel();
  const acks: SceneAck[] = [];
  scene.port1.onmessage = ({ data }: MessageEvent<SceneAck>) => acks.push(data);
  scene.port1.postMessage(
    firstChanges({
      textures: [texture(0, 8, 8, () => [255, 0, 0, 255])],
      materials: [material(0, { diffuseColor: { value: [0, 0, 0], texture: textureInput(0, 'rgb') } })],
      meshes: [quad(0, 2, 2)],
      instances: rows([{ mesh: 0, material: 0 }]),
      milestone: 'complete',
    }),
  );
  await view.attach(scene.port2);
  await expect.poll(() => acks.length).toBe(1);
  await view.calls.call('settle', {});
  return { view, acks };
}

afterEach(() => {
  for (const view of views.splice(0).reverse()) {
    expect(view.events.filter(({ kind }) => kind === 'problem')).toEqual([]);
    view.send({ kind: 'dispose' });
  }
});

afterAll(() => host.dispose());

describe('ports', () => {
  it('open cameras, and cameras of cameras, which end with the view they were opened from first', async () => {
    const { view } = await open();
    const camera = view.openCamera();
    const another = camera.openCamera();
    await Promise.all([camera.attach(), another.attach()]);
    another.send({ kind: 'setSettings', settings: { ...FLAT_SETTINGS, purposes: [] } });
    expect(await Promise.all([view.middle(), camera.middle(), another.middle()])).toEqual([
      [255, 0, 0, 255],
      [255, 0, 0, 255],
      [0, 0, 0, 255],
    ]);
    const before = await camera.calls.call('settle', {});
    camera.send({ kind: 'setCamera', camera: { ...FLAT_CAMERA, eye: [9, 0, 10] } });
    camera.send({ kind: 'animationFrame' });
    expect((await camera.calls.call('settle', {})).frames).toBeGreaterThan(before.frames);
    camera.send({ kind: 'dispose' });
    expect(await another.middle()).toEqual([0, 0, 0, 255]);
    view.send({ kind: 'dispose' });
    await expect.poll(() => another.events.at(-1)).toMatchObject({ kind: 'unavailable', error: { code: 'view-closed' } });
    await expect(another.middle()).rejects.toMatchObject({ info: { code: 'view-closed' } });
  });

  it('end a camera by its name, wherever its port is', async () => {
    const { view } = await open();
    const camera = view.openCamera();
    await camera.attach();
    view.send({ kind: 'closeCamera', id: 'camera' });
    view.send({ kind: 'closeCamera', id: 'camera' });
    view.send({ kind: 'closeCamera', id: 'nobody' });
    const again = view.openCamera();
    await again.attach();
    const late = camera.calls.call('settle', {}).then(() => 'answered');
    expect(await again.middle()).toEqual([255, 0, 0, 255]);
    expect(await Promise.race([late, new Promise((resolve) => setTimeout(() => resolve('nobody there'), 300))])).toBe('nobody there');
  });

  it('carry handles of shared textures in and out', async () => {
    const { view } = await open();
    const theirs = new TextureShareManager();
    const shared = theirs.createShareableTexture({ width: 8, height: 8, alphaMode: 'opaque' });
    const handle = (): TextureHandle => theirs.exportTexture(shared);
    shared.beginPixels().fill(255);
    await shared.publish();
    const live = handle();
    view.send({ kind: 'setLiveTexture', texture: textureId(0), handle: live }, transferablesOf(live));
    await expect.poll(() => view.middle(), { timeout: 10_000 }).toEqual([255, 255, 255, 255]);
    view.send({ kind: 'setLiveTexture', texture: textureId(0) });
    await expect.poll(() => view.middle()).toEqual([255, 0, 0, 255]);
    const over = handle();
    const place = { x: 0, y: 0, width: 1, height: 1, opacity: 0.25 };
    view.send({ kind: 'setOverlay', id: 'a', handle: over, place }, transferablesOf(over));
    await expect.poll(() => view.middle(), { timeout: 10_000 }).toEqual([255, 64, 64, 255]);

    const imported = theirs.importTexture((await view.calls.call('shareFrames', {})).handle);
    const frame = await imported.acquire(0, 10_000);
    expect([frame.descriptor.width, frame.descriptor.height]).toEqual([32, 32]);
    expect([...(await frame.pixels()).subarray(0, 4)]).toEqual([255, 64, 64, 255]);
    frame.release();
    await expect(view.calls.call('shareFrames', { transport: 'pigeon' as never })).rejects.toMatchObject({
      info: { code: 'share-unsupported-transport', severity: 'error' },
    });
    theirs.close();
  });
});
